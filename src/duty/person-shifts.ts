/** The shifts of each person: a pure function of the schedule, the overrides and the time. */
import { stretches } from './on-duty.js';
import { DAY, type Override, type Schedule, type Turn } from './schedule.js';

/** One person is on duty without a break, by whatever layers and overrides. */
export interface PersonShift {
  readonly person: string;
  /** Milliseconds since 1970; null: more than 100 days before or after the time that was asked for. */
  readonly from: number | null;
  readonly to: number | null;
  /** Who was on duty until it began. */
  readonly before: Turn;
  /** Who is on duty from its end on. */
  readonly after: Turn;
}

const LOOK_MS = 100 * DAY;

/** All shifts that begin or end from `from` until `to`, or last longer; in the order in which they end. */
export function personShifts(
  schedule: Schedule,
  overrides: readonly Override[],
  from: number,
  to: number,
): readonly PersonShift[] {
  const all = [...stretches(schedule, overrides, from - LOOK_MS, to + LOOK_MS)];
  const peopleAt = (index: number): Turn => all[index]?.people ?? [];
  /** Of those who are on duty, with which stretch they began. */
  const began = new Map<string, number>();
  const found: PersonShift[] = [];
  for (let index = 0; index <= all.length; index += 1) {
    for (const [person, first] of began) {
      if (peopleAt(index).includes(person)) continue;
      began.delete(person);
      found.push({
        person,
        from: first === 0 ? null : (all[first]?.from ?? null),
        to: all[index]?.from ?? null,
        before: without(peopleAt(first - 1), peopleAt(first)),
        after: without(peopleAt(index), peopleAt(index - 1)),
      });
    }
    for (const person of peopleAt(index)) if (!began.has(person)) began.set(person, index);
  }
  return found.filter((shift) => (shift.to ?? Infinity) > from && (shift.from ?? -Infinity) < to);
}

const without = (people: Turn, others: Turn): Turn => people.filter((person) => !others.includes(person));
