import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/contract/severity.js';
import { decide } from '../../src/incident/decide.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { HOUR, Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const run = (...names: readonly string[]) => ({
  callflow: {
    loopLimit: 3,
    contacts: names.map((displayName) => ({ displayName, phones: [{ phoneNumber: '0300000001' }] })),
  },
  guidanceId: 'guidance',
});

const policy = (part: Partial<Policy> = {}): Policy =>
  policyOf(
    {
      primary: step({ call: [run('田中', '山田')], otherwise: { kind: 'escalate', step: 'second' } }),
      second: step({ call: [run('佐藤')] }),
    },
    {
      contacts: { tanaka: { name: '田中' }, yamada: { name: '山田' }, sato: { name: '佐藤' } },
      worse: 'call',
      ...part,
    },
  );

/** Opened as a warning, and 田中 has pressed 1. */
function owned(part: Partial<Policy> = {}): Incident {
  const incident = new Incident(policy(part), { alert: { summary: 'cpu is hot', severity: 'warning' } });
  incident.callEnds({ keyInput: '1', contact: '田中' });
  return incident;
}

const hears = (incident: Incident, severity: Severity) =>
  incident.asks({ kind: 'alert', alert: { summary: `it is ${severity}`, severity } });

describe('worse news of an incident that somebody owns', () => {
  test('call the owner alone, once, who stays its owner meanwhile', () => {
    const incident = owned();
    hears(incident.passes(10 * MINUTE), 'critical');
    expect(incident.placed).toEqual(['primary 1', 'primary@tanaka 1']);
    const [placed] = incident.did('placeCalls').slice(-1);
    expect(placed?.calls.map(({ call }) => call.callflow)).toMatchObject([
      { loopLimit: 1, contacts: [{ displayName: '田中' }] },
    ]);
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.told('released')).toEqual([]);
    incident.callEnds({ keyInput: '1', contact: '田中' });
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.placed).toHaveLength(2);
  });

  test('are called through the policy when the owner sleeps; the person who presses a key owns it', () => {
    const incident = owned();
    hears(incident, 'critical');
    incident.callEnds();
    expect(incident.placed.at(-1)).toBe('primary 1');
    incident.callEnds();
    expect(incident.placed.at(-1)).toBe('second 1');
    expect(incident.contractState).toBe('acknowledged');
    incident.callEnds({ keyInput: '1', contact: '佐藤' });
    expect(incident.told('acknowledged').map(({ owner }) => owner.by)).toEqual(['田中', '佐藤']);
  });

  test('that nobody takes leave it with its owner, for as long as there was', () => {
    const incident = owned();
    hears(incident.passes(HOUR), 'critical');
    for (let call = 0; call < 3; call += 1) incident.callEnds();
    expect(incident.told('newsNotTaken')).toMatchObject([{ owner: { by: '田中' } }]);
    expect(incident.contractState).toBe('acknowledged');
    incident.timerFires();
    expect(incident.now).toBe(4 * HOUR);
    expect(incident.told('notResolvedInTime')).toHaveLength(1);
  });

  test('count once, however often the severity goes up and down', () => {
    const incident = owned();
    for (let change = 0; change < 20; change += 1) {
      hears(incident.passes(3 * MINUTE), change % 2 === 0 ? 'critical' : 'warning');
      if (incident.live.length > 0) incident.callEnds({ keyInput: '1', contact: '田中' });
    }
    expect(incident.placed).toEqual(['primary 1', 'primary@tanaka 1']);
  });

  test('are to error or critical, and above the worst that was known', () => {
    const incident = new Incident(policy(), { alert: { summary: 'cpu is hot', severity: 'info' } });
    hears(incident, 'error');
    hears(incident, 'info');
    incident.callEnds({ keyInput: '1', contact: '田中' });
    for (const severity of ['warning', 'error'] as const) hears(incident, severity);
    expect(incident.placed).toEqual(['primary 1']);
    hears(incident, 'critical');
    expect(incident.placed).toEqual(['primary 1', 'primary@tanaka 1']);
  });

  test('wait until ten minutes after the last', () => {
    const incident = owned();
    hears(incident, 'error');
    incident.callEnds({ keyInput: '1', contact: '田中' });
    hears(incident.passes(4 * MINUTE), 'critical');
    expect(incident.placed).toHaveLength(2);
    incident.timerFires();
    expect(incident.now).toBe(10 * MINUTE);
    expect(incident.placed).toEqual(['primary 1', 'primary@tanaka 1', 'primary@tanaka 1']);
  });

  test('that have got better until then call nobody, and the time to resolve it stays', () => {
    const incident = owned();
    hears(incident, 'error');
    incident.callEnds({ keyInput: '1', contact: '田中' });
    const until = incident.told('acknowledged').at(-1)?.until;
    hears(incident.passes(4 * MINUTE), 'critical');
    hears(incident, 'warning');
    incident.timerFires();
    expect(incident.placed).toHaveLength(2);
    incident.timerFires();
    expect(incident.now).toBe(until);
  });

  test('hang nothing up while it rings, and are acknowledged by anybody', () => {
    const incident = owned();
    hears(incident, 'error');
    hears(incident, 'critical');
    expect(incident.did('hangUpCalls')).toEqual([]);
    expect(incident.asks({ kind: 'acknowledge', by: 'sato' })).toMatchObject({ accepted: true, owner: { by: 'sato' } });
    expect(incident.did('hangUpCalls')).toHaveLength(1);
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.contractState).toBe('acknowledged');
    expect(incident.placed).toHaveLength(2);
  });

  test('begin the policy where the telephone of the owner is not known', () => {
    const incident = owned();
    incident.asks({ kind: 'acknowledge', by: 'somebody else', takeOver: true });
    hears(incident, 'critical');
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });

  test.for([['note'], [undefined]] as const)('are only written down where the policy says %s', ([worse]) => {
    const { worse: _, ...without } = policy();
    const incident = new Incident(worse === undefined ? without : { ...without, worse }, {
      alert: { summary: 'cpu is hot', severity: 'warning' },
    });
    incident.callEnds({ keyInput: '1', contact: '田中' });
    const before = incident.state;
    hears(incident, 'critical');
    expect(incident.placed).toEqual(['primary 1']);
    expect({ ...incident.state, alert: null }).toEqual({ ...before, alert: null });
  });
});

test('worse news of a workflow that a key started are told when it has ended', () => {
  const repair = { kind: 'run', workflow: 'w', taskQueue: 'q', input: null, within: '15m' } as const;
  const keys = { 1: { ...repair, then: { kind: 'acknowledge' }, onFailure: { kind: 'exhausted' } } } as const;
  const steps = { primary: step({ call: [run('田中')], keys }) };
  const incident = new Incident(policy({ steps }), { alert: { summary: 'cpu is hot', severity: 'warning' } });
  incident.callEnds({ keyInput: '1', contact: '田中' });
  hears(incident, 'critical');
  expect(incident.placed).toHaveLength(1);
  const [started] = incident.did('startAutomation');
  incident.happens({ kind: 'automationEnded', run: started?.run ?? 0 });
  expect(incident.placed).toEqual(['primary 1', 'primary@tanaka 1']);
});

test('worse news end a snooze at once', () => {
  const incident = new Incident(policy(), { alert: { summary: 'cpu is hot', severity: 'warning' } });
  incident.asks({ kind: 'snooze', for: '4h', by: 'sato' });
  incident.callEnds({ outcome: 'hungUp' });
  hears(incident.passes(10 * MINUTE), 'critical');
  expect(incident.contractState).toBe('triggered');
  expect(incident.placed).toEqual(['primary 1', 'primary 1']);
});

test('a run that was recorded by a version before, with the same policy, calls nobody', () => {
  const incident = owned();
  const report = { kind: 'alert', at: 1, alert: { summary: 'database is down', severity: 'critical' } } as const;
  const today = decide(incident.policy, incident.state, report);
  expect(today).toMatchObject({ differs: true, actions: [{ kind: 'cancelTimer' }, { kind: 'placeCalls' }] });
  expect(decide(incident.policy, incident.state, report, 'before').actions).toEqual([]);
});
