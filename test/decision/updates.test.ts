import { describe, expect, test } from 'vitest';
import { effectOf, repeatsAlert } from '../../src/incident/updates.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({
  primary: step({ attempts: 2, otherwise: { kind: 'escalate', step: 'manager' } }),
  manager: step(),
  database: step(),
});
const open = (until: 'resolved' | 'acknowledged' = 'resolved') => new Incident(POLICY, { until });
const api = (by: string) => ({ by, via: 'api', step: null, keyInput: null });

describe('resolve', () => {
  test('ends it, and closes only when every call is hung up', () => {
    const incident = open();
    expect(incident.asks({ kind: 'resolve', by: 'sato' })).toMatchObject({ accepted: true, state: 'resolved' });
    expect(incident.did('close')).toHaveLength(0);
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.did('close')).toEqual([
      { kind: 'close', state: 'resolved', owner: api('sato'), keyInput: null, placedCalls: 1 },
    ]);
  });

  test('by somebody else leaves the owner the owner', () => {
    const incident = open();
    incident.callEnds({ keyInput: '1' });
    incident.asks({ kind: 'resolve', by: 'sato' });
    expect(incident.did('close')).toMatchObject([{ owner: { by: '田中' }, keyInput: '1' }]);
  });

  test('again, says that it is resolved already', () => {
    const incident = open();
    incident.asks({ kind: 'resolve' });
    expect(incident.passes(MINUTE).asks({ kind: 'resolve' })).toMatchObject({
      accepted: true,
      message: 'The incident has been resolved for 1m.',
    });
  });
});

describe('hangUp', () => {
  test('hangs up without owning: the level continues with its next attempt', () => {
    const incident = open();
    expect(incident.asks({ kind: 'hangUp', by: 'sato' })).toMatchObject({ accepted: true, owner: null });
    incident.callEnds({ outcome: 'hungUp' });
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 2']);
  });

  test('again, says that it is under way', () => {
    const incident = open();
    incident.asks({ kind: 'hangUp' });
    expect(incident.asks({ kind: 'hangUp' }).accepted).toBe(true);
    expect(incident.did('hangUpCalls')).toHaveLength(1);
  });

  test('without a live call is not accepted', () => {
    const incident = open();
    incident.callEnds();
    expect(incident.asks({ kind: 'hangUp' }).accepted).toBe(false);
  });
});

describe('alert', () => {
  const changed = { summary: 'disk full on two servers', severity: 'critical' } as const;

  test('a repeat that changes nothing is recognisable, so that it costs no event', () => {
    const { state } = open();
    expect(repeatsAlert(state, { summary: 'disk full', severity: 'error' })).toBe(true);
    expect(repeatsAlert(state, changed)).toBe(false);
  });

  test.for([
    [{ summary: 'disk full', severity: 'error' }, 'nothing'],
    [{ summary: 'disk full', severity: 'critical' }, 'worse'],
    [{ summary: 'disk full', severity: 'info' }, 'change'],
    [{ summary: 'disks full', severity: 'error' }, 'change'],
  ] as const)('%j is told apart: %s; where nobody attends to it, it begins again', ([alert, effect]) => {
    const { state } = open();
    expect(effectOf(state, alert)).toBe(effect);
    const phase = {
      kind: 'snoozed',
      step: 'primary',
      timer: { id: 1, at: 0 },
      unattended: { kind: 'exhausted' },
    } as const;
    expect(effectOf({ ...state, phase }, alert)).toBe('beginsAgain');
  });

  test('a change is recorded, and disturbs no call', () => {
    const incident = open();
    expect(incident.asks({ kind: 'alert', alert: changed }).accepted).toBe(true);
    expect(incident.told('alertChanged')).toMatchObject([{ from: { severity: 'error' }, to: changed }]);
    expect(incident.state.alert).toEqual(changed);
    expect(incident.placed).toEqual(['primary 1']);
  });
});

describe('an incident that is over', () => {
  test.for(['acknowledge', 'escalate', 'snooze', 'hangUp'] as const)('answers %s, and stays over', (kind) => {
    const incident = open();
    incident.asks({ kind: 'resolve', by: 'sato' });
    expect(incident.asks({ kind })).toMatchObject({ accepted: false, state: 'resolved', owner: api('sato') });
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.asks({ kind })).toMatchObject({ accepted: false, state: 'resolved' });
    expect(incident.did('close')).toHaveLength(1);
  });

  test('is cancelled only once everything that rings is hung up', () => {
    const incident = open();
    incident.happens({ kind: 'cancelled' });
    expect(incident.contractState).toBe('cancelled');
    expect(incident.did('close')).toHaveLength(0);
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.did('close')).toMatchObject([{ state: 'cancelled' }]);
  });

  test('that is resolved stays resolved when it is cancelled', () => {
    const incident = open();
    incident.asks({ kind: 'resolve' });
    incident.happens({ kind: 'cancelled' });
    expect(incident.contractState).toBe('resolved');
  });

  test('a timer of before changes nothing', () => {
    const incident = open();
    incident.callEnds();
    incident.asks({ kind: 'resolve' });
    const { state } = incident;
    incident.happens({ kind: 'timerFired', timer: 2 });
    expect(incident.state).toEqual(state);
  });
});

describe('at its edges', () => {
  test('hangUp of the last attempt does not promise a next attempt', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 1 }) }));
    const { message } = incident.asks({ kind: 'hangUp', by: 'sato' });
    incident.callEnds({ outcome: 'hungUp', calls: 1 });
    expect(incident.contractState).toBe('exhausted');
    expect(message).not.toContain('next attempt');
  });

  test('the parameters of an alert do not pile up', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    for (let report = 0; report < 1_000; report += 1) {
      const parameters = { [`value-${report}`]: 'x'.repeat(100) };
      incident.asks({
        kind: 'alert',
        alert: { summary: 'disk full', severity: 'error', parameters },
      });
    }
    expect(JSON.stringify(incident.state).length).toBeLessThan(20_000);
  });
});
