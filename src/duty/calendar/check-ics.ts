import type { Problems } from '../../yaml-file/problem.js';
import type { ScheduleReading } from '../read-schedule.js';

const MOST_NAMED = 5;

/** What is wrong with the calendars of layers: they have no file of ours in which a place could be shown. */
export function checkIcs(
  { schedule, file, calendars }: ScheduleReading & { readonly ok: true },
  people: ReadonlySet<string> | undefined,
  problems: Problems,
): void {
  for (const { layer, why, problems: found, unknown } of calendars) {
    const index = schedule.layers.findIndex(({ name }) => name === layer);
    const place = file.at(['layers', index, 'calendar']);
    if (why !== null) {
      problems.error('calendar-unusable', place, `the calendar cannot be used, and nobody is on duty by it: ${why}`);
    }
    for (const { line, message } of found.slice(0, MOST_NAMED)) {
      problems.error('calendar-event', place, `line ${line} of the calendar: ${message}`);
    }
    if (found.length > MOST_NAMED) {
      problems.error('calendar-event', place, `${found.length - MOST_NAMED} more problems of its events`);
    }
    for (const { summary, line, meant } of unknown.slice(0, MOST_NAMED)) {
      const instead =
        meant !== null
          ? `; did you mean "${meant}"?`
          : people === undefined
            ? '; names are known with the file of people: --people'
            : '; write a handle or a name of the file of people';
      const named = summary === '' ? 'an event has no title' : `there is no person "${summary}"`;
      problems.error('calendar-unknown-person', place, `line ${line} of the calendar: ${named}${instead}`);
    }
    if (unknown.length > MOST_NAMED) {
      const more = unknown.slice(MOST_NAMED).length;
      problems.error('calendar-unknown-person', place, `${more} more titles of events name nobody`);
    }
  }
}
