import { describe, expect, test, type TestContext } from 'vitest';
import { EMULATOR_TOKEN, neverPicksUp } from '../../src/emulator/emulator.js';
import type { IncidentInput } from '../../src/contract/incident-schema.js';
import type { Shift } from '../../src/contract/policy-schema.js';
import { withDirectory } from '../../src/people/directory.js';
import { readPeople } from '../../src/people/read-people.js';
import type { DutyRoster } from '../../src/people/resolve-callees.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import {
  calledIn,
  type Contact,
  open,
  type OpenIncident,
  presses,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';
import { PEOPLE, peopleWorld, SAY } from './people-world.js';

const withPeople = peopleWorld(useRig());

/** Whoever is on duty; then 佐藤, who is always there. */
const policyText = (contacts = '[{ onDuty: web }]', attempts = 2) => `name: web
steps:
  primary:
    call: { contacts: ${contacts}, ${SAY} }
    attempts: ${attempts}
    every: 1s
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager: { call: { contacts: [sato], ${SAY} }, keys: { 1: acknowledge } }
start: primary
parameters: [server]
budget: { calls: 50, within: 1d }
`;

/** A schedule that the test changes. */
class Duty implements DutyRoster {
  /** Null: it cannot be read. */
  people: readonly Contact[] | null;
  constructor(...people: readonly Contact[]) {
    this.people = people;
  }

  readonly onDuty = (schedule: string): Shift | null => {
    if (this.people === null || schedule !== 'web') return null;
    const next = [YAMADA, SATO, TANAKA].map(({ handle }) => handle);
    const people = this.people.map(({ handle }) => handle);
    return { from: '2026-11-30T00:00:00Z', until: '2199-12-01T09:00:00+09:00', layer: 'weekly', people, next };
  };

  readonly shifts = (schedule: string) => [this.onDuty(schedule)].filter((shift) => shift !== null);
}

const nobodyElse = [neverPicksUp(), neverPicksUp(), neverPicksUp()];
const EVERYBODY = { [TANAKA.phone]: nobodyElse, [YAMADA.phone]: presses('1'), [SATO.phone]: presses('1') };

type Rest = Partial<Omit<Parameters<typeof withPeople>[2], 'context' | 'roster'>>;

async function withDuty(duty: Duty, context: TestContext, rest: Rest = {}, policy = policyText()) {
  const { here } = await withPeople(policy, PEOPLE, { answering: EVERYBODY, ...rest, context, roster: duty });
  const openIt = (input: Partial<IncidentInput> = {}) => open(here, 'web', { until: 'acknowledged', ...input });
  return { here, openIt };
}

const told = async (incident: OpenIncident) =>
  (await incident.timeline()).entries.filter(({ kind }) => kind === 'calleesFound').map(({ text }) => text);
const postsSoFar = ({ emulator }: World) => emulator.journal.invokes().length;

describe('a contact that is on duty', SIDE_BY_SIDE, () => {
  test('a hand-over while it rings changes the next attempt, not the call that rings; the timeline says why', async (context) => {
    const duty = new Duty(TANAKA);
    const { here, openIt } = await withDuty(duty, context);
    const incident = await openIt();
    await rings(here.emulator, TANAKA);
    duty.people = [YAMADA];
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' }, placedCalls: 2 });
    expect(calledIn(here.emulator)).toEqual(['田中', '山田']);
    expect(here.emulator.journal.aborts()).toEqual([]);
    expect(await told(incident)).toEqual([
      'Calls 田中, on duty by "web" (weekly) until 2199-12-01 09:00.',
      'Calls 山田, on duty by "web" (weekly) until 2199-12-01 09:00.',
    ]);
  });

  test('a hand-over while it is blocked: nobody off duty is rung', async (context) => {
    const duty = new Duty(TANAKA);
    const { here, openIt } = await withDuty(duty, context);
    here.emulator.tokens.revoke(EMULATOR_TOKEN);
    const incident = await openIt();
    await incident.until(({ state }) => state === 'blocked', 'is blocked');
    duty.people = [YAMADA];
    here.emulator.tokens.add(EMULATOR_TOKEN);
    await incident.handle.signal('check');
    expect(await incident.result()).toMatchObject({ owner: { by: '山田' }, placedCalls: 1 });
    expect(calledIn(here.emulator)).toEqual(['山田']);
  });

  test('a hand-over while all of them are rejected, for the one line: nobody off duty is rung', async (context) => {
    const many = fewOrMany(10, 40);
    const duty = new Duty(TANAKA);
    const answering = { ...EVERYBODY, [YAMADA.phone]: Array.from({ length: many }, () => presses('1')) };
    const full = { lines: 1, switches: { queueSize: 0, ringSeconds: 1 }, answering };
    const { here, openIt } = await withDuty(duty, context, full);
    const incidents = await Promise.all(Array.from({ length: many }, (_, n) => openIt({ dedupKey: `web-${n}` })));
    await eventually(() => Promise.resolve(postsSoFar(here) >= many), 'each has been rejected', 120_000);
    duty.people = [YAMADA];
    // What was on its way at that moment has been rejected as well.
    const before = postsSoFar(here);
    await eventually(() => Promise.resolve(postsSoFar(here) >= before + 10), 'they ask again', 120_000);
    here.emulator.space.switches.queueSize = 30;
    const results = await Promise.all(incidents.map((incident) => incident.result()));
    expect(results.map(({ owner }) => owner?.by)).toEqual(Array.from({ length: many }, () => '山田'));
    expect(new Set(calledIn(here.emulator))).toEqual(new Set(['山田']));
  });

  test('nobody is on duty: the next level is called at once, uses no attempt, and it is said loudly', async (context) => {
    const { here, openIt } = await withDuty(new Duty(), context, {}, policyText('[{ onDuty: web }]', 3));
    const incident = await openIt();
    const { owner, levels, timeline } = await incident.result();
    expect(owner).toMatchObject({ by: '佐藤', step: 'manager' });
    expect(levels[0]).toMatchObject({ step: 'primary', outcome: 'nobody', calls: 0 });
    expect(postsSoFar(here)).toBe(1);
    const texts = timeline.map(({ text }) => text).join('\n');
    expect(texts).toMatch(/NOBODY WAS CALLED \(.*nobody is on duty by "web"/);
    expect(texts).toContain('Level 1 ("primary") is over after 0 telephone calls: there was nobody to call.');
  });

  test('nobody is on duty, and somebody is named beside: that person is called, and who is missing is said', async (context) => {
    const { here, openIt } = await withDuty(new Duty(), context, {}, policyText('[{ onDuty: web }, sato]'));
    const incident = await openIt();
    await incident.result();
    expect(calledIn(here.emulator)).toEqual(['佐藤']);
    expect(await told(incident)).toEqual(['Calls 佐藤. MISSING: nobody is on duty by "web".']);
  });

  test('`next` is another person at each attempt of a level', async (context) => {
    const answering = { [TANAKA.phone]: nobodyElse, [YAMADA.phone]: [neverPicksUp()], [SATO.phone]: presses('1') };
    const policy = policyText('[{ onDuty: web }, { onDuty: web, next: 1 }]');
    const { here, openIt } = await withDuty(new Duty(TANAKA), context, { answering }, policy);
    expect(await (await openIt()).result()).toMatchObject({ owner: { by: '佐藤', step: 'primary' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '山田', '田中', '佐藤']);
  });

  test('an owner stays the owner past the end of the shift', async (context) => {
    const duty = new Duty(YAMADA);
    const { openIt } = await withDuty(duty, context);
    const incident = await openIt({ until: 'resolved' });
    await incident.until(({ owner }) => owner?.by === '山田', 'is owned');
    duty.people = [TANAKA];
    await incident.handle.signal('check');
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: '山田' } });
    await incident.ask('resolve');
    await incident.result();
  });

  test('a schedule that cannot be read is as the copy has it that travels with the incident, and that is said', async (context) => {
    const duty = new Duty(YAMADA);
    const reading = readPolicy(policyText(), { people: 'unknown' });
    const people = readPeople(PEOPLE);
    if (!reading.ok || !people.ok) throw new Error('they can be read');
    const { policy } = withDirectory(reading.policy, people.people, duty);
    duty.people = null;
    const { here } = await withDuty(duty, context);
    const incident = await open(here, policy, { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ owner: { by: '山田' } });
    expect((await told(incident))[0]).toContain('as it was when the incident opened, since it cannot be read');
  });

  test('without a copy it is blocked, never "nobody", and calls as soon as it can be read', async (context) => {
    const duty = new Duty();
    duty.people = null;
    const { here, openIt } = await withDuty(duty, context);
    const incident = await openIt();
    const { message, step } = await incident.until(({ state }) => state === 'blocked', 'is blocked');
    expect(message).toContain('it cannot be read who is on duty by "web"');
    expect(step).toBe('primary');
    duty.people = [YAMADA];
    await incident.handle.signal('check');
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' } });
    expect(calledIn(here.emulator)).toEqual(['山田']);
  });
});
