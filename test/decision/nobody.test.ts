import { describe, expect, test } from 'vitest';
import { describeEntry } from '../../src/incident/describe-entry.js';
import { Incident } from './incident.js';
import { policyOf, step } from './policy-of.js';

const toManager = { otherwise: { kind: 'escalate', step: 'manager' } } as const;
const nobody = { outcome: 'nobody', calls: 0, message: 'nobody is on duty by "web".' } as const;
const together = [{ callflowId: 'a', guidanceId: 'g' }, { callflowId: 'b', guidanceId: 'g' }]; // prettier-ignore

describe('a call for which there is nobody', () => {
  test.for([1, 3, 'unlimited'] as const)('ends its level of %s attempts at once: the next is called', (attempts) => {
    const incident = new Incident(policyOf({ primary: step({ ...toManager, attempts }), manager: step() }));
    incident.callEnds(nobody);
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    expect(incident.told('levelEnded')).toMatchObject([{ step: 'primary', outcome: 'nobody', calls: 0 }]);
    expect(incident.told('callEnded').map(describeEntry).join()).toContain('NOBODY WAS CALLED (nobody is on duty');
  });

  test('beside one that rang leaves its level as it was', () => {
    const incident = new Incident(policyOf({ primary: step({ ...toManager, call: together, attempts: 2 }), manager: step() })); // prettier-ignore
    incident.callEnds(nobody);
    incident.callEnds();
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 2']);
  });

  test('in a whole round: it begins again, blocked, and is never exhausted', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.callEnds(nobody);
    incident.callEnds(nobody);
    expect(incident.contractState).toBe('blocked');
    expect(incident.told('exhausted')).toEqual([]);
    expect(incident.told('nothingRang').map(describeEntry).join()).toContain('nobody is on duty by "web"');
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
  });

  test('in a circle goes round only once an `every`', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step({ otherwise: { kind: 'escalate', step: 'primary' } }) })); // prettier-ignore
    for (let calls = 0; calls < 2; calls += 1) incident.callEnds(nobody);
    expect(incident.placed.length).toBeLessThanOrEqual(3);
    expect(incident.contractState).toBe('blocked');
  });
});

test('whom a level has called is kept for its next attempt, and is not of the next level', () => {
  const incident = new Incident(policyOf({ primary: step({ ...toManager, attempts: 2 }), manager: step() }));
  const people = [{ handle: 'tanaka', name: '田中' }];
  incident.happens({ kind: 'calleesFound', call: incident.live[0] ?? 0, people, missing: [] });
  incident.callEnds();
  incident.timerFires();
  expect(incident.state.level.called).toEqual(['tanaka']);
  incident.callEnds();
  expect(incident.placed.at(-1)).toBe('manager 1');
  expect(incident.state.level.called ?? []).toEqual([]);
});
