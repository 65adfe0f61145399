import { describe, expect, test } from 'vitest';
import { decideLevel } from '../../src/incident/level.js';
import type { CallOutcome } from '../../src/incident/state.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const toManager = { otherwise: { kind: 'escalate', step: 'manager' } } as const;

describe('a level', () => {
  test('opening an incident places the first attempt of the start step at once', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    expect(incident.actions).toEqual([
      {
        kind: 'placeCalls',
        level: 1,
        step: 'primary',
        attempt: 1,
        calls: [{ id: 1, call: { callflowId: 'flow', guidanceId: 'guidance' } }],
      },
    ]);
    expect(incident.contractState).toBe('triggered');
  });

  test('the next attempt begins `every` after the end of the one before', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 2, every: '5m' }) }));
    incident.passes(40_000).callEnds();
    expect(incident.did('startTimer')).toMatchObject([{ at: 40_000 + 5 * MINUTE }]);
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 2']);
  });

  test('when its attempts are used up, `otherwise` decides', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 2, ...toManager }), manager: step() }));
    incident.callEnds();
    incident.timerFires();
    incident.callEnds();
    expect(incident.placed).toEqual(['primary 1', 'primary 2', 'manager 1']);
    expect(incident.told('levelEnded')).toMatchObject([{ step: 'primary', outcome: 'unanswered', calls: 2 }]);
  });

  test('an unlimited one keeps calling', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 'unlimited' }) }));
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      incident.callEnds();
      incident.timerFires();
    }
    expect(incident.placed).toHaveLength(21);
    expect(incident.state.level.number).toBe(1);
  });

  test('with nobody reached and nothing after it, an incident that a caller waits for is exhausted and closes', () => {
    const incident = new Incident(policyOf({ primary: step() }), { until: 'acknowledged' });
    incident.callEnds();
    expect(incident.contractState).toBe('exhausted');
    expect(incident.did('close')).toEqual([
      { kind: 'close', state: 'exhausted', owner: null, keyInput: null, placedCalls: 1 },
    ]);
  });

  test.for(['unanswered', 'rejected', 'aborted', 'timedOut', 'unknown', 'refused', 'hungUp'] satisfies CallOutcome[])(
    'a call that ended as %s uses its attempt',
    (outcome) => {
      const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
      incident.callEnds({ outcome, calls: 0 });
      expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    },
  );

  test('calls of one attempt are placed together, and the attempt ends with the last of them', () => {
    const call = [{ callflowId: 'a', guidanceId: 'g' }, { callflowId: 'b', guidanceId: 'g' }]; // prettier-ignore
    const incident = new Incident(policyOf({ primary: step({ call, attempts: 2 }) }));
    expect(incident.did('placeCalls')[0]?.calls).toEqual([
      { id: 1, call: call[0] },
      { id: 2, call: call[1] },
    ]);
    incident.callEnds();
    expect(incident.state.level.waiting).toBeNull();
    incident.callEnds();
    expect(incident.state.level.waiting).not.toBeNull();
  });

  test('never begins while a call of the one before still rings', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.asks({ kind: 'escalate' });
    expect(incident.placed).toEqual(['primary 1']);
    incident.passes(2_000).callEnds({ outcome: 'hungUp' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
  });

  test('a circle in which no telephone rings goes round once, and then begins again at the start after a pause', () => {
    const there = { kind: 'escalate', step: 'there' } as const;
    const here = { kind: 'escalate', step: 'here' } as const;
    const incident = new Incident(policyOf({ here: step({ otherwise: there }), there: step({ otherwise: here }) }));
    incident.callEnds({ outcome: 'refused', calls: 0 });
    incident.callEnds({ outcome: 'refused', calls: 0 });
    expect(incident.placed).toEqual(['here 1', 'there 1']);
    expect(incident.told('nothingRang')).toMatchObject([{ step: 'here', until: 10_000 }]);
    expect(incident.contractState).toBe('blocked');
    incident.timerFires();
    incident.callEnds();
    expect(incident.placed).toEqual(['here 1', 'there 1', 'here 1', 'there 1']);
  });

  test('a timer of the past changes nothing', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 3 }) }));
    incident.callEnds();
    incident.timerFires();
    const { state } = incident;
    expect(incident.happens({ kind: 'timerFired', timer: 2 })).toEqual({
      state,
      actions: [],
      timeline: [],
      answer: null,
    });
  });

  test('a call that nobody knows changes nothing', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    const { state } = incident;
    expect(incident.callEnds({ call: 99, keyInput: '1' })).toMatchObject({ state, actions: [], timeline: [] });
  });
});

describe('at its edges', () => {
  test('a lost level with unlimited attempts begins again, it does not end the incident as exhausted', () => {
    const policy = policyOf({
      primary: step({ otherwise: { kind: 'escalate', step: 'duty' } }),
      duty: step({ attempts: 'unlimited' }),
    });
    const incident = new Incident(policy, { branches: 'elsewhere' });
    incident.callEnds();
    expect(incident.state.level).toMatchObject({
      step: 'duty',
      runs: 'elsewhere',
    });
    incident.happens({ kind: 'levelLost', level: 2, message: 'terminated' });
    expect(incident.contractState).toBe('triggered');
  });

  test.for([
    [1, 'exhausted', 2],
    ['unlimited', 'triggered', 3],
  ] as const)('a level of %s attempts that somebody cancelled leads to %s', ([attempts, state, number]) => {
    const policy = policyOf({
      primary: step({ otherwise: { kind: 'escalate', step: 'duty' } }),
      duty: step({ attempts }),
    });
    const incident = new Incident(policy, { branches: 'elsewhere' });
    incident.callEnds();
    const cancelled = decideLevel(policy, incident.state.level, { kind: 'levelCancelled', at: 0 });
    const [call] = incident.state.level.live;
    const ended = { kind: 'callEnded', at: 0, outcome: 'hungUp', keyInput: null, contact: null, calls: 1 } as const;
    const { level, timeline } = decideLevel(policy, cancelled.level, { ...ended, call: call?.id ?? 0 });
    incident.happens({ kind: 'levelReported', level, timeline: [...cancelled.timeline, ...timeline] });
    expect(incident.told('levelCancelled')).toMatchObject([{ level: 2, step: 'duty' }]);
    expect(incident.contractState).toBe(state);
    expect(incident.state.level.number).toBe(number);
  });
});
