import { expect, test } from 'vitest';
import { personShifts, type PersonShift } from '../../src/duty/person-shifts.js';
import { during, layer, rotation, schedule, utc } from './schedules.js';

const at = (written: string) => utc(`${written}+09:00`);
const weekly = (...turns: readonly (readonly string[])[]) =>
  schedule([layer('weekly', { rotation: rotation('1 weeks', '2026-11-30', '09:00', 1), turns })]);
/** `sato 2026-11-30T09:00 – 2026-12-07T09:00, abe → kato` */
const written = ({ person, from, to, before, after }: PersonShift): string => {
  const time = (moment: number | null) => (moment === null ? '?' : new Date(moment + 9 * 3_600_000).toISOString().slice(0, 16)); // prettier-ignore
  return `${person} ${time(from)} – ${time(to)}, ${before.join('+') || '-'} → ${after.join('+') || '-'}`;
};
const found = (...args: Parameters<typeof personShifts>) => personShifts(...args).map(written);

test('a shift is from one hand-over to the next, with who was on duty before and who is after', () => {
  const all = found(weekly(['sato'], ['abe'], ['kato']), [], at('2026-12-07T08:00'), at('2026-12-07T10:00'));
  expect(all).toEqual([
    'sato 2026-11-30T09:00 – 2026-12-07T09:00, - → abe',
    'abe 2026-12-07T09:00 – 2026-12-14T09:00, sato → kato',
  ]);
});

test('whoever takes over has a shift, and cuts that of the other in two', () => {
  const taken = during('2026-12-01T00:00+09:00', '2026-12-01T06:00+09:00', ['suzuki']);
  expect(found(weekly(['sato'], ['abe']), [taken], at('2026-12-01T00:00'), at('2026-12-02T00:00'))).toEqual([
    'suzuki 2026-12-01T00:00 – 2026-12-01T06:00, sato → sato',
    'sato 2026-12-01T06:00 – 2026-12-07T09:00, suzuki → abe',
  ]);
});

test('of a team that changes each has their own; turns that follow one another are one', () => {
  const of = weekly(['sato', 'abe'], ['abe', 'kato'], ['abe'], ['ito']);
  expect(found(of, [], at('2026-12-08T00:00'), at('2026-12-22T00:00'))).toEqual([
    'kato 2026-12-07T09:00 – 2026-12-14T09:00, sato → -',
    'abe 2026-11-30T09:00 – 2026-12-21T09:00, - → ito',
    'ito 2026-12-21T09:00 – 2026-12-28T09:00, abe → sato+abe',
  ]);
});

test('one that never began or never ends has no such time', () => {
  const always = schedule([layer('always', { turns: [['sato']] })]);
  expect(found(always, [], at('2026-12-08T00:00'), at('2026-12-22T00:00'))).toEqual(['sato ? – ?, - → -']);
});
