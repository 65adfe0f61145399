import { describe, expect, test } from 'vitest';
import { displayWidth, padToWidth } from '../../src/yaml-file/display-width.js';
import { renderSimulation } from '../../src/simulate/render.js';
import { called, callOf, japanese, play } from './played.js';
import { policyOf, step } from './policy-of.js';

describe('a run of our own contacts', () => {
  const golden = policyOf({ primary: step({ call: [callOf(['01', '02', '03'], 'x', 2)] }) });

  test('goes as in the manual: continue, missed, leave, and in the second pass two calls', () => {
    const played = play(golden, { calls: { '01': [3, 'machine'], '03': 4 } });
    expect(called(played).map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      '01 pressed 3',
      '02 did not pick up',
      '03 pressed 4',
      '01 an answering machine, no key',
      '02 did not pick up',
    ]);
    expect(played.end).toMatchObject({ state: 'exhausted', placedCalls: 5 });
  });

  test('in which all have left ends, however many loops remain', () => {
    const names = Array.from({ length: 100 }, (_, index) => `担当${index}`);
    const policy = policyOf({
      primary: step({
        call: [callOf(names, '1', 1_000)],
        keys: { '1': { kind: 'acknowledge' }, '4': { kind: 'leave' } },
      }),
    });
    const { calls, end } = play(policy, { calls: Object.fromEntries(names.map((name) => [name, '4 after 1s'])) });
    expect(calls).toHaveLength(100);
    expect(end).toMatchObject({ kind: 'closed', state: 'exhausted' });
  });

  test('a key that is not assigned is no key: the guidance is read to its end', () => {
    const played = play(golden, { calls: { '01': ['9 after 5s', 1] }, horizon: '1h' });
    expect(played.calls[0]).toMatchObject({ end: 'pressed 9, which is not assigned', endedAt: 210_000 });
  });

  test('finds its people by telephone number too', () => {
    expect(called(play(japanese(), { calls: { '0300000001': 1 }, horizon: '1m' }))).toEqual(['0:00 田中 pressed 1']);
  });
});

describe('a stored call flow', () => {
  test('continues after a key that the policy calls next, and its text is not known', () => {
    const played = play(
      policyOf({ primary: step({ keys: { '1': { kind: 'acknowledge' }, '7': { kind: 'next' } } }) }),
      { calls: { flow: 7 } },
    );
    expect(played.calls).toMatchObject([{ who: 'call flow flow', said: null, end: 'pressed 7' }]);
    expect(played.end).toMatchObject({ state: 'exhausted' });
  });
});

describe('what people and workflows do meanwhile', () => {
  const restart = {
    kind: 'run',
    workflow: 'restartWeb',
    taskQueue: 'ops',
    input: null,
    within: '15m',
    then: { kind: 'resolve' },
    onFailure: { kind: 'escalate', step: 'manager' },
  } as const;
  const policy = japanese({ keys: { '5': restart } });

  test.for([
    ['ends after 1m', ['0:00 田中 pressed 5'], 'closed'],
    ['fails after 1m', ['0:00 田中 pressed 5', '1:08 部長 did not pick up'], 'closed'],
    ['hangs', ['0:00 田中 pressed 5', '15:08 部長 did not pick up'], 'closed'],
  ] as const)('a workflow that %s', ([restartWeb, calls, end]) => {
    const played = play(policy, { calls: { 田中: 5 }, runs: { restartWeb } });
    expect(called(played)).toEqual(calls);
    expect(played.end.kind).toBe(end);
  });

  test('a telephone rings on while the space cannot be told to hang up', () => {
    const played = play(japanese({ attempts: 2 }), {
      outages: [{ from: '5s', to: '20s' }],
      operator: [{ at: '10s', do: 'hangUp' }],
      horizon: '90s',
    });
    expect(called(played)).toEqual(['0:00 田中 hung up', '1:22 田中 under way']);
    expect(played.calls[0]?.endedAt).toBe(20_000);
  });

  test('what rings out during an outage is known only when it is over', () => {
    const played = play(japanese({ attempts: 2 }), {
      outages: [{ from: '5s', to: '2m' }],
      operator: [{ at: '10s', do: 'hangUp' }],
      horizon: '3m',
    });
    expect(called(played)).toEqual(['0:00 田中 did not pick up', '3:00 田中 under way']);
  });

  test('a call that was never taken is hung up at once, whatever the space does', () => {
    const played = play(japanese(), { outages: [{ from: '0s', to: '1h' }], operator: [{ at: '1m', do: 'resolve' }] });
    expect(played.end).toMatchObject({ kind: 'closed', at: 60_000, state: 'resolved' });
  });

  test('stops at its horizon, and says so', () => {
    expect(play(japanese({ attempts: 'unlimited' }), { calls: { 田中: 1 }, horizon: '1h' }).end).toEqual({
      kind: 'horizon',
      at: 3_600_000,
      state: 'acknowledged',
      owner: { by: '田中', via: 'key', step: 'primary', keyInput: '1' },
      placedCalls: 1,
    });
  });

  test('stops when far too much happens, and says so', () => {
    const policy = japanese({ attempts: 'unlimited', every: '1s' });
    const played = play(policy, { calls: { 田中: 'refused' }, horizon: '365d' });
    expect(played.end).toMatchObject({ kind: 'tooManyDecisions', state: 'triggered', placedCalls: 0 });
    expect(renderSimulation(played)).toContain('since too much happens');
  });
});

describe('the table', () => {
  test('tells who is called when, what is said and how it ends, in columns that fit Japanese', () => {
    const played = play(japanese({ attempts: 1 }), {
      incident: { summary: 'disk full', parameters: { server: 'web-1', incident: '障害' } },
      calls: { 田中: 'busy', 部長: '1 after 8s' },
      restarts: ['5s'],
      operator: [{ at: '10m', do: 'resolve', by: 'sato', note: 'cleaned up' }],
    });
    expect(renderSimulation(played).split('\n')).toEqual([
      'time       step     who   what',
      '+00:00:00                 Opened (error): disk full. Policy "test".',
      '+00:00:00  primary        Level 1: "primary" is called.',
      '+00:00:00  primary  田中  ☎ attempt 1: was busy after 2s.',
      '+00:00:02  primary        Level 1 ("primary") is over after 1 telephone call: its attempts are used up.',
      '+00:00:02  manager        Level 2: "manager" is called.',
      '+00:00:02  manager  部長  ☎ attempt 1: pressed 1 after 8s. 「web-1に障害を検出しました。」 「対応をお願いします。」',
      '+00:00:05                 The worker is restarted: nothing is lost.',
      '+00:00:10                 部長 (key 1 at "manager") owns the incident. Nobody is called; not resolved within 4h, the calls start again.',
      '+00:00:10  manager        Level 2 ("manager") is over after 1 telephone call: 部長 pressed 1.',
      '+00:10:00           sato  resolve: accepted. The incident is resolved. Nobody is called any more.',
      '+00:10:00                 Resolved by sato. Note: cleaned up',
      '+00:10:00                 Closed as resolved after 2 telephone calls.',
      '',
      'Ends as resolved, owned by 部長 (key 1 at "manager") after 10m and 2 telephone calls.',
      '',
    ]);
  });

  test.for([
    ['abc', 3],
    ['田中', 4],
    ['ｶﾅ', 2],
    ['Ａ１', 4],
    ['📞', 2],
    ['が', 2],
    ['か\u3099', 2],
    ['「。」', 6],
  ] as const)('%s takes %i columns', ([text, width]) => {
    expect(displayWidth(text)).toBe(width);
    expect(displayWidth(padToWidth(text, 10))).toBe(10);
  });
});
