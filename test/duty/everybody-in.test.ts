import { expect, test } from 'vitest';
import { everybodyIn } from '../../src/duty/check-schedule.js';
import { during, layer, local, ofShift, rotation, schedule, utc } from './schedules.js';

test('everybody in a schedule has turns now or later, or an override that is not over; who has left is none of them', () => {
  const turns = [['left'], ['tanaka', 'sato']];
  const weekly = layer('weekly', {
    rotation: rotation('1 weeks', '2026-11-02', '09:00', 1),
    turns,
    changes: [{ from: local('2026-11-30T00:00'), turns: [['tanaka'], ['sato'], ['joins']] }],
  });
  const overrides = [
    during('2026-11-20T09:00+09:00', '2026-11-21T09:00+09:00', ['past']),
    during('2026-12-20T09:00+09:00', '2026-12-21T09:00+09:00', ['helps', 'tanaka']),
    ofShift('weekly', '2026-11-09', ['before']),
    ofShift('weekly', '2026-12-07', ['instead']),
  ];
  const found = everybodyIn(schedule([weekly], { overrides }), utc('2026-12-01T00:00+09:00'));
  expect(found.toSorted((one, other) => one.localeCompare(other))).toEqual(['helps', 'instead', 'joins', 'sato', 'tanaka']); // prettier-ignore
});
