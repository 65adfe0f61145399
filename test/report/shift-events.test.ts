import { afterEach, describe, expect, test } from 'vitest';
import { eventInWords, shiftEnded, shiftStarts } from '../../src/cli/report/shift-events.js';
import type { TimelineItem } from '../../src/contract/incident-schema.js';
import type { PersonShift } from '../../src/duty/person-shifts.js';
import { speak } from '../../src/words/words.js';
import { reported } from './told.js';

afterEach(() => speak({ language: 'en', timeZone: 'UTC' }));

const at = (time: string): string => `2026-11-22T${time}:00.000Z`;
const item = (time: string, kind: string, more: Readonly<Record<string, unknown>> = {}): TimelineItem => ({
  at: at(time),
  kind,
  text: kind,
  level: 1,
  step: 'primary',
  ...more,
});
const SATO = { handle: 'sato', name: '佐藤' };
/** 佐藤 is called before the end of the shift, and again after it. */
const CALLED: readonly TimelineItem[] = [
  item('21:50', 'opened'),
  item('21:50', 'callsPlaced', { calls: [1] }),
  item('21:50', 'calleesFound', { call: 1, people: [SATO], missing: [] }),
  item('21:55', 'callEnded', { call: 1, outcome: 'unanswered', contact: null, calls: 2 }),
  item('22:30', 'callsPlaced', { calls: [2] }),
  item('22:30', 'calleesFound', { call: 2, people: [SATO], missing: [] }),
  item('22:31', 'callEnded', { call: 2, outcome: 'answered', contact: '佐藤', calls: 1 }),
  item('22:31', 'acknowledged', { owner: { by: '佐藤', via: 'key', step: 'primary', keyInput: '1' } }),
  item('23:00', 'closed'),
];
const report = reported(CALLED, { openedAt: at('21:50'), secondsToAcknowledge: 2_460, owner: '佐藤' });
const SHIFT: PersonShift = {
  person: 'sato',
  from: Date.parse(at('09:00')),
  to: Date.parse(at('23:30')),
  before: ['suzuki'],
  after: ['abe', 'kato'],
};
const NAMES = new Map([['sato', '佐藤'], ['abe', '安倍']]); // prettier-ignore
const atNight = (moment: number) => new Date(moment).getUTCHours() >= 22;
const ended = (shift: PersonShift, names = NAMES, found = { reports: [report], unread: 0 }) =>
  shiftEnded(shift, { schedule: 'web', names }, found, atNight, Date.parse(at('23:30')));

describe('the event before a shift', () => {
  test('has who takes over from whom, when and until when, and the same id each time', () => {
    const event = shiftStarts(SHIFT, { schedule: 'web', names: NAMES });
    expect(event).toEqual({
      kind: 'shift.starts',
      id: 'web/sato/shift.starts/2026-11-22T09:00:00.000Z',
      schedule: 'web',
      person: 'sato',
      name: '佐藤',
      from: '2026-11-22T09:00:00.000Z',
      until: '2026-11-22T23:30:00.000Z',
      takesOverFrom: ['suzuki'],
      followedBy: ['abe', 'kato'],
    });
    expect(eventInWords(event, NAMES, 'UTC')).toBe(
      'web: the shift of 佐藤 starts sun 2026-11-22 09:00, until sun 2026-11-22 23:30. Before: suzuki. After: 安倍, kato.',
    );
    speak({ language: 'ja', timeZone: 'UTC' });
    expect(eventInWords(event, NAMES, 'Asia/Tokyo')).toBe(
      'web：佐藤さんの当番は 2026-11-22（日）18:00 に始まります（2026-11-23（月）08:30 まで）。 前の当番はsuzukiさんです。 次の当番は安倍さんとkatoさんです。',
    );
  });
});

describe('the event after a shift', () => {
  test('has what it asked of its person: calls, at night, incidents, and how long one was unacknowledged', () => {
    const event = ended(SHIFT);
    expect(event).toMatchObject({
      kind: 'shift.ended',
      id: 'web/sato/shift.ended/2026-11-22T23:30:00.000Z',
      followedBy: ['abe', 'kato'],
      calls: 3,
      callsAtNight: 1,
      incidentsOwned: 1,
      longestSecondsToAcknowledge: 2_460,
      unread: 0,
    });
    expect(eventInWords(event, NAMES, 'UTC')).toBe(
      'web: the shift of 佐藤 ended sun 2026-11-22 23:30, since sun 2026-11-22 09:00. After: 安倍, kato. 3 telephone calls, 1 of them at night; 1 incident owned. Longest time to acknowledge: 41m.',
    );
  });

  test('only of the time of the shift', () => {
    const [first, second] = [
      { ...SHIFT, to: Date.parse(at('22:00')) },
      { ...SHIFT, from: Date.parse(at('22:00')) },
    ];
    expect(ended(first)).toMatchObject({ calls: 2, callsAtNight: 0, incidentsOwned: 0 });
    expect(ended(second)).toMatchObject({ calls: 1, callsAtNight: 1, incidentsOwned: 1 });
  });

  test('by the name that calls have, where there is no file of people; of an incident that nobody owns until now', () => {
    const open = reported(CALLED.slice(0, 4), { openedAt: at('21:50'), secondsToAcknowledge: null, closedAt: null, owner: null }); // prettier-ignore
    expect(ended(SHIFT, new Map(), { reports: [open], unread: 1 })).toMatchObject({
      name: '佐藤',
      calls: 2,
      incidentsOwned: 0,
      longestSecondsToAcknowledge: 6_000,
      unread: 1,
    });
  });

  test('of somebody whom nothing was asked of', () => {
    const event = ended({ ...SHIFT, person: 'abe', from: null });
    expect(event).toMatchObject({ name: '安倍', from: null, calls: 0, longestSecondsToAcknowledge: null });
    expect(eventInWords(event, NAMES, 'UTC')).toContain('since always. After: 安倍, kato. 0 telephone calls');
  });
});
