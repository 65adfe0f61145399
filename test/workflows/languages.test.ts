import { afterEach, describe, expect, test } from 'vitest';
import { describeLevel, nextOfLevel } from '../../src/workflows/incident/describe-now.js';
import { Call, type CallProgress } from '../../src/workflows/call/call.js';
import { type Language, speak } from '../../src/words/words.js';
import { Incident } from '../decision/incident.js';
import { policyOf, step } from '../decision/policy-of.js';

const inLanguage = (language: Language) => speak({ language, timeZone: 'UTC' });
afterEach(() => inLanguage('en'));

describe('a reason in another language than that of the worker that shows it', () => {
  const blocked = (by: 'paused' | 'refused', nothingRings: boolean) => {
    const policy = policyOf({ primary: step() });
    const incident = new Incident(policy);
    incident.happens({ kind: 'callBlocked', call: 1, reason: '電話は鳴っていません：…', by, nothingRings });
    return { policy, level: incident.state.level };
  };

  test('is shown with what follows from it, not from its words', () => {
    const { policy, level } = blocked('paused', true);
    expect(describeLevel(policy, level)).toMatch(/^BLOCKED, nobody is called: 電話は鳴っていません/);
    expect(nextOfLevel(policy, level).words).toMatch(/^when calling is resumed/);
    inLanguage('ja');
    expect(nextOfLevel(policy, level).words).toBe('架電の全停止が終わりしだい、「primary」に架電');
  });

  test('of a call that was placed does not say that nobody is called', () => {
    const { policy, level } = blocked('refused', false);
    expect(describeLevel(policy, level)).toMatch(/^BLOCKED: /);
    expect(nextOfLevel(policy, level).words).toBe('it continues as soon as Pigeon answers');
  });
});

test('what a level reports of a call is the same in every language', () => {
  const messageIn = (language: Language): readonly string[] => {
    inLanguage(language);
    const input = { deadlineMs: 1_000, waitMs: 1_000 } as ConstructorParameters<typeof Call>[0];
    const progress: CallProgress = Call.begin(input, 0);
    const call = new Call(input, 'call/1', 'run', progress, { changed: () => undefined });
    call.enter('looking', (said) => said.call.lookedFor('call/1#1', 2));
    return [call.messageOfAll, progress.message];
  };
  const [english, shown] = messageIn('en');
  const [inJapanese, shownInJapanese] = messageIn('ja');
  expect({ english: inJapanese, shown }).toEqual({ english, shown: english });
  expect(shownInJapanese).toMatch(/^発信結果不明：/);
});
