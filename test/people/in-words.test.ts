import { afterEach, describe, expect, test } from 'vitest';
import type { Called } from '../../src/contract/activities.js';
import { whomItCalls } from '../../src/incident/callees.js';
import { describeEntryIn } from '../../src/incident/describe-entry.js';
import type { TimelineEntry } from '../../src/incident/timeline.js';
import { resolveCallees } from '../../src/people/resolve-callees.js';
import { rosterOf } from '../../src/people/schedule-roster.js';
import { ja } from '../../src/words/ja.js';
import { en, speak } from '../../src/words/words.js';

afterEach(() => speak({ language: 'en', timeZone: 'UTC' }));

const NIGHT = Date.parse('2026-12-01T03:00:00+09:00');
const DUTY = { schedule: 'web', layer: 'weekly', until: '2026-12-01T09:00:00+09:00' } as const;

describe('whom a call reaches', () => {
  const found = (people: readonly Called[], missing: readonly string[] = []): TimelineEntry => ({
    kind: 'calleesFound',
    at: NIGHT,
    level: 1,
    step: 'primary',
    call: 1,
    people,
    missing,
  });

  test.for([
    [
      found([
        { handle: 'tanaka', name: '田中', duty: DUTY },
        { handle: 'yamada', name: '山田', duty: { ...DUTY, next: 1 } },
        { handle: 'suzuki', name: '鈴木' },
      ]),
      'Calls 田中, on duty by "web" (weekly) until 09:00; 山田, next on duty by "web" (weekly); 鈴木.',
      '架電先：田中さん、「web」の「weekly」の当番（09:00まで）; 山田さん、「web」の「weekly」の次の当番; 鈴木さん。',
    ],
    [
      found([{ handle: 'sato', name: '佐藤', duty: { schedule: 'web', layer: null, until: null, copy: true } }], ['x']),
      'Calls 佐藤, on duty by "web", as it was when the incident opened, since it cannot be read. MISSING: x.',
      '架電先：佐藤さん、「web」（現在は読み取れないため、インシデント開始時の内容）の当番。注意：x。',
    ],
  ] as const)('is in the timeline, in both languages: %#', ([entry, english, japanese]) => {
    expect([en, ja].map((said) => describeEntryIn(said, entry))).toEqual([english, japanese]);
  });

  test('is said before it is known', () => {
    const call = {
      callees: { loopLimit: 1, contacts: [{ onDuty: 'web' }, { onDuty: 'web', next: 1 }, 'suzuki'], local: {} },
    };
    const contacts = { suzuki: { name: '鈴木' } };
    expect(whomItCalls(call, contacts)).toEqual(['on duty (web)', 'next on duty (web)', '鈴木']);
    speak({ language: 'ja', timeZone: 'Asia/Tokyo' });
    expect(whomItCalls(call, contacts)).toEqual(['「web」の当番', '「web」の次の当番', '鈴木']);
  });
});

test('who is missing is said in the language of the worker, or in the one that is asked for', () => {
  const wanted = {
    loopLimit: 1,
    contacts: [{ onDuty: 'web' }, 'suzuki'],
    local: {},
    directory: { people: {}, schedules: {} },
    called: [],
  };
  const missing = (...said: [] | [typeof en.callees]) =>
    resolveCallees(wanted, new Map(), rosterOf(new Map()), NIGHT, ...said).missing;
  const english = ['it cannot be read who is on duty by "web"', 'no number of "suzuki" is known'];
  expect(missing()).toEqual(english);
  speak({ language: 'ja', timeZone: 'Asia/Tokyo' });
  expect(missing()).toEqual(['「web」の当番を読み取れません', '「suzuki」の電話番号は不明です']);
  expect(missing(en.callees)).toEqual(english);
});
