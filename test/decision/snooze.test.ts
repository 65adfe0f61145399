import { describe, expect, test } from 'vitest';
import { durationMs } from '../../src/contract/duration.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({
  primary: step({ attempts: 2, otherwise: { kind: 'escalate', step: 'manager' } }),
  manager: step(),
  database: step(),
});
const open = () => new Incident(POLICY);

describe('snooze', () => {
  test('hangs up, calls nobody, and then the same step again', () => {
    const incident = open();
    expect(incident.asks({ kind: 'snooze', for: '10m', by: 'sato' })).toMatchObject({
      accepted: true,
      state: 'snoozed',
      message: 'Nobody is called for 10m; then "primary" is called again.',
    });
    incident.callEnds({ outcome: 'hungUp' });
    incident.timerFires();
    expect(incident.now).toBe(10 * MINUTE);
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });

  test('for half an hour when it does not say', () => {
    const incident = open();
    incident.asks({ kind: 'snooze' });
    expect(incident.told('snoozed')).toMatchObject([{ until: 30 * MINUTE, by: 'external' }]);
  });

  test('while snoozed, is counted from now', () => {
    const incident = open();
    incident.asks({ kind: 'snooze', for: '10m' });
    incident.passes(5 * MINUTE).asks({ kind: 'snooze', for: '10m' });
    incident.callEnds({ outcome: 'hungUp' });
    incident.timerFires();
    expect(incident.now).toBe(15 * MINUTE);
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });

  test('for something that is no time, changes nothing', () => {
    const incident = open();
    expect(incident.asks({ kind: 'snooze', for: 'a while' })).toMatchObject({ accepted: false, state: 'triggered' });
  });

  test('that is over before the calls are hung up waits for them', () => {
    const incident = open();
    incident.asks({ kind: 'snooze', for: '1s' });
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1']);
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });
});

describe('at its edges', () => {
  test('a snooze that cannot be meant is refused, as the policy file refuses it (at most 7d)', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    expect(durationMs('999999d')).toBeGreaterThan(2_000 * 365 * 24 * 60 * MINUTE);
    expect(incident.asks({ kind: 'snooze', for: '999999d' }).accepted).toBe(false);
  });
});
