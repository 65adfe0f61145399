import { expect, test } from 'vitest';
import { everybodyIn } from '../../src/duty/check-schedule.js';
import { noOverrides, make } from '../../src/duty/overrides.js';
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

test('whoever was put on duty while it is in use is one of them, until that is over', () => {
  const weekly = layer('weekly', { rotation: rotation('1 weeks', '2026-11-30', '09:00', 1), turns: [['tanaka']] });
  const at = utc('2026-12-01T00:00+09:00');
  const part = { instead: null, layer: null, shift: null, after: null, before: null, former: ['tanaka'] };
  const time = { from: '2026-12-01T00:00:00+09:00', until: '2026-12-02T00:00:00+09:00' };
  const asked = { kind: 'take', by: 'x', reason: null, agreeing: ['helps'], countsAtOnce: true } as const;
  const { state } = make(noOverrides('web'), { ...asked, parts: [{ people: ['helps'], ...part, ...time }] }, at);
  expect(everybodyIn(schedule([weekly]), at, state.overrides)).toEqual(['tanaka', 'helps']);
  expect(everybodyIn(schedule([weekly]), utc('2026-12-02T00:00+09:00'), state.overrides)).toEqual(['tanaka']);
});
