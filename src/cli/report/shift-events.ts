/** A reminder before a shift and a summary after it, as events that a notice carries. Pure. */
import type { PersonShift } from '../../duty/person-shifts.js';
import { momentInWords, type Names, turnInWords } from '../../duty/show/describe-turn.js';
import { words } from '../../words/words.js';
import { type IncidentReport, placedCalls } from './incident-report.js';
import { loadOf } from './load.js';

interface OfShift {
  /** The same each time it is asked for. */
  readonly id: string;
  readonly schedule: string;
  /** Handle, and name. */
  readonly person: string;
  readonly name: string;
  /** RFC 3339; null: more than 100 days ago or ahead. */
  readonly from: string | null;
  readonly until: string | null;
  /** Handles. */
  readonly followedBy: readonly string[];
}

export interface ShiftStarts extends OfShift {
  readonly kind: 'shift.starts';
  /** Handles. */
  readonly takesOverFrom: readonly string[];
}

export interface ShiftEnded extends OfShift {
  readonly kind: 'shift.ended';
  /** Telephone calls to this person during the shift. */
  readonly calls: number;
  /** From 22 to 7 o'clock, in the zone of the schedule. */
  readonly callsAtNight: number;
  readonly incidentsOwned: number;
  /** Of the incidents for which this person was called: from the opening until somebody owned it, or until now. Null: there is none. */
  readonly longestSecondsToAcknowledge: number | null;
  /** Incidents that could not be read, and are not counted. */
  readonly unread: number;
}

export type ShiftEvent = ShiftStarts | ShiftEnded;

export interface Named {
  readonly schedule: string;
  readonly names: Names;
}

export function shiftStarts(shift: PersonShift, named: Named): ShiftStarts {
  return { kind: 'shift.starts', ...ofShift('shift.starts', shift, shift.from, named), takesOverFrom: shift.before };
}

/** @param now Until when an incident that nobody owns has waited. Epoch milliseconds. */
export function shiftEnded(
  shift: PersonShift,
  named: Named,
  { reports, unread }: { readonly reports: readonly IncidentReport[]; readonly unread: number },
  isNight: (at: number) => boolean,
  now: number,
): ShiftEnded {
  const { person, from, to } = shift;
  const isWithin = (at: number): boolean => (from ?? -Infinity) <= at && at < (to ?? Infinity);
  const all = reports.flatMap(({ timeline }) => placedCalls(timeline));
  const known = all.flatMap(({ people }) => people).find(({ handle }) => handle === person);
  const name = named.names.get(person) ?? known?.name ?? person;
  const { people } = loadOf(reports, isNight, null, isWithin);
  const load = people.find((one) => one.name === name);
  const seconds = reports.flatMap(({ timeline, secondsToAcknowledge, openedAt, closedAt }) => {
    const wasCalled = placedCalls(timeline).some(
      ({ from, people, contact }) =>
        isWithin(from) && (contact === name || people.some(({ handle }) => handle === person)),
    );
    if (!wasCalled) return [];
    const until = closedAt === null ? now : Date.parse(closedAt);
    return [secondsToAcknowledge ?? Math.max(0, (until - Date.parse(openedAt)) / 1000)];
  });
  return {
    kind: 'shift.ended',
    ...ofShift('shift.ended', shift, to, { ...named, names: new Map([...named.names, [person, name]]) }),
    calls: load?.calls ?? 0,
    callsAtNight: load?.callsAtNight ?? 0,
    incidentsOwned: load?.incidentsOwned ?? 0,
    longestSecondsToAcknowledge: seconds.length === 0 ? null : Math.round(Math.max(...seconds)),
    unread,
  };
}

function ofShift(
  kind: ShiftEvent['kind'],
  { person, from, to, after }: PersonShift,
  at: number | null,
  { schedule, names }: Named,
): OfShift {
  return {
    id: [schedule, person, kind, timeOf(at)].join('/'),
    schedule,
    person,
    name: names.get(person) ?? person,
    from: timeOf(from),
    until: timeOf(to),
    followedBy: after,
  };
}

const timeOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** @param timeZone of the schedule. */
export function eventInWords(event: ShiftEvent, names: Names, timeZone: string): string {
  const { schedule: said, general } = words();
  const at = (written: string | null, unknown: number): string =>
    momentInWords(written === null ? unknown : Date.parse(written), timeZone);
  const [from, until] = [at(event.from, -Infinity), at(event.until, Infinity)];
  const followed = event.followedBy.length === 0 ? [] : [said.shiftFollowedBy(turnInWords(event.followedBy, names))];
  if (event.kind === 'shift.starts') {
    const taken =
      event.takesOverFrom.length === 0 ? [] : [said.shiftTakesOver(turnInWords(event.takesOverFrom, names))];
    return [said.shiftStarts(event.schedule, event.name, from, until), ...taken, ...followed].join(' ');
  }
  const { calls, callsAtNight, incidentsOwned, longestSecondsToAcknowledge: longest, unread } = event;
  return [
    said.shiftEnded(event.schedule, event.name, from, until),
    ...followed,
    said.shiftLoad(calls, callsAtNight, incidentsOwned),
    ...(longest === null ? [] : [said.shiftLongest(general.duration(longest * 1000))]),
    ...(unread === 0 ? [] : [said.shiftUnread(unread)]),
  ].join(' ');
}
