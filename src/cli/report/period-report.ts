import { type IncidentReport, placedCalls } from './incident-report.js';
import { type Duty, type Load, loadOf } from './load.js';
import { markdownTable } from '../../incident/markdown.js';
import { minute, zoneName } from '../../words/clock.js';
import { nameIn, words } from '../../words/words.js';

export interface Period {
  /** RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** IANA name: of the hours below. */
  readonly timeZone: string;
  /** For how long Temporal keeps what is closed; null: not known. */
  readonly retentionSeconds: number | null;
}

/** What a team was called for over a period. */
export interface PeriodReport extends Period {
  readonly incidents: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly bySeverity: Readonly<Record<string, number>>;
  /** Of the incidents that somebody owned. Seconds; null where there is none. */
  readonly secondsToAcknowledge: {
    readonly incidents: number;
    readonly median: number | null;
    readonly ninetyPercent: number | null;
    readonly longest: number | null;
  };
  readonly calls: {
    readonly all: number;
    readonly perIncident: number | null;
    readonly mostOfOneIncident: number;
    /** Calls by the hour of the day in which their run was placed, from 0 to 23. */
    readonly byHour: readonly number[];
    /** From 22 to 7 o'clock. */
    readonly atNight: number;
  };
  readonly load: Load;
  /** Incidents of which only that they exist is known: they run and no worker answered, or they ended without a result. */
  readonly unread: readonly string[];
}

/** Of epoch milliseconds. */
export function nightIn(timeZone: string): (at: number) => boolean {
  const hourOf = hourIn(timeZone);
  return (at) => NIGHT(hourOf(at));
}

const NIGHT = (hour: number): boolean => hour >= 22 || hour < 7;

export function periodReport(
  period: Period,
  reports: readonly IncidentReport[],
  unread: readonly string[],
  duty: Duty | null = null,
): PeriodReport {
  const times = reports
    .flatMap(({ secondsToAcknowledge: seconds }) => (seconds === null ? [] : [seconds]))
    .toSorted((a, b) => a - b);
  const byHour = Array.from({ length: 24 }, () => 0);
  const hourOf = hourIn(period.timeZone);
  for (const { timeline } of reports) {
    for (const { from, calls } of placedCalls(timeline)) {
      const hour = hourOf(from);
      byHour[hour] = (byHour[hour] ?? 0) + (calls ?? 0);
    }
  }
  const all = sum(reports.map((report) => report.placedCalls));
  return {
    ...period,
    incidents: reports.length + unread.length,
    byState: countsOf(reports.map(({ state }) => state)),
    bySeverity: countsOf(reports.map(({ severity }) => severity)),
    secondsToAcknowledge: {
      incidents: times.length,
      median: quantile(times, 0.5),
      ninetyPercent: quantile(times, 0.9),
      longest: times.at(-1) ?? null,
    },
    calls: {
      all,
      perIncident: reports.length === 0 ? null : all / reports.length,
      mostOfOneIncident: Math.max(0, ...reports.map((report) => report.placedCalls)),
      byHour,
      atNight: sum(byHour.filter((_, hour) => NIGHT(hour))),
    },
    load: loadOf(reports, (at) => NIGHT(hourOf(at)), duty),
    unread,
  };
}

export function periodMarkdown(report: PeriodReport): string {
  const { timeZone, unread } = report;
  const { report: said } = words();
  const [heads, ...people] = peopleOf(report);
  return [
    `# ${titleOf(report)}`,
    '',
    retentionOf(report),
    '',
    ...markdownTable(['', ''], factsOf(report)),
    '',
    ...markdownTable([said.hour(timeZone), said.callsOfHour], hoursOf(report)),
    ...(people.length === 0 ? [] : ['', `## ${said.load}`, '', ...markdownTable(heads ?? [], people)]),
    ...(unread.length === 0 ? [] : ['', said.unread(unread.join(', '))]),
  ].join('\n');
}

export const titleOf = ({ since, until }: Period): string =>
  words().report.period(minute(since), minute(until), zoneName(until));

/** What it says in every form: a name and its value. */
export function factsOf(report: PeriodReport): readonly (readonly [string, string])[] {
  const { timeZone, incidents, byState, bySeverity, calls } = report;
  const { median, ninetyPercent, longest, incidents: owned } = report.secondsToAcknowledge;
  const { report: said, general } = words();
  const seconds = (value: number | null): string => (value === null ? said.none : general.duration(value * 1000));
  const counted = (counts: Readonly<Record<string, number>>, names: Readonly<Record<string, string>>): string =>
    Object.entries(counts)
      .map(([name, count]) => said.counted(count, nameIn(names, name)))
      .join(', ') || said.none;
  return [
    [said.incidents, String(incidents)],
    [said.byState, counted(byState, general.states)],
    [said.bySeverity, counted(bySeverity, general.severities)],
    [said.timeToAcknowledgeOf(owned), said.times(seconds(median), seconds(ninetyPercent), seconds(longest))],
    [said.telephoneCalls, said.calls(calls.all, calls.perIncident?.toFixed(1) ?? said.none, calls.mostOfOneIncident)],
    [said.atNight, said.callsAtNight(calls.atNight, timeZone)],
  ];
}

/** The hours in which somebody was called, with the number of calls. */
export const hoursOf = ({ calls }: PeriodReport): readonly (readonly [string, string])[] =>
  calls.byHour.flatMap((count, hour) =>
    count === 0 ? [] : [[`${String(hour).padStart(2, '0')}:00`, String(count)] as const],
  );

/** The heads, and a row for each person. */
export function peopleOf({ load: { people, unknown } }: PeriodReport): readonly (readonly string[])[] {
  const { report: said } = words();
  const hasHours = people.some(({ hoursOnDuty }) => hoursOnDuty !== null);
  const row = (name: string, counts: readonly number[], hours: number | null): readonly string[] => [
    name,
    ...counts.map(String),
    ...(hasHours ? [hours?.toFixed(1) ?? ''] : []),
  ];
  const heads = [said.person, said.callsOfHour, said.callsOfNight, said.incidentsOwned];
  return [
    hasHours ? [...heads, said.hoursOnDuty] : heads,
    ...people.map(({ name, calls, callsAtNight, incidentsOwned, hoursOnDuty }) =>
      row(name, [calls, callsAtNight, incidentsOwned], hoursOnDuty),
    ),
    ...(unknown.calls === 0 ? [] : [row(said.personUnknown, [unknown.calls, unknown.callsAtNight, 0], null)]),
  ];
}

/** For how long Temporal keeps what this is about. */
export function retentionOf({ since, until, retentionSeconds: seconds }: Period): string {
  const { report: said } = words();
  if (seconds === null) return said.retentionUnknown;
  const isTooShort = Date.parse(until) - Date.parse(since) > seconds * 1000;
  return (isTooShort ? said.keptTooShort : said.kept)(seconds * 1000);
}

const hourIn = (timeZone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' });
  return (at) => Number(format.format(at));
};

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The smallest that so many are not above; `sorted` from small to large. */
const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.ceil(sorted.length * part) - 1] ?? null;
