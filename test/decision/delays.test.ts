import { describe, expect, test } from 'vitest';
import { describeEntry } from '../../src/incident/describe-entry.js';
import type { Severity } from '../../src/contract/severity.js';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const AFTER = { error: '2m', warning: '10m' } as const;
const opened = (severity: Severity, part: object = {}) =>
  new Incident(policyOf({ primary: step({ after: AFTER, attempts: 2 }), manager: step() }), {
    alert: { summary: 'disk full', severity },
    ...part,
  });

describe('`after` of the first step', () => {
  test.for([
    ['critical', 0],
    ['error', 2],
    ['warning', 10],
    ['info', 0],
  ] as const)('calls nobody of a %s before it has been open for %s minutes', ([severity, minutes]) => {
    const incident = opened(severity);
    if (minutes > 0) incident.timerFires();
    expect({ placed: incident.placed, now: incident.now }).toEqual({ placed: ['primary 1'], now: minutes * MINUTE });
    expect(incident.contractState).toBe('triggered');
  });

  test('is not waited for again: not by the next attempt, nor after a snooze, an owner or a person', () => {
    const incident = opened('error');
    incident.timerFires();
    incident.callEnds();
    incident.timerFires();
    incident.asks({ kind: 'snooze', for: '1m' });
    incident.callEnds({ outcome: 'hungUp' });
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1', 'primary 2', 'primary 1']);
    expect(incident.now).toBe(2 * MINUTE + MINUTE + MINUTE);
  });

  test('calls nobody when it ends before', () => {
    const incident = opened('error');
    incident.passes(MINUTE).asks({ kind: 'resolve' });
    expect({ placed: incident.placed, state: incident.contractState }).toEqual({ placed: [], state: 'resolved' });
  });

  test('a person who escalates does not wait for it', () => {
    const incident = opened('error');
    incident.passes(MINUTE).asks({ kind: 'escalate', to: 'primary' });
    expect(incident.placed).toEqual(['primary 1']);
  });

  test.for([
    ['warning', 'error', 1, 2],
    ['warning', 'error', 5, 5],
    ['warning', 'critical', 1, 1],
    ['error', 'critical', 1, 1],
    ['error', 'warning', 1, 2],
  ] as const)('a %s that becomes %s after %s minutes is called after %s', ([from, to, at, calledAt]) => {
    const incident = opened(from);
    incident.passes(at * MINUTE).asks({ kind: 'alert', alert: { summary: 'disk full', severity: to } });
    if (calledAt > at) incident.timerFires();
    expect({ placed: incident.placed, now: incident.now }).toEqual({ placed: ['primary 1'], now: calledAt * MINUTE });
  });

  test('a step that is better meanwhile and then worse again is called as soon as it says', () => {
    const incident = opened('warning');
    for (const severity of ['info', 'error'] as const)
      incident.passes(MINUTE / 2).asks({ kind: 'alert', alert: { summary: 'disk full', severity } });
    incident.timerFires();
    expect({ placed: incident.placed, now: incident.now }).toEqual({ placed: ['primary 1'], now: 2 * MINUTE });
  });

  test('does not count for what has opened again and again', () => {
    expect(opened('error', { atOnce: true }).placed).toEqual(['primary 1']);
  });

  test('of a later step counts from the opening too', () => {
    const incident = new Incident(
      policyOf({
        primary: step({ otherwise: { kind: 'escalate', step: 'manager' } }),
        manager: step({ after: AFTER }),
      }),
    );
    incident.passes(MINUTE).callEnds();
    expect(incident.placed).toEqual(['primary 1']);
    incident.timerFires();
    expect({ placed: incident.placed, now: incident.now }).toEqual({
      placed: ['primary 1', 'manager 1'],
      now: 2 * MINUTE,
    });
  });
});

describe('a pause between two levels', () => {
  const paused = () =>
    new Incident(
      policyOf({
        primary: step({ otherwise: { kind: 'escalate', step: 'manager', after: '10m' } }),
        manager: step(),
      }),
    );

  test('lasts from the end of the calls to the first of the next level', () => {
    const incident = paused();
    incident.passes(MINUTE).callEnds();
    expect(incident.placed).toEqual(['primary 1']);
    expect(incident.told('waiting').map(describeEntry)).toEqual([
      '"manager" is called in 10m: the policy waits so long before it.',
    ]);
    incident.timerFires();
    expect({ placed: incident.placed, now: incident.now }).toEqual({
      placed: ['primary 1', 'manager 1'],
      now: 11 * MINUTE,
    });
  });

  test('is over when a person escalates, or takes it', () => {
    const escalated = paused();
    escalated.callEnds();
    escalated.passes(MINUTE).asks({ kind: 'escalate', to: 'manager' });
    expect(escalated.placed).toEqual(['primary 1', 'manager 1']);
    const taken = paused();
    taken.callEnds();
    taken.passes(MINUTE).asks({ kind: 'acknowledge', by: '佐藤' });
    expect({ placed: taken.placed, state: taken.contractState }).toEqual({
      placed: ['primary 1'],
      state: 'acknowledged',
    });
  });
});

describe('rounds', () => {
  const thrice = (part: Partial<Parameters<typeof policyOf>[1]> = {}) =>
    new Incident(policyOf({ primary: step() }, { rounds: { times: 3, every: '10m' }, ...part }));

  test('begin the policy again as often as it says in all, and then it is exhausted', () => {
    const incident = thrice();
    for (let round = 1; round < 3; round += 1) {
      incident.callEnds();
      expect(incident.contractState).toBe('triggered');
      incident.timerFires();
    }
    incident.callEnds();
    expect(incident.contractState).toBe('exhausted');
    expect({ placed: incident.placed.length, now: incident.now }).toEqual({ placed: 3, now: 20 * MINUTE });
    expect(incident.told('roundEnded').map(({ round }) => round)).toEqual([1, 2]);
  });

  test('a round in which nothing rang is none', () => {
    const incident = thrice();
    incident.callEnds({ outcome: 'refused', calls: 0 });
    expect(incident.contractState).toBe('blocked');
    incident.timerFires();
    for (let round = 1; round < 3; round += 1) {
      incident.callEnds();
      incident.timerFires();
    }
    incident.callEnds();
    expect(incident.contractState).toBe('exhausted');
    expect(incident.placed.length).toBe(4);
  });

  test('begin to count again when a report begins the policy again', () => {
    const incident = thrice();
    const round = () => {
      incident.callEnds();
      if (incident.contractState === 'triggered') incident.timerFires();
    };
    for (let number = 0; number < 3; number += 1) round();
    incident.asks({ kind: 'alert', alert: { summary: 'disk full', severity: 'error' } });
    for (let number = 0; number < 3; number += 1) round();
    expect({ placed: incident.placed.length, state: incident.contractState }).toEqual({
      placed: 6,
      state: 'exhausted',
    });
  });
});

describe('`resolveWithin: never`', () => {
  const NEVER = { resolveWithin: 'never', otherwise: { kind: 'escalate', step: 'primary' } } as const;
  const owned = (part: object = {}) => {
    const incident = new Incident(policyOf({ primary: step() }, { acknowledged: NEVER, ...part }));
    incident.callEnds({ keyInput: '1' });
    return incident;
  };

  test('leaves it with its owner', () => {
    const incident = owned();
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.told('acknowledged').map(describeEntry).join()).toContain('Nobody is called until it is resolved.');
    expect(() => incident.timerFires()).toThrow(/No timer/);
    expect(incident.asks({ kind: 'acknowledge', by: '佐藤', takeOver: true }).message).toContain('佐藤');
    expect(incident.asks({ kind: 'resolve' }).accepted).toBe(true);
  });

  test('worse news call its owner all the same, and it stays with them', () => {
    const incident = owned({ worse: 'call', contacts: { tanaka: { name: '田中' } } });
    const worse = { kind: 'alert', alert: { summary: 'disk full', severity: 'critical' } } as const;
    incident.asks(worse);
    expect(incident.placed.length).toBe(2);
    incident.callEnds();
    expect(incident.contractState).toBe('acknowledged');
    expect(() => incident.timerFires()).toThrow(/No timer/);
  });
});
