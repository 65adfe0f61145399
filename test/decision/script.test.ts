import { describe, expect, test } from 'vitest';
import { scriptOf } from '../policy/script-of.js';
import { callOf } from './played.js';
import { policyOf, step } from './policy-of.js';

const MINUTE = 60_000;
const POLICY = policyOf({
  primary: step({
    call: [callOf(['田中', '山田']), { callflowId: 'flow', guidanceId: 'stored' }],
    keys: {
      '5': {
        kind: 'run',
        workflow: 'restartWeb',
        taskQueue: 'ops',
        input: null,
        within: '15m',
        then: { kind: 'resolve' },
        onFailure: { kind: 'exhausted' },
      },
    },
  }),
});

describe('a script', () => {
  test.for([{}, { operator: [], outages: [], restarts: [] }])('may be empty (%j): everybody is silent', (value) => {
    expect(scriptOf(POLICY, value)).toEqual({
      opening: { alert: { summary: 'simulated incident', severity: 'error' }, until: 'resolved' },
      parameters: {},
      calls: {},
      operator: [],
      outages: [],
      restarts: [],
      runs: {},
      horizon: 7 * 24 * 60 * MINUTE,
    });
  });

  test('is read with all its fields', () => {
    const script = scriptOf(POLICY, {
      incident: {
        summary: 'disk full',
        severity: 'critical',
        until: 'acknowledged',
        parameters: { server: 'web-1', n: 2 },
      },
      calls: { 田中: ['silence', '1 after 8s', 2], '0300000002': 'busy after 1s', flow: 'refused' },
      operator: [
        { at: '10m', do: 'acknowledge', by: 'sato', takeOver: true },
        { at: '11m', do: 'escalate', to: 'manager' },
        { at: '12m', do: 'alert', summary: 'worse' },
      ],
      outages: [{ from: '0s', to: '5m', reason: 'no token' }],
      restarts: ['7m'],
      runs: { restartWeb: ['fails after 10s', 'hangs'] },
      horizon: '1h',
    });
    expect(script).toEqual({
      opening: { alert: { summary: 'disk full', severity: 'critical' }, until: 'acknowledged' },
      parameters: { server: 'web-1', n: 2 },
      calls: {
        田中: [
          { kind: 'noKey', word: 'silence', afterMs: 30_000 },
          { kind: 'presses', key: '1', afterMs: 8_000 },
          { kind: 'presses', key: '2', afterMs: 8_000 },
        ],
        '0300000002': [{ kind: 'noKey', word: 'busy', afterMs: 1_000 }],
        flow: [{ kind: 'runEnds', outcome: 'refused', afterMs: 1_000 }],
      },
      operator: [
        { kind: 'acknowledge', at: 10 * MINUTE, by: 'sato', note: undefined, takeOver: true },
        { kind: 'escalate', at: 11 * MINUTE, by: undefined, to: 'manager', from: undefined },
        { kind: 'alert', at: 12 * MINUTE, alert: { summary: 'worse', severity: 'error' } },
      ],
      outages: [{ from: 0, to: 5 * MINUTE, reason: 'no token' }],
      restarts: [7 * MINUTE],
      runs: { restartWeb: [{ kind: 'fails', afterMs: 10_000 }, { kind: 'hangs' }] },
      horizon: 60 * MINUTE,
    });
  });
});
