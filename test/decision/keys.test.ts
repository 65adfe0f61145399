import { describe, expect, test } from 'vitest';
import type { KeyAction } from '../../src/contract/policy-schema.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const KEYS = {
  '1': { kind: 'acknowledge' },
  '2': { kind: 'escalate', step: 'database' },
  '3': { kind: 'resolve' },
  '4': { kind: 'snooze', for: '30m' },
  '5': { kind: 'next' },
  '6': { kind: 'leave' },
} satisfies Record<string, KeyAction>;
const two = [{ callflowId: 'a', guidanceId: 'g' }, { callflowId: 'b', guidanceId: 'g' }]; // prettier-ignore
const incidentOf = (part: Parameters<typeof step>[0] = {}) =>
  new Incident(
    policyOf({
      primary: step({ keys: KEYS, otherwise: { kind: 'escalate', step: 'manager' }, ...part }),
      database: step(),
      manager: step(),
    }),
  );
const tanaka = { by: '田中', via: 'key', step: 'primary', keyInput: '1' };

describe('a key that was pressed', () => {
  test('acknowledge: the person who pressed it owns the incident, and nobody is called any more', () => {
    const incident = incidentOf();
    incident.passes(8_000).callEnds({ keyInput: '1' });
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.state.phase).toMatchObject({ kind: 'acknowledged', owner: tanaka });
    expect(incident.did('startTimer')).toMatchObject([{ at: 8_000 + 240 * MINUTE }]);
  });

  test('escalate: the named step is called at once', () => {
    const incident = incidentOf({ attempts: 3 });
    incident.callEnds({ keyInput: '2' });
    expect(incident.placed).toEqual(['primary 1', 'database 1']);
    expect(incident.told('levelEnded')).toMatchObject([{ outcome: 'answered', keyInput: '2', contact: '田中' }]);
  });

  test('resolve: the incident ends, and the presser is its owner', () => {
    const incident = incidentOf();
    incident.callEnds({ keyInput: '3' });
    expect(incident.did('close')).toMatchObject([{ state: 'resolved', owner: { by: '田中' }, keyInput: '3' }]);
  });

  test('snooze: nobody is called until then, and then the same step', () => {
    const incident = incidentOf();
    incident.callEnds({ keyInput: '4' });
    expect(incident.contractState).toBe('snoozed');
    incident.timerFires();
    expect(incident.now).toBe(30 * MINUTE);
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
    expect(incident.state.level.number).toBe(2);
  });

  test.for(['5', '6'])('next and leave (key %s) decide nothing: the level continues', (keyInput) => {
    const incident = incidentOf({ attempts: 2 });
    incident.callEnds({ keyInput });
    expect(incident.state.level.waiting).not.toBeNull();
    expect(incident.state.level.attempts).toBe(1);
  });

  test('one that the policy does not name counts as `otherwise`, even with attempts left', () => {
    const incident = incidentOf({ attempts: 3 });
    incident.callEnds({ keyInput: '9' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
  });

  test('one named like a property of every object counts as `otherwise` too', () => {
    const incident = incidentOf();
    incident.callEnds({ keyInput: 'constructor' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
  });

  test('of calls placed together the first key wins, and the others are hung up', () => {
    const incident = incidentOf({ call: two });
    incident.callEnds({ keyInput: '1' });
    expect(incident.did('hangUpCalls')).toEqual([{ kind: 'hangUpCalls', calls: [2] }]);
    expect(incident.contractState).toBe('acknowledged');
  });

  test('before the hang-up but reported after it, is kept, and changes nothing', () => {
    const incident = incidentOf({ call: two });
    incident.callEnds({ keyInput: '1' });
    const before = incident.state.phase;
    incident.callEnds({ keyInput: '1', contact: '山田' });
    expect(incident.state.phase).toEqual(before);
    expect(incident.told('alsoAcknowledged')).toMatchObject([{ contact: '山田', keyInput: '1', step: 'primary' }]);
  });

  test('at a level that is over is late: it changes nothing, and the timeline says so', () => {
    const incident = incidentOf();
    incident.asks({ kind: 'snooze', for: '10m' });
    incident.callEnds({ keyInput: '3' });
    expect(incident.contractState).toBe('snoozed');
    expect(incident.told('keyLate')).toMatchObject([{ keyInput: '3', step: 'primary' }]);
  });

  test('before a hang-up that somebody asked for, while the level continues, decides', () => {
    const incident = incidentOf();
    incident.asks({ kind: 'hangUp', by: 'sato' });
    incident.callEnds({ outcome: 'hungUp', keyInput: '1' });
    expect(incident.contractState).toBe('acknowledged');
  });

  test('without a name, the owner is unknown', () => {
    const incident = incidentOf();
    incident.callEnds({ keyInput: '1', contact: null });
    expect(incident.state.phase).toMatchObject({ owner: { by: 'unknown' } });
  });
});
