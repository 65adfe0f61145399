import { describe, expect, test } from 'vitest';
import { GAP_HORIZON_MS, gapsOf, secondsToGap } from '../../src/duty/gaps.js';
import { during, layer, schedule, utc, window } from './schedules.js';

/** Japan's office hours of a week; nobody is on duty at night, nor at the weekend. */
const OFFICE = layer('office', { when: [window('mon tue wed thu fri 09:00-18:00')], turns: [['abe']] });
/** A Monday. */
const MONDAY = utc('2026-11-30T00:00+09:00');
const at = (time: string) => utc(`${time}+09:00`);
const HORIZON = GAP_HORIZON_MS / 1000;

describe('gaps of a schedule', () => {
  test('are where somebody is required and nobody is on duty, and end where either does', () => {
    const wanted = schedule([OFFICE], { required: [window('mon fri 17:00-20:00'), window('sat 10:00-12:00')] });
    expect([...gapsOf(wanted, [], MONDAY, at('2026-12-07T00:00'))]).toEqual([
      { from: at('2026-11-30T18:00'), to: at('2026-11-30T20:00') },
      { from: at('2026-12-04T18:00'), to: at('2026-12-04T20:00') },
      { from: at('2026-12-05T10:00'), to: at('2026-12-05T12:00') },
    ]);
  });

  test('are whenever nobody is on duty, where it is always required', () => {
    const [first] = gapsOf(schedule([OFFICE]), [], MONDAY, at('2026-12-01T00:00'));
    expect(first).toEqual({ from: MONDAY, to: at('2026-11-30T09:00') });
  });

  test('are filled by an override, and opened by one of nobody', () => {
    const always = schedule([layer('all', { turns: [['abe']] })]);
    const nobody = during('2026-12-01T10:00+09:00', '2026-12-01T12:00+09:00', []);
    const kato = during('2026-12-01T10:00+09:00', '2026-12-01T11:00+09:00', ['kato']);
    const gaps = [...gapsOf(always, [nobody, kato], MONDAY, at('2026-12-07T00:00'))];
    expect(gaps).toEqual([{ from: at('2026-12-01T11:00'), to: at('2026-12-01T12:00') }]);
  });

  test('the time until the next one is 0 within one, and the horizon where there is none before it', () => {
    const wanted = schedule([OFFICE], { required: [window('mon 09:00-20:00')] });
    expect(secondsToGap(wanted, [], MONDAY)).toBe(18 * 3600);
    expect(secondsToGap(wanted, [], at('2026-11-30T18:30'))).toBe(0);
    expect(secondsToGap(wanted, [], at('2026-11-30T20:00'))).toBe(7 * 86_400 - 2 * 3600);
    expect(secondsToGap(schedule([layer('all', { turns: [['abe']] })]), [], MONDAY)).toBe(HORIZON);
    const later = [during('2026-12-14T00:00+09:00', '2026-12-15T00:00+09:00', [])];
    expect(secondsToGap(schedule([layer('all', { turns: [['abe']] })]), later, MONDAY)).toBe(HORIZON);
  });
});
