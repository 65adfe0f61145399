import { describe, expect, test } from 'vitest';
import type { TimelineItem } from '../../src/contract/incident-schema.js';
import { loadOf, timeOnDuty } from '../../src/cli/report/load.js';
import { periodHtml } from '../../src/cli/report/period-page.js';
import { periodMarkdown, periodReport } from '../../src/cli/report/period-report.js';
import { during, layer, rotation, schedule, utc, window } from '../duty/schedules.js';
import { NIGHT, reported } from './told.js';

const item = (time: string, kind: string, more: Readonly<Record<string, unknown>> = {}): TimelineItem => ({
  at: `2026-11-22T${time}:00.000Z`,
  kind,
  text: kind,
  level: 1,
  step: 'primary',
  ...more,
});
const TANAKA = { handle: 'tanaka', name: '田中' };
const SATO = { handle: 'sato', name: '佐藤' };
/** Two who are called in turn, until the second takes it with the fourth call. */
const TURNS: readonly TimelineItem[] = [
  item('21:58', 'opened'),
  item('21:58', 'callsPlaced', { calls: [1] }),
  item('21:58', 'calleesFound', { call: 1, people: [TANAKA, SATO], missing: [] }),
  item('21:59', 'callEnded', { call: 1, outcome: 'unanswered', contact: null, calls: 3 }),
  item('22:00', 'callsPlaced', { calls: [2] }),
  item('22:00', 'calleesFound', { call: 2, people: [TANAKA, SATO], missing: [] }),
  item('22:02', 'callEnded', { call: 2, outcome: 'answered', contact: '佐藤', calls: 4 }),
  item('22:02', 'acknowledged', { owner: { by: '佐藤', via: 'key', step: 'primary', keyInput: '1' } }),
  item('22:30', 'takenOver', { owner: { by: '鈴木', via: 'api', step: null, keyInput: null } }),
  item('23:00', 'closed'),
];
const atNight = (at: number) => new Date(at).getUTCHours() >= 22;
const load = (timeline: readonly TimelineItem[], owner: string | null = null) =>
  loadOf([reported(timeline, { owner })], atNight, null);

describe('the load of each person', () => {
  test('has the telephone calls in the order in which a run calls its people, by day and at night', () => {
    expect(load(TURNS).people).toEqual([
      { name: '田中', calls: 4, callsAtNight: 2, incidentsOwned: 0, hoursOnDuty: null },
      { name: '佐藤', calls: 3, callsAtNight: 2, incidentsOwned: 1, hoursOnDuty: null },
      { name: '鈴木', calls: 0, callsAtNight: 0, incidentsOwned: 1, hoursOnDuty: null },
    ]);
  });

  test('counts an incident once for each who owned it, also where only the end of it is known', () => {
    const owned = [...TURNS, item('23:00', 'takenOver', { owner: { by: '佐藤', via: 'api', step: null } })];
    const counts = (one: ReturnType<typeof load>) => one.people.map(({ name, incidentsOwned }) => [name, incidentsOwned]); // prettier-ignore
    expect(counts(load(owned, '佐藤'))).toEqual([['田中', 0], ['佐藤', 1], ['鈴木', 1]]); // prettier-ignore
    expect(counts(load([item('22:00', 'closed')], 'ops'))).toEqual([['ops', 1]]);
  });

  test('says of how many calls nobody knows whose telephone they rang; who answered is known', () => {
    expect(load(NIGHT)).toEqual({
      people: [{ name: '佐藤', calls: 1, callsAtNight: 0, incidentsOwned: 0, hoursOnDuty: null }],
      unknown: { calls: 7, callsAtNight: 0 },
    });
  });

  test('has the hours on duty under the name that calls and the file of people have', () => {
    const onDuty = new Map([['sato', 5_400_000], ['abe', 3_600_000], ['ito', 1_800_000]]); // prettier-ignore
    const { people } = loadOf([reported(TURNS, { owner: null })], atNight, { onDuty, names: new Map([['abe', '阿部']]) }); // prettier-ignore
    expect(people.map(({ name, hoursOnDuty }) => [name, hoursOnDuty])).toEqual([['田中', 0], ['佐藤', 1.5], ['鈴木', 0], ['ito', 0.5], ['阿部', 1]]); // prettier-ignore
  });
});

test('time on duty is cut to the period, and two schedules at once count once', () => {
  const weekly = layer('weekly', { rotation: rotation('1 weeks', '2026-11-30', '09:00', 1), turns: [['abe'], ['kato']] }); // prettier-ignore
  const office = layer('office', { when: [window('mon 08:00-12:00')], turns: [['abe']] });
  const times = timeOnDuty([{ schedule: schedule([weekly]), overrides: [] }, { schedule: schedule([office]), overrides: [] }], utc('2026-11-30T00:00Z'), utc('2026-12-07T01:00Z')); // prettier-ignore
  const hours = (handle: string) => (times.get(handle) ?? 0) / 3_600_000;
  // Until Monday 9 o'clock in Tokyo by the one schedule, from 8 o'clock of it also by the other, until 10, the end.
  expect([hours('abe'), hours('kato')]).toEqual([7 * 24 + 1, 1]);
});

test('time on duty is that of the person who took over', () => {
  const weekly = layer('weekly', { rotation: rotation('1 weeks', '2026-11-30', '09:00', 1), turns: [['abe'], ['kato']] }); // prettier-ignore
  const overrides = [during('2026-12-01T00:00Z', '2026-12-01T06:00Z', ['ito'])];
  const times = timeOnDuty([{ schedule: schedule([weekly]), overrides }], utc('2026-12-01T00:00Z'), utc('2026-12-02T00:00Z')); // prettier-ignore
  expect(times).toEqual(new Map([['ito', 6 * 3_600_000], ['abe', 18 * 3_600_000]])); // prettier-ignore
});

describe('a report of a period', () => {
  const period = { since: '2026-11-16T00:00:00.000Z', until: '2026-11-23T00:00:00.000Z', timeZone: 'UTC', retentionSeconds: null }; // prettier-ignore
  const duty = { onDuty: new Map([['sato', 5_400_000]]), names: new Map() };
  const report = periodReport(period, [reported(TURNS, { owner: null }), reported(NIGHT, { owner: null })], [], duty);

  test('has the load of each person as Markdown', () => {
    expect(periodMarkdown(report)).toContain(
      [
        '## By person',
        '',
        '| person | telephone calls | of them at night | incidents owned | hours on duty |',
        '| --- | --- | --- | --- | --- |',
        '| 佐藤 | 4 | 3 | 1 | 1.5 |',
        '| 田中 | 4 | 2 | 0 | 0.0 |',
        '| 鈴木 | 0 | 0 | 1 | 0.0 |',
        '| (not recorded) | 7 | 7 | 0 |  |',
      ].join('\n'),
    );
    expect(periodMarkdown(periodReport(period, [reported(TURNS)], []))).not.toContain('hours on duty');
    expect(periodMarkdown(periodReport(period, [], []))).not.toContain('By person');
  });

  test('is a page too, in which a name is no HTML', () => {
    const named = { ...duty, names: new Map([['sato', '<b>佐藤']]), onDuty: new Map([['sato', 3_600_000]]) };
    const html = periodHtml(periodReport(period, [reported(NIGHT, { owner: '<b>佐藤' })], [], named));
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('&#60;b&#62;佐藤');
    expect(html).not.toContain('<b>佐藤');
    expect(periodHtml(periodReport(period, [], []))).toContain('median none');
  });

  test('7 o’clock is day, 6:59 is night', () => {
    const at = (time: string) => periodReport(period, [reported([item(time, 'callsPlaced', { calls: [1] }), item(time, 'callEnded', { call: 1, outcome: 'unanswered', contact: null, calls: 1 })])], []).calls.atNight; // prettier-ignore
    expect([at('21:59'), at('22:00'), at('06:59'), at('07:00')]).toEqual([0, 1, 1, 0]);
  });
});
