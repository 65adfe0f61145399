import { readFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, inject, test } from 'vitest';
import { busy, type Person } from '../../src/emulator/emulator.js';
import type { Policy, Step } from '../../src/contract/policy-schema.js';
import {
  calledIn,
  calling,
  type Contact,
  escalateTo,
  open,
  policyWith,
  presses,
  runTo,
  SATO,
  TANAKA,
  YAMADA,
} from '../incident/incident-world.js';
import { runsOf } from '../rig/histories.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { useRig, type World } from '../rig/rig.js';

const world = useRig('timeSkipping');

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const often = { budget: { calls: 1_000, within: '1d' } } as const satisfies Partial<Policy>;
const times = (count: number, person: Person): readonly Person[] => Array.from({ length: count }, () => person);

/** A step that calls somebody, and looks a minute later what became of it. */
function step(contact: Contact, part: Partial<Step> = {}): Step {
  return calling([contact], { call: [{ ...runTo([contact]), waitTime: 60 }], ...part });
}

/** Events of each run of the incident, then of each run of each of its levels. */
async function eventsPerRun({ temporal }: World, incident: { readonly handle: WorkflowHandle }) {
  const own = await runsOf(temporal, incident.handle.workflowId);
  // A level that was handed back is started again under its id.
  const levels = new Set(own.flatMap(({ children }) => children));
  const runs = [own, ...(await Promise.all([...levels].map((id) => runsOf(temporal, id))))];
  return runs.map((ofOne) => ofOne.map(({ events }) => events));
}

describe('an incident', () => {
  const CALLS = fewOrMany(12, 84);
  test(`calls for ${CALLS * 2} hours, first by itself, then in a level of its own, until a key is pressed`, async () => {
    const here = await world({
      people: { [TANAKA.phone]: times(CALLS, busy()), [SATO.phone]: [...times(CALLS - 1, busy()), presses('1')] },
    });
    const policy = policyWith(
      {
        primary: step(TANAKA, { attempts: CALLS, every: '1h', otherwise: escalateTo('manager') }),
        manager: step(SATO, { attempts: 'unlimited', every: '1h' }),
      },
      often,
    );
    const incident = await open(here, policy, { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      state: 'acknowledged',
      owner: { by: '佐藤' },
      placedCalls: CALLS * 2,
    });
    const [first, ...later] = here.emulator.journal.calls().map(({ at }) => at);
    expect((later.at(-1) ?? 0) - (first ?? 0)).toBeGreaterThan((CALLS * 2 - 2) * HOUR_MS);
  });

  const ATTEMPTS = fewOrMany(60, 500);
  const STORMS = fewOrMany(5, 100);
  test(
    `of ${ATTEMPTS} attempts, reported ${STORMS * 100} times meanwhile, ends, and none of its runs is long`,
    { timeout: 180_000 },
    async () => {
      const here = await world({
        people: { [TANAKA.phone]: times(1, busy()), [YAMADA.phone]: times(ATTEMPTS, busy()) },
      });
      const policy = policyWith(
        {
          primary: step(TANAKA, { otherwise: escalateTo('duty') }),
          duty: step(YAMADA, { attempts: ATTEMPTS, every: '85m' }),
        },
        often,
      );
      const incident = await open(here, policy);
      const report = () => incident.ask('alert', { alert: { summary: 'disk full', severity: 'critical' } });
      for (let storm = 0; storm < STORMS; storm += 1) {
        await here.sleep((ATTEMPTS * 83 * MINUTE_MS) / STORMS);
        const reports = await Promise.allSettled(Array.from({ length: 100 }, report));
        // Refused, so that nothing is written: it is known.
        expect(reports.filter(({ status }) => status === 'fulfilled')).toEqual([]);
      }
      expect(await incident.result()).toMatchObject({ state: 'exhausted', placedCalls: ATTEMPTS + 1 });
      expect(calledIn(here.emulator)).toEqual([TANAKA.name, ...Array.from({ length: ATTEMPTS }, () => YAMADA.name)]);

      const [ofIncident, ofLevel] = await eventsPerRun(here, incident);
      console.log(
        `${ATTEMPTS} attempts: ${ofIncident?.join(', ')} events of the incident, ${ofLevel?.join(', ')} of its level`,
      );
      expect(ofIncident?.length).toBeGreaterThan(1);
      expect(ofLevel?.length).toBeGreaterThan(0);
      expect(Math.max(...(ofIncident ?? []), ...(ofLevel ?? []))).toBeLessThan(550);
    },
  );

  test('that was acknowledged and not resolved in time calls again, and says so', async () => {
    const here = await world({ people: { [TANAKA.phone]: times(2, presses('1')) } });
    const incident = await open(here, policyWith({ primary: step(TANAKA) }));
    await here.sleep(4 * HOUR_MS);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' }, placedCalls: 1 });
    // The key was known a minute after it was pressed.
    await here.sleep(1.5 * MINUTE_MS);
    expect(await incident.status()).toMatchObject({ state: 'triggered', owner: null, level: 2, step: 'primary' });
    await here.sleep(2 * MINUTE_MS);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' }, placedCalls: 2 });
    const { entries } = await incident.timeline();
    expect(entries.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        '田中 did not resolve the incident in time: the calls start again.',
        '田中 no longer owns the incident.',
        'Level 2: "primary" is called.',
      ]),
    );
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
  });

  test('that was snoozed calls nobody until the snooze ends, and then the same step again', async () => {
    const here = await world({ people: { [TANAKA.phone]: [busy(), presses('1')] } });
    const incident = await open(here, policyWith({ primary: step(TANAKA, { attempts: 3, every: '5m' }) }));
    await here.sleep(3 * MINUTE_MS);
    expect(await incident.ask('snooze', { for: '12h', by: 'suzuki' })).toMatchObject({
      accepted: true,
      state: 'snoozed',
    });
    await here.sleep(12 * HOUR_MS - MINUTE_MS);
    expect(await incident.status()).toMatchObject({ state: 'snoozed', placedCalls: 1 });
    await here.sleep(3 * MINUTE_MS);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', level: 2, step: 'primary', placedCalls: 2 });
    const { entries } = await incident.timeline();
    expect(entries.map(({ text }) => text)).toContain('The snooze is over: "primary" is called again.');
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
  });
});

const CONTINUED = fewOrMany(10, 50);
describe(`${CONTINUED} times continued as new`, () => {
  const ATTEMPTS = CONTINUED * 2 + 20;
  const COMPARED = CONTINUED + 10;
  const steps = {
    'an incident': { primary: step(TANAKA, { attempts: 'unlimited', every: '5m' }) },
    'a level of its own': {
      primary: step(SATO, { otherwise: escalateTo('duty') }),
      duty: step(TANAKA, { attempts: 'unlimited', every: '5m' }),
    },
  };

  test.for(Object.keys(steps) as (keyof typeof steps)[])(
    '%s loses and doubles no update, no call and no attempt',
    async (where) => {
      const here = await world({
        workers: 'none',
        people: { [SATO.phone]: times(1, busy()), [TANAKA.phone]: busy() },
      });
      const code = readFileSync(inject('timeSkippingWorkflowCodePath'), 'utf8');
      await here.startWorkers({ workflowCode: `globalThis.pigeonflowLongHistoryEvents = 30;\n${code}` });
      const incident = await open(here, policyWith(steps[where], often));
      const reported: string[] = [];
      for (let report = 1; report <= ATTEMPTS; report += 1) {
        // Now while it rings, now while it waits.
        await here.sleep(3 * MINUTE_MS + report * 1_000);
        reported.push(`disk ${report} full`);
        const answer = await incident.ask('alert', { alert: { summary: `disk ${report} full`, severity: 'critical' } });
        expect(answer).toMatchObject({ accepted: true });
      }
      await incident.ask('resolve');
      const { timeline, placedCalls } = await incident.result();

      const [ofIncident] = await eventsPerRun(here, incident);
      expect(ofIncident?.length).toBeGreaterThanOrEqual(CONTINUED);
      const changes = timeline
        .filter(({ kind }) => kind === 'alertChanged')
        .map(({ text }) => /: (.*) \(/.exec(text)?.[1]);
      expect(changes).toEqual(reported);
      expect(placedCalls).toBe(here.emulator.journal.calls().length);
      const attempts = timeline.filter(({ kind }) => kind === 'callsPlaced').map((entry) => entry['attempt']);
      expect(attempts.slice(-COMPARED)).toEqual(
        Array.from({ length: COMPARED }, (_, index) => Number(attempts.at(-1)) - COMPARED + 1 + index),
      );
      const references = here.emulator.journal.invokes().map(({ body }) => referenceOf(body));
      expect(new Set(references).size).toBe(references.length);
    },
  );
});

const referenceOf = (body: unknown): string =>
  (body as { readonly params: { readonly parameters: { readonly pigeonflowRef: string } } }).params.parameters
    .pigeonflowRef;
