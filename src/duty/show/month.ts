/** A month as a page: a band for each week, a row for each layer, and the final one. It needs nothing else, and prints. */
import { shiftsOf, stretches } from '../on-duty.js';
import { DAY, dateOf, dayOf, weekdayOf, type Layer, type Override, type Schedule, type Turn } from '../schedule.js';
import { toInstant, toLocal } from '../zone.js';
import { escapedHtml, page } from '../../words/page.js';
import { language, words } from '../../words/words.js';
import { type Names, reasonInWords, spanInWords, turnAndReason, turnInWords } from './describe-turn.js';

const WEEK = 7 * DAY;
const COLOURS = 10;

interface Bar {
  readonly people: Turn;
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * @param month `2026-12`. In the zone of the schedule.
 * @param names By handle; one that is not there is shown as it is.
 */
export function monthPage(schedule: Schedule, overrides: readonly Override[], month: string, names: Names): string {
  const { name, timeZone } = schedule;
  const first = dayOf(`${month}-01`);
  const last = dayOf(dateOf(first + 32).slice(0, 8) + '01') - 1;
  const monday = first - ((weekdayOf(first) + 6) % 7);
  const weeks = Array.from({ length: Math.ceil((last - monday + 1) / 7) }, (_, index) => monday + 7 * index);
  const colours = coloursOf(schedule, overrides);
  const title = `${name}, ${month}`;
  const legend = [...colours].map(
    ([person, colour]) => `<span class="p${colour}">${escapedHtml(names.get(person) ?? person)}</span>`,
  );
  const body = [
    `<h1>${escapedHtml(title)} <small>${escapedHtml(timeZone)}</small></h1>`,
    `<p class="row legend">${legend.join(' ')}</p>`,
    ...weeks.map((week) => weekOf(schedule, overrides, week, month, { colours, names })),
  ];
  return page({ language: language(), title, style: STYLE, body: body.join('\n') });
}

function weekOf(
  schedule: Schedule,
  overrides: readonly Override[],
  monday: number,
  month: string,
  { colours, names }: { readonly colours: ReadonlyMap<string, number>; readonly names: Names },
): string {
  const { timeZone, layers, holidays } = schedule;
  const [from, to] = [toInstant(monday * DAY, timeZone), toInstant(monday * DAY + WEEK, timeZone)];
  const days = Array.from({ length: 7 }, (_, index) => dateOf(monday + index)).map((date, index) => {
    const holiday = holidays.get(date);
    const kinds = [
      ...(date.startsWith(month) ? [] : ['other']),
      ...(holiday !== undefined || index === 6 ? ['red'] : []),
    ];
    const weekday = words().schedule.weekday((index + 1) % 7);
    return `<div class="${kinds.join(' ')}"><span>${weekday}</span> ${Number(date.slice(8))}${holiday === undefined ? '' : `<br><i title="${escapedHtml(holiday)}">${escapedHtml(holiday)}</i>`}</div>`;
  });
  const rows = layers.map((layer) => rowOf(layer.name, barsOf(schedule, layer, overrides, from, to), false));
  const final = [...stretches(schedule, overrides, from, to)].map((stretch) => ({
    ...stretch,
    by: reasonInWords(stretch),
  }));
  return `<section>
<div class="row days"><b></b><div class="line">${days.join('')}</div></div>
${[...rows, rowOf(words().schedule.finalRow, final, true)].join('\n')}
</section>`;

  function rowOf(label: string, bars: readonly Bar[], isFinal: boolean): string {
    const shown = bars.filter(({ people }) => isFinal || people.length > 0).map((bar) => barOf(bar));
    return `<div class="row${isFinal ? ' final' : ''}"><b>${escapedHtml(label)}</b><div class="line">${shown.join('')}</div></div>`;
  }

  function barOf({ people, from, to, by }: Bar): string {
    const at = (instant: number): number => ((toLocal(instant, timeZone) - monday * DAY) / WEEK) * 100;
    const [left, width] = [at(from), at(to) - at(from)];
    const who = turnInWords(people, names);
    const colour = people.length === 0 ? 'gap' : `p${colours.get(people[0] ?? '') ?? 0}`;
    const title = words().schedule.line(turnAndReason(who, by), spanInWords(from, to, timeZone));
    return `<div class="bar ${colour}" style="left:${left.toFixed(2)}%;width:${width.toFixed(2)}%" title="${escapedHtml(title)}">${escapedHtml(who)}</div>`;
  }
}

const barsOf = (
  schedule: Schedule,
  layer: Layer,
  overrides: readonly Override[],
  from: number,
  to: number,
): readonly Bar[] => [...shiftsOf(schedule, layer, overrides, from, to)].map((shift) => ({ ...shift, by: layer.name }));

/** Each person has one, whatever month it is. */
function coloursOf(
  { layers, overrides: planned }: Schedule,
  overrides: readonly Override[],
): ReadonlyMap<string, number> {
  const people = [
    ...layers.flatMap(({ turns, changes }) => [...turns, ...changes.flatMap((change) => change.turns)]),
    ...[...planned, ...overrides].map((override) => override.people),
  ].flat();
  return new Map([...new Set(people)].map((person, index) => [person, index % COLOURS]));
}

const HUES = [212, 28, 140, 280, 190, 340, 60, 250, 100, 310];
const STYLE = `
:root { color-scheme: light dark; --text: #212529; --soft: #5c636a; --line: #ced4da; --page: #fff; --red: #c92a2a; --fill: 84%; --ink: 22%; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e9ecef; --soft: #a6adb4; --line: #495057; --page: #16191c; --red: #ff8787; --fill: 28%; --ink: 90%; }
}
body { font: 14px/1.4 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 1100px; margin: 1.5em auto; padding: 0 12px; }
h1 { font-size: 1.3em; overflow-wrap: anywhere; }
h1 small { font-weight: normal; color: var(--soft); font-size: 0.7em; }
.legend { flex-wrap: wrap; gap: 4px; }
.legend span { border-radius: 4px; padding: 0 6px; font-size: 12px; }
section { margin-bottom: 1.2em; break-inside: avoid; }
.row { display: flex; align-items: stretch; }
.row > b { flex: 0 0 92px; font-weight: normal; font-size: 12px; color: var(--soft); padding: 4px 8px 0 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; box-sizing: border-box; }
.line { position: relative; flex: 1; height: 26px; min-width: 0; background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(100% / 7)); border-right: 1px solid var(--line); }
.days .line { display: grid; grid-template-columns: repeat(7, 1fr); height: auto; background: none; border: 0; }
.days .line div { font-size: 13px; padding: 2px 4px; min-width: 0; overflow: hidden; }
.days span, .days .other { color: var(--soft); }
.days i { font-style: normal; font-size: 11px; white-space: nowrap; }
.days .red, .days .red span { color: var(--red); }
.bar { position: absolute; top: 2px; height: 22px; box-sizing: border-box; border: 1px solid var(--page); border-radius: 4px; padding: 1px 5px; font-size: 12px; line-height: 19px; overflow: hidden; white-space: nowrap; }
.final .line { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.final > b, .final .bar { font-weight: 600; color: var(--text); }
.row .bar.gap { background: #e03131; color: #fff; }
${HUES.map((hue, index) => `.row .p${index} { background: hsl(${hue} 70% var(--fill)); color: hsl(${hue} 60% var(--ink)); }`).join('\n')}
@media (max-width: 560px) {
  section .row { display: block; }
  .row > b { display: block; padding: 2px 0 0; font-size: 11px; }
  .row.days > b { display: none; }
  .bar { padding: 1px 2px; font-size: 11px; }
  .days .line div { font-size: 12px; padding: 2px; }
}
@media print {
  :root { --text: #000; --soft: #444; --line: #aaa; --page: #fff; --red: #c92a2a; --fill: 84%; --ink: 22%; }
  body { margin: 0; max-width: none; }
  .bar, .legend span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
