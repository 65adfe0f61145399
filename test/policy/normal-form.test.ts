import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkPolicy } from '../../src/incident/policy.js';
import { examples, messages, oneStep, policyOf } from './policies.js';

const CALL = 'call: { contacts: [tanaka], say: "{{server}}、1" }';

/** The one step of a policy whose step is written so. */
function stepOf(written: string, top?: string) {
  return policyOf(oneStep(`{ ${written} }`, top)).steps['primary'];
}

describe('what is not written', () => {
  test('has its default', () => {
    expect(policyOf(oneStep(`{ ${CALL}, keys: { 1: acknowledge } }`))).toEqual({
      version: 1,
      name: 'web',
      start: 'primary',
      parameters: ['server'],
      contacts: { tanaka: { name: '田中' }, yamada: { name: 'yamada' } },
      steps: {
        primary: {
          call: [
            {
              callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber: '0300000001' }] }] },
              guidance: { messageTemplate: '{{server}}、1', reactions: { 1: { behavior: 'terminate' } } },
            },
          ],
          attempts: 1,
          every: '1m',
          keys: { 1: { kind: 'acknowledge' } },
          otherwise: { kind: 'exhausted' },
        },
      },
      acknowledged: { resolveWithin: '4h', otherwise: { kind: 'escalate', step: 'primary' } },
      worse: 'call',
      budget: { calls: 50, within: '1d' },
    });
  });

  test('a workflow may take 15 minutes, stays owned when it ends well, and else is followed by `otherwise`', () => {
    const run = 'do: { run: { workflow: restartWeb, taskQueue: ops } }';
    const step = stepOf(`${CALL}, keys: { 1: { ${run} } }, otherwise: { escalate: primary }`);
    expect(step?.keys['1']).toEqual({
      kind: 'run',
      workflow: 'restartWeb',
      taskQueue: 'ops',
      input: null,
      within: '15m',
      then: { kind: 'acknowledge' },
      onFailure: { kind: 'escalate', step: 'primary' },
    });
  });
});

describe('what a key does', () => {
  test.for([
    ['acknowledge', { kind: 'acknowledge' }],
    ['resolve', { kind: 'resolve' }],
    ['{ do: acknowledge }', { kind: 'acknowledge' }],
    ['{ do: resolve, say: "完了" }', { kind: 'resolve' }],
    ['{ escalate: primary }', { kind: 'escalate', step: 'primary' }],
    ['{ do: { escalate: primary } }', { kind: 'escalate', step: 'primary' }],
    ['{ snooze: 30m }', { kind: 'snooze', for: '30m' }],
    ['{ do: { snooze: 7d } }', { kind: 'snooze', for: '7d' }],
    [
      '{ run: { workflow: a, taskQueue: b, input: { c: [1, null] }, within: 1h, then: { snooze: 5m }, onFailure: exhausted } }',
      {
        kind: 'run',
        workflow: 'a',
        taskQueue: 'b',
        input: { c: [1, null] },
        within: '1h',
        then: { kind: 'snooze', for: '5m' },
        onFailure: { kind: 'exhausted' },
      },
    ],
  ] as const)('%s', ([written, action]) => {
    expect(stepOf(`${CALL}, keys: { 1: ${written} }`)?.keys).toEqual({ 1: action });
  });
});

describe('the guidance that is made for Pigeon', () => {
  test('lets every key end the call but next and leave, and reads each sentence', () => {
    const step = stepOf(`call: { contacts: [tanaka], say: "1 2 3 4 5 6 7" }, keys: {
      1: { say: "一", do: acknowledge }, 2: { say: "二", do: next }, 3: { say: "三", do: leave }, 4: resolve,
      5: { escalate: primary }, 6: { snooze: 5m }, 7: { do: { run: { workflow: w, taskQueue: q } } } }`);
    expect(step?.call[0]?.guidance).toEqual({
      messageTemplate: '1 2 3 4 5 6 7',
      reactions: {
        1: { behavior: 'terminate', messageTemplate: '一' },
        2: { behavior: 'continue', messageTemplate: '二' },
        3: { behavior: 'leave', messageTemplate: '三' },
        4: { behavior: 'terminate' },
        5: { behavior: 'terminate' },
        6: { behavior: 'terminate' },
        7: { behavior: 'terminate' },
      },
    });
  });

  test('calls the contacts in order, in as many loops as are written, by their plain digits', () => {
    const step = stepOf('call: { contacts: [yamada, tanaka, yamada], loops: 3, say: "1" }, keys: { 1: acknowledge }');
    expect(step?.call[0]?.callflow).toEqual({
      loopLimit: 3,
      contacts: [
        { displayName: 'yamada', phones: [{ phoneNumber: '+81300000002' }] },
        { displayName: '田中', phones: [{ phoneNumber: '0300000001' }] },
        { displayName: 'yamada', phones: [{ phoneNumber: '+81300000002' }] },
      ],
    });
  });

  test('is not made where one is stored; parameters are kept as they are', () => {
    const call = 'call: { callflowId: a, guidanceId: b, parameters: { team: DB, count: 3, urgent: true } }';
    expect(stepOf(`${call}, keys: { 1: acknowledge }`)?.call).toEqual([
      { callflowId: 'a', guidanceId: 'b', parameters: { team: 'DB', count: 3, urgent: true } },
    ]);
  });

  test('is looked at as often as `waitTime` says', () => {
    const step = stepOf('call: { contacts: [tanaka], say: "1", waitTime: 2.5 }, keys: { 1: acknowledge }');
    expect(step?.call[0]?.waitTime).toBe(2.5);
  });

  test('is made for each call of a list', () => {
    const calls = 'call: [{ contacts: [tanaka], say: "A1" }, { contacts: [yamada], say: "B1" }]';
    const texts = stepOf(`${calls}, keys: { 1: acknowledge }`)?.call.map(({ guidance }) => guidance?.messageTemplate);
    expect(texts).toEqual(['A1', 'B1']);
  });
});

describe('names that JavaScript knows', () => {
  test('are names like any others', () => {
    const text = oneStep(
      '{ call: { contacts: [constructor], say: "{{__proto__}}{{toString}}1", parameters: { __proto__: a, toString: b } }, keys: { 1: acknowledge } }',
    );
    const policy = policyOf(
      text.replaceAll('primary', 'constructor').replace('tanaka:', 'constructor:').replace('[server]', '[valueOf]'),
    );
    expect(Object.keys(policy.steps)).toEqual(['constructor']);
    expect(policy.contacts['constructor']).toEqual({ name: '田中' });
    expect(Object.entries(policy.steps['constructor']?.call[0]?.parameters ?? {})).toEqual([
      ['__proto__', 'a'],
      ['toString', 'b'],
    ]);
  });
});

describe('what YAML offers', () => {
  test('anchors, aliases and merge keys, with templates under x-…', () => {
    const top = 'x-keys: &keys { 1: acknowledge }\nx-step: &step { attempts: 2, every: 5m }\n';
    const text = oneStep(`{ <<: *step, ${CALL}, keys: *keys, attempts: 4 }`);
    expect(policyOf(top + text).steps['primary']).toMatchObject({
      attempts: 4,
      every: '5m',
      keys: { 1: { kind: 'acknowledge' } },
    });
  });

  test('a text over several lines', () => {
    const written = `
    call:
      contacts: [tanaka]
      say: >-
        {{server}}が停止しました。
        対応は1を押してください。
    keys: { 1: acknowledge }`;
    const [call] = policyOf(oneStep(written)).steps['primary']?.call ?? [];
    expect(call?.guidance?.messageTemplate).toBe('{{server}}が停止しました。 対応は1を押してください。');
  });

  test('a version 1.1 in its first line changes nothing', () => {
    const text = oneStep(`{ ${CALL}, attempts: 010, keys: { 1: acknowledge } }`).replace('name: 田中', 'name: no');
    expect(policyOf(`%YAML 1.1\n---\n${text}`)).toEqual(policyOf(text));
  });

  test('an alias means the last value above that is marked so', () => {
    const top = 'x-a: &a { 1: resolve }\nx-b: &a { 1: acknowledge }\n';
    expect(policyOf(top + oneStep(`{ ${CALL}, keys: *a }`)).steps['primary']?.keys).toEqual({
      1: { kind: 'acknowledge' },
    });
  });

  test('keys in quotes and without', () => {
    const plain = stepOf(`${CALL}, keys: { 1: acknowledge }`);
    expect(stepOf(`${CALL}, keys: { "1": acknowledge }`)).toEqual(plain);
  });

  test('lines that end as in Windows', () => {
    const text = oneStep(`{ ${CALL}, keys: { 1: acknowledge } }`);
    expect(policyOf(text.replaceAll('\n', '\r\n'))).toEqual(policyOf(text));
    expect(messages(text.replaceAll('\n', '\r\n'))).toEqual(messages(text));
  });
});

describe.for(examples)('policies/$name', ({ text }) => {
  test('means the same as JSON, and however YAML is written', () => {
    const policy = policyOf(text);
    const plain: unknown = parse(text);
    expect(policyOf(JSON.stringify(plain))).toEqual(policy);
    for (const defaultStringType of ['QUOTE_DOUBLE', 'QUOTE_SINGLE'] as const) {
      for (const collectionStyle of ['block', 'flow'] as const) {
        expect(policyOf(stringify(plain, { defaultStringType, collectionStyle, defaultKeyType: 'PLAIN' }))).toEqual(
          policy,
        );
      }
    }
  });

  test('is plain data in its normal form', () => {
    const policy = policyOf(text);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });
});

describe('an incident takes', () => {
  const longest = 'あ'.repeat(200);
  const many = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => text(i)).join();
  const run = (workflow: string) => `{ ${CALL}, keys: { 1: { run: { workflow: ${workflow}, taskQueue: q } } } }`;

  test.for([
    ['the longest name of a workflow', run(longest)],
    [
      'most calls at the same time',
      `{ call: [${many(30, () => '{ contacts: [tanaka], say: "1" }')}], keys: { 1: acknowledge } }`,
    ],
    ['the longest ids', `{ call: { callflowId: ${longest}, guidanceId: ${longest} }, keys: { 1: acknowledge } }`],
  ] as const)('%s', ([, step]) => {
    expect(checkPolicy(policyOf(oneStep(step)))).toMatchObject({ ok: true });
  });

  test.for([
    ['a longer name of a workflow', run(`${longest}。`), 'at most 200'],
    [
      'more calls',
      `{ call: [${many(31, () => '{ contacts: [tanaka], say: "1" }')}], keys: { 1: acknowledge } }`,
      'at most 30',
    ],
    ['longer ids', `{ call: { callflowId: ${longest}。, guidanceId: b }, keys: { 1: acknowledge } }`, 'at most 200'],
  ] as const)('no more, which the reader says before: %s', ([, step, says]) => {
    expect(messages(oneStep(step)).join()).toContain(says);
  });
});
