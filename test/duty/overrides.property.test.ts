import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DutyOverrides, WantedShifts } from '../../src/contract/duty-schema.js';
import { findShifts } from '../../src/duty/find-shifts.js';
import { stretchAt, stretches } from '../../src/duty/on-duty.js';
import * as live from '../../src/duty/overrides.js';
import type { Schedule } from '../../src/duty/schedule.js';
import { anyMoment, anySchedule } from './schedule.arbitrary.js';

const DAY = 86_400_000;
const person = fc.constantFrom('a', 'b', 'c', 'x', 'y');
const anyStep = fc.record({
  person,
  agrees: fc.boolean(),
  kind: fc.constantFrom('take', 'override', 'time'),
  after: fc.integer({ min: 0, max: 2 * DAY }),
  length: fc.integer({ min: 60_000, max: 5 * DAY }),
});
type Step = Readonly<typeof anyStep extends fc.Arbitrary<infer T> ? T : never>;

/** What the steps come to, one after the other. */
function played(schedule: Schedule, steps: readonly Step[], begin: number) {
  let state: DutyOverrides = live.noOverrides('any');
  let at = begin;
  for (const { person, agrees, kind, after, length } of steps) {
    at += after;
    const until = new Date(at + length).toISOString();
    const time = { people: [person], until: null, instead: null };
    const wanted: WantedShifts =
      kind === 'time'
        ? { kind: 'time', ...time, from: new Date(at).toISOString(), until }
        : { kind: 'now', ...time, upTo: kind === 'take' ? 'end' : 'any' };
    const found = findShifts(schedule, { schedule: 'any', overrides: state.overrides, wanted, at }, null);
    if (found.found !== 'parts') continue;
    const asked = { parts: found.parts, by: 'z', reason: null, agreeing: agrees ? [person] : [], countsAtOnce: true };
    state = live.make(state, { kind: 'override', ...asked }, at).state;
  }
  return { state, at };
}

const whoIsOnDuty = (schedule: Schedule, { overrides }: DutyOverrides, from: number, to: number) =>
  [...stretches(schedule, live.countingNow(overrides), from, to)].map(({ people, from, to }) => ({ people, from, to }));

/** Stretches of the same people by another layer or override are one. */
function asTimes(all: ReturnType<typeof whoIsOnDuty>): readonly string[] {
  const times: { people: string; from: number }[] = [];
  for (const { people, from } of all) {
    const named = people.join(',');
    if (times.at(-1)?.people !== named) times.push({ people: named, from });
  }
  return times.map(({ people, from }) => `${from} ${people}`);
}

test('there is one answer at each moment, whatever has been made', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, fc.array(anyStep, { maxLength: 4 }), (schedule, begin, steps) => {
      const { state } = played(schedule, steps, begin);
      const counting = live.countingNow(state.overrides);
      let end = begin;
      for (const { from, to, people } of whoIsOnDuty(schedule, state, begin, begin + 6 * DAY)) {
        expect(from).toBe(end);
        for (const moment of [from, to - 1]) expect(stretchAt(schedule, counting, moment).people).toEqual(people);
        end = to;
      }
      expect(end).toBe(begin + 6 * DAY);
    }),
    { numRuns: 30 },
  );
});

test('whoever takes over is on duty from then on, alone', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, fc.array(anyStep, { maxLength: 3 }), person, (schedule, begin, steps, who) => {
      const { state, at } = played(schedule, steps, begin);
      const wanted = { kind: 'now', people: [who], until: null, instead: null, upTo: 'end' } as const;
      const found = findShifts(schedule, { schedule: 'any', overrides: state.overrides, wanted, at }, null);
      if (found.found === 'nothing') return;
      const parts = found.found === 'parts' ? found.parts : null;
      const more = { by: 'z', reason: null, agreeing: [who], countsAtOnce: true };
      const taken = parts === null ? state : live.make(state, { kind: 'take', parts, ...more }, at).state;
      expect(stretchAt(schedule, live.countingNow(taken.overrides), at).people).toEqual([who]);
    }),
    { numRuns: 30 },
  );
});

test('what is removed is as if it had never been made', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, fc.array(anyStep, { minLength: 1, maxLength: 3 }), (schedule, begin, steps) => {
      const before = played(schedule, steps.slice(0, -1), begin);
      const { state, at } = played(schedule, steps, begin);
      const [made] = state.overrides.filter(
        ({ number }) => !before.state.overrides.some((one) => one.number === number),
      );
      if (made === undefined) return;
      const removed = live.remove(state, { number: made.number, by: 'z', reason: null }, at);
      const times = (of: DutyOverrides) => asTimes(whoIsOnDuty(schedule, of, begin, begin + 8 * DAY));
      expect(times(removed.state)).toEqual(times(before.state));
      expect(removed.state.overrides.map(({ number }) => number)).toContain(made.number);
    }),
    { numRuns: 25 },
  );
});

test('two shifts that are swapped twice are as they were', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, fc.nat(5), fc.nat(20), (schedule, at, one, other) => {
      const all = [...stretches(schedule, [], at, at + 20 * DAY)].filter(
        ({ people, layer }) => layer && people.length > 0,
      );
      const shiftOf = (index: number) => {
        const stretch = all[index % Math.max(1, all.length)];
        const zone = schedule.layers.find(({ name }) => name === stretch?.layer)?.timeZone;
        if (stretch?.layer == null || zone === undefined) return null;
        const begin = new Date(stretch.from).toLocaleString('sv', { timeZone: zone }).replace(' ', 'T').slice(0, 16);
        return `${stretch.layer}/${begin}`;
      };
      const [first, second] = [shiftOf(one), shiftOf(other)];
      if (first === null || second === null) return;
      const swapped = (state: DutyOverrides): DutyOverrides | null => {
        const wanted = { kind: 'swap', shift: first, with: second } as const;
        const found = findShifts(schedule, { schedule: 'any', overrides: state.overrides, wanted, at }, null);
        if (found.found !== 'parts') return null;
        const asked = { parts: found.parts, by: 'z', reason: null, agreeing: ['a', 'b', 'c', 'd', 'e', 'f'] };
        return live.make(state, { kind: 'swap', ...asked, countsAtOnce: true }, at).state;
      };
      const once = swapped(live.noOverrides('any'));
      const twice = once === null ? null : swapped(once);
      if (twice === null) return;
      const times = (of: DutyOverrides) => asTimes(whoIsOnDuty(schedule, of, at, at + 25 * DAY));
      expect(times(twice)).toEqual(times(live.noOverrides('any')));
    }),
    { numRuns: 30 },
  );
});
