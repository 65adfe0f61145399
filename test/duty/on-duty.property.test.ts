import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { onDuty, shiftsOf, stretches } from '../../src/duty/on-duty.js';
import { toInstant } from '../../src/duty/zone.js';
import { anyMoment, anyOverrides, anySchedule } from './schedule.arbitrary.js';

const DAY = 86_400_000;

test('stretches lie side by side, and say at each moment what the function says', () => {
  fc.assert(
    fc.property(anySchedule, anyOverrides, anyMoment, (schedule, overrides, at) => {
      let end = at;
      for (const { from, to, people, layer, override } of stretches(schedule, overrides, at, at + 3 * DAY)) {
        expect(from).toBe(end);
        expect(to).toBeGreaterThan(from);
        for (const moment of [from, to - 1]) {
          expect(onDuty(schedule, overrides, moment)).toMatchObject({ people, layer, override });
        }
        end = to;
      }
      expect(end).toBe(at + 3 * DAY);
    }),
    // A layer of hours that has ended is slow to ask: who is next is looked for in 400 days.
    { numRuns: 60, interruptAfterTimeLimit: 30_000 },
  );
});

test('an answer holds from its beginning to its end, and no longer', () => {
  fc.assert(
    fc.property(anySchedule, anyOverrides, anyMoment, (schedule, overrides, at) => {
      const { next, ...duty } = onDuty(schedule, overrides, at);
      expect(duty.from <= at && at < duty.to).toBe(true);
      for (const edge of [duty.from, duty.to - 1]) {
        if (!Number.isFinite(edge)) continue;
        expect(onDuty(schedule, overrides, edge)).toMatchObject({ people: duty.people, layer: duty.layer });
      }
      const then = next === null ? [] : onDuty(schedule, overrides, next.from).people;
      const others = then.filter((person) => !duty.people.includes(person));
      expect(next?.people ?? []).toEqual(others);
    }),
    { numRuns: 100 },
  );
});

test('a planned change moves nobody before its date', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, anyMoment, (schedule, one, other) => {
      const without = { ...schedule, layers: schedule.layers.map((layer) => ({ ...layer, changes: [] })) };
      const first = Math.min(
        ...schedule.layers.flatMap(({ changes, timeZone }) => changes.map(({ from }) => toInstant(from, timeZone))),
      );
      const at = Math.min(one, other, first - 1);
      expect(onDuty(schedule, [], at).people).toEqual(onDuty(without, [], at).people);
    }),
    { numRuns: 100 },
  );
});

test('without overrides it is the last layer that has somebody', () => {
  fc.assert(
    fc.property(anySchedule, anyMoment, (schedule, at) => {
      const ofLayers = schedule.layers.map(
        (layer) => [...shiftsOf(schedule, layer, [], at, at + 1)].map(({ people }) => people)[0] ?? [],
      );
      expect(onDuty(schedule, [], at).people).toEqual(ofLayers.findLast((people) => people.length > 0) ?? []);
    }),
    { numRuns: 100 },
  );
});
