import { describe, expect, test } from 'vitest';
import type { AutomationAction } from '../../src/contract/policy-schema.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

describe('a key that starts a workflow', () => {
  const run: AutomationAction = {
    kind: 'run',
    workflow: 'restartWeb',
    taskQueue: 'ops',
    input: { host: 'web-1' },
    within: '15m',
    then: { kind: 'resolve' },
    onFailure: { kind: 'escalate', step: 'manager' },
  };
  const running = (part: Partial<AutomationAction> = {}, until: 'resolved' | 'acknowledged' = 'resolved') => {
    const policy = policyOf({ primary: step({ keys: { '5': { ...run, ...part } } }), manager: step() });
    const incident = new Incident(policy, { until });
    incident.callEnds({ keyInput: '5' });
    return incident;
  };
  const id = 2;

  test('starts it with the key, and the presser owns the incident meanwhile', () => {
    const incident = running();
    expect(incident.did('startAutomation')).toEqual([
      { kind: 'startAutomation', run: id, action: run, keyInput: '5', contact: '田中' },
    ]);
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.did('startTimer')).toMatchObject([{ at: 15 * MINUTE }]);
  });

  test('when it has ended, `then` decides', () => {
    const incident = running();
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.did('close')).toMatchObject([{ state: 'resolved', owner: { by: '田中' }, keyInput: '5' }]);
  });

  test('with `then: acknowledge` it stays owned, and must be resolved in time', () => {
    const incident = running({ then: { kind: 'acknowledge' } });
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.state.phase).toMatchObject({ kind: 'acknowledged', owner: { by: '田中' } });
  });

  test('when it failed, `onFailure` decides, and the presser no longer owns the incident', () => {
    const incident = running();
    incident.happens({ kind: 'automationFailed', run: id, message: 'no such host' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    expect(incident.told('released')).toMatchObject([{ owner: { by: '田中' } }]);
  });

  test('when it takes too long it is cancelled, and `onFailure` decides; its late end changes nothing', () => {
    const incident = running();
    incident.timerFires();
    expect(incident.did('cancelAutomation')).toEqual([{ kind: 'cancelAutomation', run: id }]);
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    const { phase } = incident.state;
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.state.phase).toEqual(phase);
  });

  test('the late end of one that took too long does not end the next one', () => {
    const incident = new Incident(
      policyOf({
        primary: step({ keys: { '5': { ...run, onFailure: { kind: 'snooze', for: '5m' } } } }),
        manager: step(),
      }),
    );
    incident.callEnds({ keyInput: '5' });
    incident.timerFires();
    incident.timerFires();
    incident.callEnds({ keyInput: '5' });
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.state.phase).toMatchObject({ kind: 'running' });
    expect(incident.did('startAutomation')).toHaveLength(2);
  });

  test('an operator who resolves meanwhile cancels it, and the incident closes when it has ended', () => {
    const incident = running();
    incident.asks({ kind: 'resolve', by: 'sato' });
    expect(incident.did('cancelAutomation')).toHaveLength(1);
    expect(incident.did('close')).toHaveLength(0);
    incident.happens({ kind: 'automationCancelled', run: id });
    expect(incident.did('close')).toHaveLength(1);
  });

  test.for([
    [{ kind: 'automationCancelled' }, { kind: 'cancelled' }],
    [{ kind: 'automationEnded' }, { kind: 'ended' }],
    [
      { kind: 'automationFailed', message: 'left to itself' },
      { kind: 'failed', message: 'left to itself' },
    ],
  ] as const)('one that was cancelled is told as it ended: %j', ([end, result]) => {
    const incident = running();
    incident.asks({ kind: 'resolve', by: 'sato' });
    incident.happens({ ...end, run: id });
    expect(incident.told('runEnded')).toMatchObject([{ run: id, result }]);
  });

  test('a take-over changes the owner, and the workflow continues', () => {
    const incident = running();
    expect(incident.asks({ kind: 'acknowledge', by: 'sato', takeOver: true }).owner?.by).toBe('sato');
    expect(incident.did('cancelAutomation')).toHaveLength(0);
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.did('close')).toMatchObject([{ state: 'resolved', owner: { by: 'sato' } }]);
  });

  test('an incident that only needs an owner waits for it', () => {
    const incident = running({ then: { kind: 'acknowledge' } }, 'acknowledged');
    expect(incident.did('close')).toHaveLength(0);
    incident.happens({ kind: 'automationEnded', run: id });
    expect(incident.did('close')).toMatchObject([{ state: 'acknowledged', keyInput: '5' }]);
  });

  test.for([
    [{ kind: 'exhausted' }, 'exhausted'],
    [{ kind: 'snooze', for: '5m' }, 'snoozed'],
    [{ kind: 'acknowledge' }, 'acknowledged'],
    [{ kind: 'resolve' }, 'resolved'],
  ] as const)('onFailure %j leads to %s', ([onFailure, state]) => {
    const incident = running({ onFailure });
    incident.happens({ kind: 'automationFailed', run: id, message: 'x' });
    expect(incident.contractState).toBe(state);
  });
});
