import { stretches } from '../../duty/on-duty.js';
import type { Override, Schedule } from '../../duty/schedule.js';
import { type IncidentReport, placedCalls, type PlacedCall } from './incident-report.js';

/** What a period asked of one person. */
export interface PersonLoad {
  /** The name by which Pigeon and the incidents know them. */
  readonly name: string;
  /** Telephone calls. */
  readonly calls: number;
  readonly callsAtNight: number;
  readonly incidentsOwned: number;
  /** By the files of the schedules as they are now, and by who took over; null: none were given. */
  readonly hoursOnDuty: number | null;
}

export interface Load {
  /** Those with most calls first. */
  readonly people: readonly PersonLoad[];
  /** Calls of which it is not recorded whose telephone they rang. */
  readonly unknown: { readonly calls: number; readonly callsAtNight: number };
}

export interface Duty {
  /** Milliseconds by handle. */
  readonly onDuty: ReadonlyMap<string, number>;
  /** Names by handle, of the file of people. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * @param isNight of epoch milliseconds.
 * @param isWithin the same: only what began then counts.
 */
export function loadOf(
  reports: readonly IncidentReport[],
  isNight: (at: number) => boolean,
  duty: Duty | null,
  isWithin: (at: number) => boolean = ALWAYS,
): Load {
  const names = new Map(duty?.names);
  const loads = new Map<string, { calls: number; callsAtNight: number; incidentsOwned: number; onDutyMs: number }>();
  const of = (name: string) => {
    let load = loads.get(name);
    if (load === undefined) loads.set(name, (load = { calls: 0, callsAtNight: 0, incidentsOwned: 0, onDutyMs: 0 }));
    return load;
  };
  const unknown = { calls: 0, callsAtNight: 0 };
  for (const report of reports) {
    for (const call of placedCalls(report.timeline)) {
      for (const { handle, name } of call.people) names.set(handle, name);
      if (!isWithin(call.from)) continue;
      for (const name of whoseTelephones(call)) {
        const load = name === null ? unknown : of(name);
        load.calls += 1;
        if (isNight(call.from)) load.callsAtNight += 1;
      }
    }
    for (const owner of ownersOf(report, isWithin)) of(owner).incidentsOwned += 1;
  }
  for (const [handle, ms] of duty?.onDuty ?? []) of(names.get(handle) ?? handle).onDutyMs += ms;
  const people = [...loads].map(([name, { onDutyMs, ...load }]) => ({
    name,
    ...load,
    hoursOnDuty: duty === null ? null : Math.round(onDutyMs / 360_000) / 10,
  }));
  return {
    people: people.toSorted(
      (one, other) =>
        other.calls - one.calls || other.incidentsOwned - one.incidentsOwned || one.name.localeCompare(other.name),
    ),
    unknown,
  };
}

const ALWAYS = () => true;

/** A run calls its people one after the other, again and again, until somebody answers, who is recorded. Null: not known. */
function whoseTelephones({ people, contact, calls }: PlacedCall): readonly (string | null)[] {
  const count = calls ?? 0;
  return Array.from({ length: count }, (_, index) => {
    if (index === count - 1 && contact !== null) return contact;
    return people[index % people.length]?.name ?? null;
  });
}

/** Each person who owned it for a while, once. */
function ownersOf({ timeline, owner }: IncidentReport, isWithin: (at: number) => boolean): ReadonlySet<string> {
  const owners = timeline.flatMap((item) => {
    if (!isWithin(Date.parse(item.at))) return [];
    if (item.kind !== 'acknowledged' && item.kind !== 'takenOver' && item.kind !== 'runStarted') return [];
    const { owner } = item as { readonly owner?: { readonly by: string } };
    return owner === undefined ? [] : [owner.by];
  });
  // When that was may be cut from the timeline.
  return new Set(owner === null || isWithin !== ALWAYS ? owners : [...owners, owner]);
}

/** Milliseconds that each handle is on duty; two schedules at once count once. */
export function timeOnDuty(
  schedules: readonly { readonly schedule: Schedule; readonly overrides: readonly Override[] }[],
  from: number,
  to: number,
): ReadonlyMap<string, number> {
  const spans = schedules
    .flatMap(({ schedule, overrides }) => [...stretches(schedule, overrides, from, to)])
    .toSorted((one, other) => one.from - other.from);
  const times = new Map<string, { ms: number; until: number }>();
  for (const { people, from, to } of spans) {
    for (const handle of people) {
      const { ms, until } = times.get(handle) ?? { ms: 0, until: -Infinity };
      times.set(handle, { ms: ms + Math.max(0, to - Math.max(from, until)), until: Math.max(until, to) });
    }
  }
  return new Map([...times].map(([handle, { ms }]) => [handle, ms]));
}
