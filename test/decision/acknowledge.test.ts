import { describe, expect, test } from 'vitest';
import { inOrder } from '../../src/incident/events.js';
import { HOUR, Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({
  primary: step({ attempts: 2, otherwise: { kind: 'escalate', step: 'manager' } }),
  manager: step(),
  database: step(),
});
const open = (until: 'resolved' | 'acknowledged' = 'resolved') => new Incident(POLICY, { until });
const api = (by: string) => ({ by, via: 'api', step: null, keyInput: null });

describe('acknowledge', () => {
  test('owns it, hangs up every live call, and says until when to resolve it', () => {
    const incident = open();
    const answer = incident.passes(5_000).asks({ kind: 'acknowledge', by: 'sato', note: 'on it' });
    expect(answer).toEqual({
      accepted: true,
      state: 'acknowledged',
      owner: api('sato'),
      since: 5_000,
      message: 'sato owns the incident. Resolve it within 4h, or the calls start again.',
    });
    expect(incident.did('hangUpCalls')).toEqual([{ kind: 'hangUpCalls', calls: [1] }]);
    expect(incident.told('acknowledged')).toMatchObject([{ note: 'on it', until: 5_000 + 4 * HOUR }]);
  });

  test('with an empty form, somebody external owns it', () => {
    expect(open().asks({ kind: 'acknowledge' }).owner).toEqual(api('external'));
  });

  test('while somebody owns it, answers who and since when', () => {
    const incident = open();
    incident.asks({ kind: 'acknowledge', by: 'sato' });
    const answer = incident.passes(3 * MINUTE).asks({ kind: 'acknowledge', by: 'kato' });
    expect(answer).toMatchObject({ accepted: false, owner: api('sato'), since: 0 });
    expect(answer.message).toBe('sato has owned the incident for 3m. Acknowledge with takeOver to own it instead.');
  });

  test('again by the owner changes nothing', () => {
    const incident = open();
    incident.asks({ kind: 'acknowledge', by: 'sato' });
    const { state } = incident;
    expect(incident.passes(MINUTE).asks({ kind: 'acknowledge', by: 'sato' }).accepted).toBe(true);
    expect(incident.state).toEqual(state);
  });

  test('with an empty form twice: it is so already, since the first answer may have been lost', () => {
    const incident = open();
    incident.asks({ kind: 'acknowledge' });
    expect(incident.asks({ kind: 'acknowledge' })).toMatchObject({ accepted: true, owner: api('external') });
    expect(incident.told('acknowledged')).toHaveLength(1);
  });

  test('with an empty form, while somebody with a name owns it, answers who', () => {
    const incident = open();
    incident.asks({ kind: 'acknowledge', by: 'sato' });
    expect(incident.asks({ kind: 'acknowledge' })).toMatchObject({ accepted: false, owner: api('sato') });
  });

  test('with takeOver, changes the owner, who has the whole time again', () => {
    const incident = open();
    incident.asks({ kind: 'acknowledge', by: 'sato' });
    const answer = incident.passes(HOUR).asks({ kind: 'acknowledge', by: 'kato', takeOver: true });
    expect(answer).toMatchObject({ accepted: true, owner: api('kato'), since: HOUR });
    expect(incident.did('startTimer').at(-1)).toMatchObject({ at: 5 * HOUR });
    expect(incident.told('takenOver')).toMatchObject([{ from: api('sato'), owner: api('kato') }]);
  });

  test('without a resolve in time, the calls start again and nobody owns it', () => {
    const incident = open();
    incident.callEnds({ keyInput: '1' });
    incident.timerFires();
    expect(incident.now).toBe(4 * HOUR);
    expect(incident.contractState).toBe('triggered');
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
    expect(incident.told('notResolvedInTime')).toHaveLength(1);
  });

  test('where that is all that is needed, closes as soon as nothing rings any more', () => {
    const incident = open('acknowledged');
    expect(incident.asks({ kind: 'acknowledge', by: 'sato' }).state).toBe('acknowledged');
    expect(incident.did('close')).toHaveLength(0);
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.did('close')).toMatchObject([{ state: 'acknowledged', owner: api('sato') }]);
  });

  test('comes before a timer of the same instant, in whatever order they arrive', () => {
    const timer = { kind: 'timerFired', at: 5, timer: 1 } as const;
    const acknowledge = { kind: 'acknowledge', at: 5 } as const;
    const ended = { kind: 'automationEnded', at: 5, run: 1 } as const;
    const earlier = { kind: 'timerFired', at: 4, timer: 2 } as const;
    expect(inOrder([timer, ended, acknowledge, earlier])).toEqual([earlier, acknowledge, ended, timer]);
  });
});

describe('at its edges', () => {
  test('the person who owns it may acknowledge again when it is over (a client that lost the answer repeats it)', () => {
    const incident = new Incident(policyOf({ primary: step() }), {
      until: 'acknowledged',
    });
    expect(incident.asks({ kind: 'acknowledge', by: 'sato' }).accepted).toBe(true);
    expect(incident.asks({ kind: 'acknowledge', by: 'sato' }).accepted).toBe(true);
  });
});
