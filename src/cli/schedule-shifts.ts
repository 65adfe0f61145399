import type { PigeonflowClient } from '../client.js';
import { asTheyCounted } from '../duty/overrides.js';
import { type PersonShift, personShifts } from '../duty/person-shifts.js';
import { DAY } from '../duty/schedule.js';
import type { Names } from '../duty/show/describe-turn.js';
import { words } from '../words/words.js';
import { durationMs } from '../contract/duration.js';
import { ExitCode } from './exit-code.js';
import { ANSWER_WITHIN, readReports } from './incident-report.js';
import { printJson } from './incident-print.js';
import { nightIn } from './report/period-report.js';
import { eventInWords, type ShiftEvent, shiftEnded, shiftStarts } from './report/shift-events.js';
import { isName, usableSchedule } from './schedule-files.js';
import { withPigeonflow } from './temporal.js';

export interface ShiftsFlags {
  readonly person?: string;
  readonly within: string;
  readonly since: string;
  readonly at?: number;
  readonly query?: string;
  readonly json?: true;
}

/** Shifts that start soon, and those that have just ended, with what they asked of their people. */
export async function shifts(named: string, flags: ShiftsFlags, names: Names): Promise<ExitCode> {
  const { person, at = Date.now(), json } = flags;
  const schedule = usableSchedule(named, at);
  const [since, within] = [at - durationMs(flags.since), at + durationMs(flags.within)];
  return await withPigeonflow(async (pigeonflow) => {
    // A file that is given by its path may be a draft.
    const live = isName(named) ? (await pigeonflow.schedule(named).overrides(ANSWER_WITHIN)).overrides : [];
    const all = personShifts(schedule, asTheyCounted(live), since, within).filter(
      (one) => person === undefined || one.person === person,
    );
    const starting = all.filter(({ from }) => from !== null && at <= from && from < within);
    // Asked again right after `since` none comes twice, and none is left out.
    const ended = all.filter(({ to }) => to !== null && since < to && to <= at);
    const { reports, unread } = await incidentsOf(pigeonflow, ended, at, flags.query);
    const found = { reports, unread: unread.length };
    const of = { schedule: schedule.name, names };
    const isNight = nightIn(schedule.timeZone);
    const events: readonly ShiftEvent[] = [
      ...ended.map((shift) => shiftEnded(shift, of, found, isNight, at)),
      ...starting.map((shift) => shiftStarts(shift, of)),
    ];
    if (json) printJson(events);
    else if (events.length === 0) console.log(words().schedule.noShifts);
    else for (const event of events) console.log(eventInWords(event, names, schedule.timeZone));
    return ExitCode.done;
  });
}

/** All that were open while one of these shifts lasted. */
async function incidentsOf(
  pigeonflow: PigeonflowClient,
  ended: readonly PersonShift[],
  at: number,
  query: string | undefined,
) {
  if (ended.length === 0) return { reports: [], unread: [] };
  const begin = Math.min(...ended.map(({ from, to }) => from ?? (to ?? at) - 100 * DAY));
  const [from, to] = [new Date(begin).toISOString(), new Date(at).toISOString()];
  const open = `StartTime < "${to}" AND (CloseTime > "${from}" OR ExecutionStatus = "Running")`;
  return await readReports(pigeonflow, query === undefined ? open : `${open} AND (${query})`);
}
