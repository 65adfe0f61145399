import { durationMs } from '../contract/duration.js';
import type { ListedIncident, PigeonflowClient } from '../client.js';
import { asTheyCounted } from '../duty/overrides.js';
import { timeZone as zoneOfPeople } from '../words/clock.js';
import { incidentHtml, incidentMarkdown } from './report/incident-forms.js';
import { type IncidentReport, reportOf } from './report/incident-report.js';
import { type Duty, timeOnDuty } from './report/load.js';
import { periodHtml } from './report/period-page.js';
import { periodMarkdown, periodReport } from './report/period-report.js';
import { ExitCode, UsageError } from './exit-code.js';
import { peopleOf } from './file-problems.js';
import { printJson } from './incident-print.js';
import { type NamedSchedule, usableSchedulesIn } from './schedule-files.js';
import { withPigeonflow } from './temporal.js';

export interface ReportFlags {
  readonly format: 'markdown' | 'json' | 'html';
  readonly since?: string;
  readonly query?: string;
  readonly timeZone?: string;
  readonly schedules?: string;
  readonly people?: string;
}

export const ANSWER_WITHIN = { timeLimitMs: 5_000 };
/** Temporal answers as many at a time without being felt. */
const AT_ONCE = 8;
const MOST = 10_000;

export async function reportIncident(id: string | undefined, flags: ReportFlags): Promise<ExitCode> {
  if ((id === undefined) === (flags.since === undefined)) {
    throw new UsageError(['Give one of <id> and --since <duration>.']);
  }
  if (id === undefined) return await reportPeriod(flags, flags.since ?? '');
  return await withPigeonflow(async (pigeonflow) => {
    const report = await reportFor(pigeonflow, await pigeonflow.incident(id).listed());
    if (flags.format === 'json') printJson(report);
    else console.log(flags.format === 'html' ? incidentHtml(report, Date.now()) : incidentMarkdown(report));
    return ExitCode.done;
  });
}

async function reportPeriod(flags: ReportFlags, since: string): Promise<ExitCode> {
  const { format, query, timeZone } = flags;
  const until = Date.now();
  const from = new Date(until - durationMs(since)).toISOString();
  const planned = await plannedBy(flags);
  return await withPigeonflow(async (pigeonflow) => {
    const duty = planned === null ? null : await dutyOf(pigeonflow, planned, Date.parse(from), until);
    const started = `StartTime >= "${from}"`;
    const { reports, unread } = await readReports(
      pigeonflow,
      query === undefined ? started : `${started} AND (${query})`,
    );
    const retentionSeconds = await pigeonflow.retentionSeconds();
    const period = {
      since: from,
      until: new Date(until).toISOString(),
      timeZone: timeZone ?? zoneOfHours(),
      retentionSeconds,
    };
    const report = periodReport(period, reports, unread, duty);
    if (format === 'json') printJson(report);
    else console.log(format === 'html' ? periodHtml(report) : periodMarkdown(report));
    return ExitCode.done;
  });
}

/** All incidents that match; `unread`: ids of those that run and no worker answered, or that ended without a result. */
export async function readReports(
  pigeonflow: PigeonflowClient,
  query: string,
): Promise<{ readonly reports: readonly IncidentReport[]; readonly unread: readonly string[] }> {
  const reports: IncidentReport[] = [];
  const unread: string[] = [];
  const waiting = [...(await pigeonflow.listIncidents({ query, limit: MOST }))];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        try {
          reports.push(await reportFor(pigeonflow, next));
        } catch {
          unread.push(next.incidentId);
        }
      }
    }),
  );
  return { reports, unread: unread.toSorted() };
}

interface Planned {
  readonly schedules: readonly NamedSchedule[];
  readonly names: Duty['names'];
}

/** Null without `--schedules`. */
async function plannedBy({ schedules, people }: ReportFlags): Promise<Planned | null> {
  if (schedules === undefined) return null;
  const names = new Map([...peopleOf(people)].map(([handle, { name }]) => [handle, name]));
  return { schedules: await usableSchedulesIn(schedules), names };
}

/** By the files, and by who took over. */
async function dutyOf(
  pigeonflow: PigeonflowClient,
  { schedules, names }: Planned,
  from: number,
  until: number,
): Promise<Duty> {
  const inUse = schedules.map(async ({ name, schedule }) => {
    const { overrides } = await pigeonflow.schedule(name).overrides(ANSWER_WITHIN);
    return { schedule, overrides: asTheyCounted(overrides) };
  });
  return { onDuty: timeOnDuty(await Promise.all(inUse), from, until), names };
}

/** UTC is what nobody has chosen: hours of a night are those of the people here. */
function zoneOfHours(): string {
  const zone = zoneOfPeople();
  return zone === 'UTC' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;
}

async function reportFor(
  pigeonflow: PigeonflowClient,
  { incidentId, startedAt, closedAt }: ListedIncident,
): Promise<IncidentReport> {
  const incident = pigeonflow.incident(incidentId);
  const [status, timeline] = await Promise.all([incident.status(ANSWER_WITHIN), incident.timeline(ANSWER_WITHIN)]);
  return reportOf({ incidentId, openedAt: startedAt, closedAt, status, timeline });
}
