import type { IncidentStateName } from '../../contract/incident-states.js';
import { clockWithoutZone, zoneName } from '../../words/clock.js';
import { escapedHtml } from '../../words/page.js';
import { nameIn, words } from '../../words/words.js';
import { displayWidth } from '../../yaml-file/display-width.js';
import { placedCalls, type IncidentReport, type PlacedCall } from './incident-report.js';

const WIDTH = 1000;
const LEFT = 170;
/** Half a time of the axis. */
const RIGHT = 45;
const ROW = 26;
const BAR = 16;
const TOP = 34;
/** A call of three seconds is still to be seen in a night of eight hours. */
const THINNEST = 4;
const MOST_ROWS = 40;

const OTHER = '#5f3dc4';
const STATE_COLOURS: Readonly<Record<IncidentStateName, string>> = {
  triggered: '#d9480f',
  blocked: '#5f3dc4',
  snoozed: '#868e96',
  acknowledged: '#2b8a3e',
  resolved: OTHER,
  exhausted: OTHER,
  cancelled: OTHER,
};
const COLOURS: Readonly<Record<string, string>> = {
  ...STATE_COLOURS,
  answered: '#2b8a3e',
  unanswered: '#e8590c',
  hungUp: '#495057',
  open: '#1971c2',
};

/** The time line of an incident: its state above, below one row for each step that was called. An SVG of its own. */
export function pictureOf(report: IncidentReport, now: number): string {
  const from = Date.parse(report.openedAt);
  const to = Math.max(from + 1_000, report.closedAt === null ? now : Date.parse(report.closedAt));
  const x = (at: number): number =>
    LEFT + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const rows = rowsOf(placedCalls(report.timeline), to);
  const shown = rows.slice(0, MOST_ROWS);
  const height = TOP + ROW * (shown.length + 1) + 34;

  const { report: said, general } = words();
  const named = (outcome: string): string => nameIn(said.outcomes, outcome);

  const bar = (row: number, begin: number, end: number, colour: string, title: string, text = ''): string => {
    const [left, right] = [x(begin), x(end)];
    const width = Math.max(right - left, THINNEST);
    const at = TOP + row * ROW;
    const label = text !== '' && width > displayWidth(text) * 8 + 8;
    return (
      `<g><title>${escapedHtml(title)}</title><rect x="${left.toFixed(1)}" y="${at}" width="${width.toFixed(1)}" height="${BAR}" rx="3" fill="${colour}"/>` +
      (label ? `<text x="${(left + 5).toFixed(1)}" y="${at + 12}" fill="#fff">${escapedHtml(text)}</text>` : '') +
      '</g>'
    );
  };
  const name = (row: number, text: string): string =>
    `<text x="${LEFT - 8}" y="${TOP + row * ROW + 12}" text-anchor="end">${escapedHtml(clipped(text))}</text>`;

  const spans = statesOf(report, to);
  const states = spans.map(({ state, begin, end }) =>
    bar(
      0,
      begin,
      end,
      COLOURS[state] ?? OTHER,
      said.pictureSpan(general.states[state], clock(begin), clock(end)),
      general.states[state],
    ),
  );
  const calls = shown.flatMap(({ calls: ofRow }, index) =>
    ofRow.map((call) => {
      const outcome = call.outcome ?? 'open';
      const [begin, end] = [clock(call.from), call.to === null ? said.pictureNow : clock(call.to)];
      const title =
        call.contact === null
          ? said.pictureCall(call.step, named(outcome), begin, end)
          : said.pictureCallOf(call.step, named(outcome), call.contact, begin, end);
      const label = call.contact ?? named(outcome);
      return bar(index + 1, call.from, call.to ?? to, COLOURS[outcome] ?? OTHER, title, label);
    }),
  );
  const ticks = ticksOf(from, to).map(
    (at) =>
      `<line x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${TOP - 8}" y2="${height - 30}" stroke="#ced4da"/>` +
      `<text x="${x(at).toFixed(1)}" y="${height - 14}" text-anchor="middle">${clock(at, to - from)}</text>`,
  );
  const outcomes = shown.flatMap(({ calls: ofRow }) => ofRow.map(({ outcome }) => outcome ?? 'open'));
  let place = LEFT + 100;
  const legend = [...new Set([...spans.map(({ state }) => state), ...outcomes])].map((word) => {
    const left = place;
    const text = nameIn({ ...said.outcomes, ...general.states }, word);
    place += Math.max(105, Math.ceil(displayWidth(text) * 6.2) + 24);
    return (
      `<rect x="${left}" y="7" width="10" height="10" rx="2" fill="${COLOURS[word] ?? OTHER}"/>` +
      `<text x="${left + 14}" y="16">${escapedHtml(text)}</text>`
    );
  });
  const left = rows.length - shown.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapedHtml(said.pictureTitle(zoneName(from)))}" font-family="sans-serif" font-size="12" fill="#212529">`,
    `<text x="${LEFT}" y="16">${escapedHtml(date(from))} ${escapedHtml(zoneName(from))}</text>`,
    ...legend,
    ...ticks,
    name(0, said.pictureStates),
    ...states,
    ...shown.map(({ step }, index) => name(index + 1, step)),
    ...calls,
    ...(left > 0 ? [`<text x="8" y="${height - 14}">${said.pictureMoreRows(left)}</text>`] : []),
    '</svg>',
  ].join('\n');
}

interface Row {
  readonly step: string;
  readonly calls: PlacedCall[];
}

/** Calls that were placed together stand below one another, those that followed one another in one row. */
function rowsOf(calls: readonly PlacedCall[], now: number): readonly Row[] {
  const rows: Row[] = [];
  for (const call of calls) {
    const free = rows.find(
      (row) => row.step === call.step && row.calls.every((other) => (other.to ?? now) <= call.from),
    );
    if (free === undefined) rows.push({ step: call.step, calls: [call] });
    else free.calls.push(call);
  }
  return rows;
}

interface Span {
  readonly state: IncidentStateName;
  readonly begin: number;
  readonly end: number;
}

const STATE_AFTER: Readonly<Record<string, IncidentStateName>> = {
  opened: 'triggered',
  callBlocked: 'blocked',
  callUnblocked: 'triggered',
  snoozed: 'snoozed',
  snoozeEnded: 'triggered',
  held: 'snoozed',
  holdEnded: 'triggered',
  acknowledged: 'acknowledged',
  takenOver: 'acknowledged',
  runStarted: 'acknowledged',
  notResolvedInTime: 'triggered',
  released: 'triggered',
  escalated: 'triggered',
};

function statesOf({ openedAt, timeline }: IncidentReport, to: number): readonly Span[] {
  const spans: Span[] = [];
  let state: IncidentStateName = 'triggered';
  let begin = Date.parse(openedAt);
  for (const { kind, at } of timeline) {
    const next: IncidentStateName = STATE_AFTER[kind] ?? state;
    if (next === state) continue;
    const now = Date.parse(at);
    spans.push({ state, begin, end: now });
    [state, begin] = [next, now];
  }
  return [...spans, { state, begin, end: to }].filter(({ begin: from, end }) => end > from);
}

const STEPS_S = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800];

/** At most nine round times. */
function ticksOf(from: number, to: number): readonly number[] {
  const step = 1000 * (STEPS_S.find((seconds) => (to - from) / 1000 / seconds <= 8) ?? (to - from) / 8000);
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

const date = (at: number): string => clockWithoutZone(at).slice(0, 10);
const clock = (at: number, within = 0): string => {
  const time = clockWithoutZone(at);
  return within > 2 * 86_400_000 ? time.slice(5, 16) : time.slice(11);
};
const clipped = (text: string): string => (text.length <= 22 ? text : `${text.slice(0, 21)}…`);
