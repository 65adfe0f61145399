import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/contract/severity.js';
import { decide } from '../../src/incident/decide.js';
import { holdsOf } from '../../src/incident/hold.js';
import type { Hold } from '../../src/incident/state.js';
import { effectOf } from '../../src/incident/updates.js';
import { HOUR, Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({ primary: step({ otherwise: { kind: 'escalate', step: 'manager' } }), manager: step() });

const silence = (part: Partial<Hold> = {}): Hold => ({
  until: 2 * HOUR,
  unless: ['critical'],
  by: 'sato',
  reason: 'new disks',
  silence: '1',
  ...part,
});

const held = (holds: readonly Hold[] = [silence()], severity: Severity = 'error'): Incident =>
  new Incident(POLICY, { alert: { summary: 'disk full', severity }, holds });

const hears = (incident: Incident, severity: Severity, holds: readonly Hold[] = [silence()]) =>
  incident.asks({ kind: 'alert', alert: { summary: `it is ${severity}`, severity }, holds });

describe('an incident that opens in a silence', () => {
  test('calls nobody until its end, and then whom the policy names, without a new report', () => {
    const incident = held();
    expect(incident.placed).toEqual([]);
    expect(incident.contractState).toBe('snoozed');
    expect(incident.told('held')).toMatchObject([{ by: 'sato', reason: 'new disks', until: 2 * HOUR }]);
    incident.timerFires();
    expect(incident.now).toBe(2 * HOUR);
    expect(incident.placed).toEqual(['primary 1']);
    expect(incident.told('holdEnded')).toMatchObject([{ why: 'over', step: 'primary' }]);
  });

  test('is called at its end also where the clock that ends it is a little behind', () => {
    const incident = held();
    const { phase } = incident.state;
    incident.now = 2 * HOUR - 3;
    incident.happens({ kind: 'timerFired', timer: phase.kind === 'snoozed' ? phase.timer.id : 0 });
    expect(incident.placed).toEqual(['primary 1']);
  });

  test('that has ended by then calls nobody', () => {
    const incident = held();
    incident.asks({ kind: 'resolve', by: 'zabbix' });
    expect(incident.did('close')).toMatchObject([{ state: 'resolved', placedCalls: 0 }]);
    expect(incident.placed).toEqual([]);
  });

  test('can be taken meanwhile, and is its owner’s then', () => {
    const incident = held();
    expect(incident.asks({ kind: 'acknowledge', by: 'kato' })).toMatchObject({ accepted: true, owner: { by: 'kato' } });
    expect(incident.passes(2 * HOUR).placed).toEqual([]);
  });

  test('is called when a person wants it so', () => {
    const incident = held();
    incident.asks({ kind: 'escalate', by: 'kato', to: 'manager' });
    expect(incident.placed).toEqual(['manager 1']);
  });

  test('is called at once where it is critical', () => {
    expect(held([silence()], 'critical').placed).toEqual(['primary 1']);
  });

  test('is held though it is critical where the silence says so', () => {
    const incident = held([silence({ unless: [] })], 'critical');
    expect(incident.placed).toEqual([]);
    incident.timerFires();
    expect(incident.placed).toEqual(['primary 1']);
  });

  test('is called at once when it becomes critical', () => {
    const incident = held();
    expect(hears(incident.passes(MINUTE), 'critical')).toMatchObject({ state: 'triggered' });
    expect(incident.placed).toEqual(['primary 1']);
    expect(incident.told('holdEnded')).toMatchObject([{ why: 'severity' }]);
  });

  test('stays held when it becomes critical where the silence says so, and when it becomes an error', () => {
    const all = [silence({ unless: [] })];
    const incident = held(all, 'warning');
    hears(incident.passes(MINUTE), 'critical', all);
    expect(incident.placed).toEqual([]);
    const other = held([silence()], 'warning');
    hears(other, 'error');
    expect(other.placed).toEqual([]);
  });

  test('is held by the silence that ends last', () => {
    const both = [silence(), silence({ silence: '2', until: 5 * HOUR, by: 'kato' })];
    const incident = held(both);
    expect(incident.told('held')).toMatchObject([{ by: 'kato', until: 5 * HOUR }]);
    incident.happens({ kind: 'silenceChanged', silence: '2', until: 0, by: 'kato' });
    expect(incident.placed).toEqual([]);
    incident.timerFires();
    expect(incident.now).toBe(2 * HOUR);
    expect(incident.placed).toEqual(['primary 1']);
  });

  test('is never held for longer than a day', () => {
    const incident = held([silence({ until: 1_000 * HOUR })]);
    incident.timerFires();
    expect(incident.now).toBe(24 * HOUR);
    expect(incident.placed).toEqual(['primary 1']);
  });

  test('of which the end cannot be read, or is over, is called', () => {
    const given = { silence: '1', by: 'sato', reason: 'new disks' };
    expect(holdsOf([{ ...given, until: 'soon' }])).toEqual([]);
    expect(held([silence({ until: 0 })]).placed).toEqual(['primary 1']);
  });
});

describe('a silence that is changed', () => {
  test('by its end calls at once what it holds', () => {
    const incident = held();
    incident.passes(MINUTE).happens({ kind: 'silenceChanged', silence: '1', until: incident.now, by: 'kato' });
    expect(incident.placed).toEqual(['primary 1']);
    expect(incident.told('holdEnded')).toMatchObject([{ why: 'ended', by: 'kato' }]);
    expect(incident.did('cancelTimer')).toHaveLength(1);
  });

  test('holds until the time that it has by then', () => {
    const incident = held();
    incident.happens({ kind: 'silenceChanged', silence: '1', until: 3 * HOUR, by: 'kato' });
    incident.timerFires();
    expect(incident.now).toBe(3 * HOUR);
    expect(incident.placed).toEqual(['primary 1']);
  });

  test.for(['triggered', 'acknowledged', 'snoozed', 'otherwise held'] as const)(
    'changes nothing of an incident that is %s',
    (state) => {
      const incident = state === 'otherwise held' ? held([silence({ silence: '2' })]) : new Incident(POLICY);
      if (state === 'acknowledged') incident.asks({ kind: 'acknowledge', by: 'kato' });
      if (state === 'snoozed') incident.asks({ kind: 'snooze', by: 'kato' });
      const { state: before } = incident;
      const after = incident.happens({ kind: 'silenceChanged', silence: '1', until: 0, by: 'kato' });
      expect(after).toMatchObject({ state: before, actions: [], timeline: [] });
    },
  );
});

describe('a report while it is held', () => {
  const same = { summary: 'disk full', severity: 'error' } as const;

  test('that says nothing new and is silenced, too, is no event', () => {
    const { state, now } = held();
    expect(effectOf(state, same, { holds: [silence()], at: now })).toBe('nothing');
  });

  test('for which no silence is calls at once: another alert of its group has joined', () => {
    const incident = held();
    expect(effectOf(incident.state, same, { holds: [], at: 0 })).toBe('beginsAgain');
    expect(incident.asks({ kind: 'alert', alert: same })).toMatchObject({ accepted: true, state: 'triggered' });
    expect(incident.placed).toEqual(['primary 1']);
    expect(incident.told('holdEnded')).toMatchObject([{ why: 'reported' }]);
  });

  test('for which a silence is that lasts longer is held until then', () => {
    const incident = held();
    const longer = [silence({ silence: '2', until: 4 * HOUR })];
    expect(effectOf(incident.state, same, { holds: longer, at: 0 })).toBe('change');
    incident.asks({ kind: 'alert', alert: same, holds: longer });
    incident.timerFires();
    expect(incident.now).toBe(4 * HOUR);
  });
});

test('an exhausted incident that is reported again in a silence is called at its end', () => {
  const incident = new Incident(POLICY);
  incident.callEnds();
  incident.callEnds();
  expect(incident.contractState).toBe('exhausted');
  const until = incident.now + HOUR;
  expect(hears(incident, 'error', [silence({ until })])).toMatchObject({ accepted: true, state: 'snoozed' });
  incident.timerFires();
  expect(incident.now).toBe(until);
  expect(incident.placed).toEqual(['primary 1', 'manager 1', 'primary 1']);
});

test('worse news end no hold that is for them, whatever the policy says of worse news', () => {
  const policy = { ...POLICY, worse: 'call' } as const;
  const all = [silence({ unless: [] })];
  const incident = new Incident(policy, { alert: { summary: 'disk full', severity: 'warning' }, holds: all });
  hears(incident, 'critical', all);
  expect(incident.placed).toEqual([]);
});

test('a worker of the version before takes a hold for a snooze', () => {
  const { state } = held();
  const timer = state.phase.kind === 'snoozed' ? state.phase.timer : { id: 0, at: 0 };
  const { actions } = decide(POLICY, state, { kind: 'timerFired', at: timer.at, timer: timer.id }, 'before');
  expect(actions.map(({ kind }) => kind)).toEqual(['cancelTimer', 'placeCalls']);
  const report = { kind: 'alert', at: 1, alert: { summary: 'disk full', severity: 'error' } } as const;
  expect(decide(POLICY, state, report, 'before').actions).toEqual([]);
  expect(decide(POLICY, state, report)).toMatchObject({ differs: true });
});
