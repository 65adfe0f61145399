import { describe, expect, test } from 'vitest';
import { Incident } from './incident.js';
import { policyOf, step } from './policy-of.js';

const toManager = { otherwise: { kind: 'escalate', step: 'manager' } } as const;

describe('a space that refuses us', () => {
  const blocked = (): Incident => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.passes(1_000).happens({ kind: 'callBlocked', call: 1, reason: 'the token has expired' });
    return incident;
  };

  test('is loud: the incident is blocked, and says why', () => {
    const incident = blocked();
    expect(incident.contractState).toBe('blocked');
    expect(incident.state.since).toBe(1_000);
    expect(incident.told('callBlocked')).toMatchObject([{ step: 'primary', reason: 'the token has expired' }]);
  });

  test('says the same reason only once', () => {
    const incident = blocked();
    incident.happens({ kind: 'callBlocked', call: 1, reason: 'the token has expired' });
    expect(incident.told('callBlocked')).toHaveLength(1);
  });

  test('keeps who blocks it, and whether anything rings, for as long as it lasts', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    const paused = { by: 'paused', nothingRings: true } as const;
    incident.happens({ kind: 'callBlocked', call: 1, reason: 'a pause, in whatever language', ...paused });
    expect(incident.state.level.live).toMatchObject([{ blockedBy: 'paused', nothingRings: true }]);
    incident.happens({ kind: 'callUnblocked', call: 1 });
    const [call] = incident.state.level.live;
    expect(call).toMatchObject({ blocked: null });
    expect(call).not.toHaveProperty('blockedBy');
    expect(call).not.toHaveProperty('nothingRings');
  });

  test('uses no attempt: a call that was only ever blocked is placed again', () => {
    const incident = blocked();
    incident.callEnds({ outcome: 'timedOut', calls: 0 });
    expect(incident.state.level.attempts).toBe(0);
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });

  test('continues automatically: unblocked, it is triggered, and the call counts', () => {
    const incident = blocked();
    incident.happens({ kind: 'callUnblocked', call: 1 });
    expect(incident.contractState).toBe('triggered');
    incident.callEnds();
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
  });

  test('is no longer loud once the blocked call is being hung up', () => {
    const incident = blocked();
    expect(incident.asks({ kind: 'hangUp' }).state).toBe('triggered');
  });

  test('can be acknowledged; the blocked call is hung up', () => {
    const incident = blocked();
    expect(incident.asks({ kind: 'acknowledge', by: 'sato' }).state).toBe('acknowledged');
    expect(incident.did('hangUpCalls')).toEqual([{ kind: 'hangUpCalls', calls: [1] }]);
  });
});
