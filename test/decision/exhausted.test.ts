import { describe, expect, test } from 'vitest';
import { decide } from '../../src/incident/decide.js';
import { describeEntry } from '../../src/incident/describe-entry.js';
import { HOUR, Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const DAY = 24 * HOUR;
const POLICY = policyOf({
  primary: step({ otherwise: { kind: 'escalate', step: 'manager' } }),
  manager: step(),
});
const REFUSED = { outcome: 'refused', calls: 0, message: '404: no such call flow' } as const;
const ALERT = { summary: 'disk full', severity: 'error' } as const;

/** Both steps have rung, and nobody took it. */
function exhausted(): Incident {
  const incident = new Incident(POLICY);
  incident.callEnds();
  incident.passes(MINUTE).callEnds();
  return incident;
}
/** The whole policy, and no telephone rang. */
function inVain(incident: Incident): Incident {
  incident.callEnds(REFUSED);
  incident.callEnds(REFUSED);
  return incident;
}

describe('an incident that is exhausted', () => {
  test('stays open, unattended, and says until when', () => {
    const incident = exhausted();
    expect(incident.contractState).toBe('exhausted');
    expect(incident.did('close')).toEqual([]);
    expect(incident.told('exhausted')).toEqual([{ at: MINUTE, kind: 'exhausted', until: MINUTE + DAY }]);
  });

  test('closes as exhausted after a day without news, and calls nobody until then', () => {
    const incident = exhausted();
    incident.timerFires();
    expect(incident.now).toBe(MINUTE + DAY);
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    expect(incident.did('close')).toMatchObject([{ state: 'exhausted', owner: null, placedCalls: 2 }]);
  });

  test.for([
    ['an unchanged repeat', ALERT],
    ['a changed one', { ...ALERT, summary: 'disk full again' }],
    ['one that is less grave', { ...ALERT, severity: 'info' }],
  ] as const)('that is reported again, %s, begins the policy again', ([, alert]) => {
    const incident = exhausted();
    const answer = incident.passes(HOUR).asks({ kind: 'alert', alert });
    expect(answer).toMatchObject({ accepted: true, state: 'triggered' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
    expect(incident.state.alert).toEqual(alert);
    expect(incident.told('begunAgain')).toMatchObject([{ step: 'primary' }]);
  });

  test('can be exhausted again, and its day begins again', () => {
    const incident = exhausted();
    incident.passes(HOUR).asks({ kind: 'alert', alert: ALERT });
    incident.callEnds();
    incident.callEnds();
    expect(incident.told('exhausted').at(-1)).toMatchObject({ until: MINUTE + HOUR + DAY });
  });

  test('is owned by a person who acknowledges, and resolved by a person or by the end of its alert', () => {
    const owned = exhausted();
    expect(owned.asks({ kind: 'acknowledge', by: 'sato' })).toMatchObject({ accepted: true, state: 'acknowledged' });
    const resolved = exhausted();
    expect(resolved.asks({ kind: 'resolve', by: 'zabbix' })).toMatchObject({ accepted: true, state: 'resolved' });
    expect(resolved.did('close')).toMatchObject([{ state: 'resolved' }]);
  });

  test('is called again by a person who escalates, and rests by one who snoozes', () => {
    const escalated = exhausted();
    expect(escalated.asks({ kind: 'escalate', to: 'manager' })).toMatchObject({ accepted: true, state: 'triggered' });
    const snoozed = exhausted();
    expect(snoozed.asks({ kind: 'snooze', for: '10m' })).toMatchObject({ accepted: true, state: 'snoozed' });
    snoozed.timerFires();
    expect(snoozed.placed.at(-1)).toBe('primary 1');
  });

  test('closes at once where a caller waits for its key', () => {
    const incident = new Incident(POLICY, { until: 'acknowledged' });
    incident.callEnds();
    incident.callEnds();
    expect(incident.did('close')).toMatchObject([{ state: 'exhausted' }]);
  });
});

describe('a round in which no telephone rang', () => {
  test.for(['resolved', 'acknowledged'] as const)(
    'is not exhausted (until %s): it is blocked, with who and why, and begins again at the start',
    (until) => {
      const incident = inVain(new Incident(POLICY, { until }));
      expect(incident.contractState).toBe('blocked');
      const [entry] = incident.told('nothingRang');
      expect(entry).toMatchObject({ step: 'primary', until: 10_000 });
      expect(entry?.reason).toMatch(/"manager".*404: no such call flow/);
      incident.timerFires();
      expect(incident.contractState).toBe('triggered');
      expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
    },
  );

  test('is followed by pauses of 10, 20, 40 s … 10 min', () => {
    const incident = inVain(new Incident(POLICY));
    const pauses = Array.from({ length: 9 }, () => {
      const before = incident.now;
      incident.timerFires();
      inVain(incident);
      return (incident.now - before) / 1000;
    });
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  });

  test('ends after a day, cancelled, since nobody was reached and nobody was tried in vain', () => {
    const incident = inVain(new Incident(POLICY));
    while (incident.did('close').length === 0) {
      incident.timerFires();
      if (incident.live.length > 0) inVain(incident);
    }
    expect(incident.now).toBe(DAY);
    expect(incident.did('close')).toMatchObject([{ state: 'cancelled', owner: null, placedCalls: 0 }]);
    expect(incident.told('neverRang')).toHaveLength(1);
  });

  test('after one that rang is exhausted only if a telephone rang since', () => {
    const incident = exhausted();
    incident.asks({ kind: 'alert', alert: ALERT });
    inVain(incident);
    expect(incident.contractState).toBe('blocked');
    incident.timerFires();
    incident.callEnds();
    incident.callEnds(REFUSED);
    expect(incident.contractState).toBe('exhausted');
  });

  test('begins its pauses and its day again once a telephone has rung', () => {
    const incident = inVain(new Incident(POLICY));
    incident.timerFires();
    incident.callEnds();
    incident.callEnds();
    incident.passes(HOUR).asks({ kind: 'alert', alert: ALERT });
    inVain(incident);
    expect(incident.told('nothingRang').at(-1)).toMatchObject({ until: incident.now + 10_000 });
  });

  test('leaves the buttons to people', () => {
    const blocked = () => inVain(new Incident(POLICY));
    expect(blocked().asks({ kind: 'acknowledge', by: 'sato' })).toMatchObject({ accepted: true });
    expect(blocked().asks({ kind: 'resolve' })).toMatchObject({ accepted: true, state: 'resolved' });
    const escalated = blocked();
    escalated.asks({ kind: 'escalate', to: 'manager' });
    expect(escalated.placed.at(-1)).toBe('manager 1');
  });
});

describe('by the rules of before', () => {
  const ended = { kind: 'callEnded', outcome: 'unanswered', keyInput: null, contact: null } as const;

  test.for([0, 1])('an incident that is exhausted closes at once, also after %s calls', (calls) => {
    const { policy, state, live } = new Incident(policyOf({ primary: step() }));
    const event = { ...ended, at: 5, call: live[0] ?? 0, calls };
    const decision = decide(policy, state, event, 'before');
    expect(decision).not.toHaveProperty('differs');
    expect(decision.actions).toMatchObject([{ kind: 'close', state: 'exhausted' }]);
    expect(decide(policy, state, event).differs).toBe(true);
  });

  test('what does not end a round is the same by both', () => {
    const { policy, state, live } = new Incident(POLICY);
    const event = { ...ended, at: 5, call: live[0] ?? 0, calls: 1 };
    expect(decide(policy, state, event)).toEqual(decide(policy, state, event, 'before'));
  });

  test('what they told is still told in words', () => {
    expect(describeEntry({ at: 0, kind: 'exhausted' })).toBe(
      'EXHAUSTED: the policy has ended, and nobody was reached.',
    );
  });
});
