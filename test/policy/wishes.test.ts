/** What the users of on-call and telephone tools ask for, each as a scenario. */
import { describe, expect, test } from 'vitest';
import { describeEntry } from '../../src/policy/describe-entry.js';
import { HOUR, MINUTE } from './incident.js';
import { called, callOf, japanese, play } from './played.js';
import { policyOf, step } from './policy-of.js';

describe('until somebody is reached', () => {
  test('call every 5 minutes until I am reached', () => {
    const played = play(japanese({ attempts: 'unlimited', every: '5m' }), {
      calls: { 田中: ['silence', 'silence', 'silence', '1 after 8s'] },
      operator: [{ at: '1h', do: 'resolve' }],
    });
    expect(called(played)).toEqual([
      '0:00 田中 did not pick up',
      '5:30 田中 did not pick up',
      '11:00 田中 did not pick up',
      '16:30 田中 pressed 1',
    ]);
    expect(played.end).toMatchObject({ kind: 'closed', state: 'resolved', owner: { by: '田中' } });
  });

  test('no limit of 5 or 10 repeats: it goes on within the budget of calls', () => {
    const policy = japanese({ attempts: 'unlimited', every: '1m' }, { budget: { calls: 30, within: '1d' } });
    const played = play(policy, { horizon: '2d' });
    expect(played.end).toMatchObject({ kind: 'horizon', state: 'triggered', placedCalls: 60 });
    expect(played.timeline.filter((entry) => entry.kind === 'waiting' && entry.reason === 'budget')).toHaveLength(2);
  });

  test('when the first call flow is exhausted, the next one is called', () => {
    const flow = (id: string) => [{ callflowId: id, guidanceId: 'guidance' }];
    const played = play(
      policyOf({
        primary: step({ call: flow('flow-1'), otherwise: { kind: 'escalate', step: 'second' } }),
        second: step({ call: flow('flow-2') }),
      }),
      { calls: { 'flow-2': '1 after 5s' }, operator: [{ at: '2m', do: 'resolve' }] },
    );
    expect(called(played)).toEqual(['0:00 call flow flow-1 did not pick up', '0:30 call flow flow-2 pressed 1']);
  });

  test('several calls in a row for heavy sleepers, with a pause per level', () => {
    const played = play(japanese({ attempts: 3, every: '10s' }), { calls: { 部長: 1 }, horizon: '1h' });
    expect(called(played)).toEqual([
      '0:00 田中 did not pick up',
      '0:40 田中 did not pick up',
      '1:20 田中 did not pick up',
      '1:50 部長 pressed 1',
    ]);
  });

  test.for([
    ['7s', 37],
    ['23m', 30 + 23 * 60],
    ['11h', 30 + 11 * 3600],
  ] as const)('any wait at all, such as %s', ([every, second]) => {
    const { calls } = play(japanese({ attempts: 2, every }), { calls: { 田中: ['silence', 1] }, horizon: '1d' });
    expect(calls.slice(0, 2).map(({ at }) => at / 1000)).toEqual([0, second]);
  });

  test('no throttle of ours: the budget is the policy’s', () => {
    const fast = (calls: number) =>
      play(japanese({ attempts: 'unlimited', every: '1s' }, { budget: { calls, within: '1h' } }), {
        calls: { 田中: 'busy' },
        horizon: '10m',
      });
    expect(fast(5).calls).toHaveLength(5);
    expect(fast(100).calls).toHaveLength(100);
  });
});

describe('keys', () => {
  test('escalate by a key, straight to a named step', () => {
    const played = play(japanese({ attempts: 3 }), {
      calls: { 田中: '2 after 6s', 部長: '1 after 4s' },
      operator: [{ at: '1m', do: 'resolve' }],
    });
    expect(called(played)).toEqual(['0:00 田中 pressed 2', '0:06 部長 pressed 1']);
  });

  test('a late press after the level moved on changes nothing, and is told', () => {
    const played = play(japanese(), {
      calls: { 田中: '1 after 20s' },
      outages: [{ from: '10s', to: '1m' }],
      operator: [{ at: '30s', do: 'escalate' }],
      horizon: '2m',
    });
    expect(called(played)).toEqual(['0:00 田中 pressed 1', '1:00 部長 did not pick up']);
    expect(played.timeline.filter(({ kind }) => kind === 'alsoAcknowledged')).toHaveLength(1);
    expect(played.end.owner).toBeNull();
  });

  test('repeat from step N: a policy is a graph of named steps', () => {
    const policy = policyOf({
      primary: step({ call: [callOf(['田中'])], otherwise: { kind: 'escalate', step: 'manager' } }),
      manager: step({ call: [callOf(['部長'])], otherwise: { kind: 'escalate', step: 'primary' } }),
    });
    const { calls } = play(policy, { horizon: '2m' });
    expect(calls.map(({ who }) => who)).toEqual(['田中', '部長', '田中', '部長', '田中']);
  });

  test('an answering machine is not an owner: the next call is placed at once', () => {
    const played = play(japanese(), { calls: { 田中: 'machine', 部長: 1 }, horizon: '5m' });
    expect(called(played)).toEqual(['0:00 田中 an answering machine, no key', '1:12 部長 pressed 1']);
  });

  test('a spoken confirmation of the key, and my own words in Japanese: nothing of ours is spoken', () => {
    const { calls } = play(japanese(), {
      incident: { parameters: { server: 'テスト用サーバー', incident: '軽度の障害' } },
      calls: { 田中: 1 },
      operator: [{ at: '1m', do: 'resolve' }],
    });
    expect(calls).toMatchObject([
      { said: 'テスト用サーバーに軽度の障害を検出しました。', heard: '対応をお願いします。' },
    ]);
  });

  test('rejected is not success: the next level is called', () => {
    const played = play(japanese(), { calls: { 田中: 'rejected after 2h', 部長: 1 }, horizon: '3h' });
    expect(called(played)).toEqual(['120:00 部長 pressed 1']);
    expect(played.timeline.find(({ kind }) => kind === 'callEnded')).toMatchObject({ outcome: 'rejected', calls: 0 });
  });
});

describe('somebody owns it', () => {
  test('no call after an acknowledge, and the ringing telephones are hung up', () => {
    const together = japanese({ call: [callOf(['田中']), callOf(['山田'])], attempts: 'unlimited' });
    const played = play(together, { calls: { 田中: '1 after 8s', 山田: '1 after 20s' }, horizon: '3h' });
    expect(called(played)).toEqual(['0:00 田中 pressed 1', '0:00 山田 hung up']);
    expect(played.calls[1]?.endedAt).toBe(8_000);
  });

  test('acknowledged, fell asleep, forgot: the calls start again', () => {
    const policy = japanese(
      {},
      { acknowledged: { resolveWithin: '2h', otherwise: { kind: 'escalate', step: 'manager' } } },
    );
    const played = play(policy, { calls: { 田中: '1 after 10s', 部長: 1 }, horizon: '3h' });
    expect(played.calls.map(({ at, who }) => [at, who])).toEqual([
      [0, '田中'],
      [2 * HOUR + 10_000, '部長'],
    ]);
  });

  test('an answer is given when it is true: after it nobody is called', () => {
    const played = play(japanese({ attempts: 'unlimited' }), {
      operator: [{ at: '10s', do: 'acknowledge', by: 'sato' }],
      horizon: '3h',
    });
    expect(played.answers).toMatchObject([{ answer: { accepted: true, owner: { by: 'sato' } } }]);
    expect(called(played)).toEqual(['0:00 田中 hung up']);
  });
});

describe('what goes wrong around it', () => {
  test('restarts of the worker neither lose a snooze nor call twice', () => {
    const script = {
      calls: { 田中: ['silence', 1] },
      operator: [{ at: '40s', do: 'snooze', for: '30m' }],
      horizon: '1h',
    };
    const restarts = ['1s', '20s', '10m', '30m'];
    const played = play(japanese(), { ...script, restarts });
    expect(played.restarts).toHaveLength(4);
    expect({ ...played, restarts: [] }).toEqual(play(japanese(), script));
    expect(called(played)).toEqual(['0:00 田中 did not pick up', '0:30 部長 hung up', '30:40 部長 did not pick up']);
  });

  test('an expired token does not walk through the policy without ringing a telephone', () => {
    const played = play(japanese(), {
      outages: [{ from: '0s', to: '6h', reason: 'the token has expired' }],
      calls: { 田中: 1 },
      horizon: '7h',
    });
    expect(called(played)).toEqual(['360:00 田中 pressed 1']);
    expect(played.timeline.find(({ kind }) => kind === 'callBlocked')).toMatchObject({
      reason: 'the token has expired',
    });
  });

  test('every call is traced back to its incident: level, step, attempt, outcome and who', () => {
    const { timeline } = play(japanese(), { calls: { 田中: '2 after 5s', 部長: 1 }, horizon: '1m' });
    expect(timeline.filter(({ kind }) => kind === 'callEnded')).toMatchObject([
      { level: 1, step: 'primary', outcome: 'answered', keyInput: '2', contact: '田中' },
      { level: 2, step: 'manager', outcome: 'answered', keyInput: '1', contact: '部長' },
    ]);
  });

  test('"why was nobody called between 2:10 and 2:40?": the timeline answers', () => {
    const { timeline } = play(japanese(), {
      operator: [{ at: '130s', do: 'snooze', for: '30m', by: 'sato' }],
      calls: { 田中: ['silence', 1], 部長: 'timedOut after 3h' },
      horizon: '3h',
    });
    const asked = 20 * MINUTE;
    const reason = timeline.findLast((entry) => entry.at <= asked && 'until' in entry && (entry.until ?? 0) > asked);
    expect(reason).toBeDefined();
    expect(reason === undefined ? '' : describeEntry(reason)).toBe(
      'Snoozed by sato: nobody is called for 30m, then "manager" again.',
    );
  });
});
