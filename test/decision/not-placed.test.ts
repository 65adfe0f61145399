import { describe, expect, test } from 'vitest';
import { describeEntry } from '../../src/incident/describe-entry.js';
import { givesWay } from '../../src/incident/level.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const toManager = { otherwise: { kind: 'escalate', step: 'manager' } } as const;
const rejected = { outcome: 'rejected', calls: 0, hadNoRoom: true } as const;

describe('a call for which the queue stayed full', () => {
  test('uses no attempt; its level gives way to the next, which is named', () => {
    const incident = new Incident(policyOf({ primary: step({ ...toManager, attempts: 3 }), manager: step() }));
    incident.passes(30 * MINUTE).callEnds(rejected);
    expect(incident.placed).toEqual(['primary 1', 'manager 1']);
    expect(incident.told('levelEnded')).toMatchObject([{ step: 'primary', outcome: 'notPlaced', calls: 0 }]);
    const told = incident.told('levelEnded').map(describeEntry);
    expect(told.join()).toContain('Pigeon had no place for it, or no line');
  });

  test('and its level returns in the next round, never exhausted', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.passes(30 * MINUTE).callEnds(rejected);
    incident.passes(30 * MINUTE).callEnds(rejected);
    expect(incident.told('exhausted')).toEqual([]);
    expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
    incident.callEnds({ keyInput: '1' });
    expect(incident.contractState).toBe('acknowledged');
  });

  test('of the only step is placed again, with the same attempt', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 1 }) }));
    incident.callEnds(rejected);
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
    expect(incident.told('levelEnded')).toEqual([]);
  });

  test('does not take the attempt from another that rang', () => {
    const call = [{ callflowId: 'a', guidanceId: 'g' }, { callflowId: 'b', guidanceId: 'g' }]; // prettier-ignore
    const incident = new Incident(policyOf({ primary: step({ ...toManager, call }), manager: step() }));
    incident.callEnds();
    incident.callEnds(rejected);
    expect(incident.told('levelEnded')).toMatchObject([{ step: 'primary', outcome: 'unanswered', calls: 1 }]);
  });

  test('is told once when it begins to wait, and when it has its place; the incident stays triggered', () => {
    const incident = new Incident(policyOf({ primary: step() }));
    const call = incident.live[0] ?? 0;
    for (let times = 0; times < 3; times += 1) incident.happens({ kind: 'callWaiting', call, reason: 'It is full.' });
    expect(incident.contractState).toBe('triggered');
    expect(incident.told('callWaiting')).toMatchObject([{ step: 'primary', call, reason: 'It is full.' }]);
    incident.happens({ kind: 'callTaken', call });
    expect(incident.told('callTaken')).toHaveLength(1);
    expect(incident.state.level.live).toMatchObject([{ id: call, blocked: null }]);
    expect(incident.state.level.live[0]).not.toHaveProperty('waiting');
  });
});

describe('a round in which a level gave way', () => {
  test('is followed by another, although the next level rang: who had no place is called', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.passes(30 * MINUTE).callEnds(rejected);
    incident.callEnds();
    expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
    expect(incident.told('exhausted')).toEqual([]);
  });

  test('is not exhausted by the round after it, in which nothing rang', () => {
    const incident = new Incident(policyOf({ primary: step(toManager), manager: step() }));
    incident.callEnds();
    incident.passes(30 * MINUTE).callEnds(rejected);
    for (const _ of ['primary', 'manager']) incident.callEnds({ outcome: 'refused', calls: 0 });
    expect(incident.told('exhausted')).toEqual([]);
    expect(incident.contractState).toBe('blocked');
  });
});

test.for([
  ['the first of two', { ...toManager }, 1, true],
  ['the last of two', {}, 2, true],
  ['the only one', {}, 1, false],
  ['one that leads to itself', { otherwise: { kind: 'escalate', step: 'primary' } }, 1, false],
  ['one that calls until somebody takes it', { attempts: 'unlimited' }, 2, false],
] as const)('%s gives way: %j', ([, part, number, gives]) => {
  const policy = policyOf({ primary: step(number === 1 ? part : toManager), manager: step(number === 1 ? {} : part) });
  const { level } = new Incident(policy).state;
  expect(givesWay(policy, { ...level, number, step: number === 1 ? 'primary' : 'manager' })).toBe(gives);
});
