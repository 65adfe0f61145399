import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import {
  createPigeonflowClient,
  IncidentInputInvalid,
  incidentId,
  IncidentStillClosing,
  NoWorker,
  TemporalRefused,
  type IncidentInput,
  type IncidentHandle,
} from '../../src/client.js';
import { neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentTo } from './incident-input.js';
import { thrownBy } from './thrown-by.js';

const NEVER = '0300000001';
/** More are answered later than people wait for an answer, on a machine that does much else. */
const AT_ONCE = 6;
const SPACE = {
  lines: 20,
  clock: realClock({ speed: 10 }),
  people: { [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 600 },
};
const rig = useRig();
const world = useSharedWorld(rig, SPACE);
const report = (input: IncidentInput) => world().pigeonflow.openIncident(input);
const countRuns = async ({ incidentId }: IncidentHandle) =>
  (await world().temporal.workflow.count(`WorkflowId = '${incidentId}'`)).count;
const rings = (incident: IncidentHandle) =>
  eventually(async () => (await incident.status()).ringing.some((words) => words.includes('田中')), 'it rings');

/** Owned, and nothing rings: the person who resolves it closes it at once. */
async function owned(input: IncidentInput) {
  const incident = await report(input);
  await incident.acknowledge({ by: '佐藤' });
  await eventually(async () => (await incident.status()).ringing.length === 0, 'nothing rings');
  return incident;
}

describe.concurrent('an alert', () => {
  test('of which there is no incident opens one, whose id is made of source, route and key', async () => {
    const input = incidentTo(NEVER, { source: 'zabbix' });
    const incident = await report(input);
    expect(incident).toMatchObject({ reported: 'opened', incidentId: incidentId({ ...input, route: 'test' }) });
    const routed = await world().pigeonflow.openIncident(input, { route: '本番 web' });
    expect(routed).toMatchObject({ reported: 'opened', incidentId: incidentId({ ...input, route: '本番 web' }) });
    expect(routed.incidentId).toMatch(/^incident\/web-/);
    for (const open of [incident, routed]) await open.resolve();
  });

  test.for(['as a whole', 'by its name'])(
    'that many report at once opens one incident (policy given %s)',
    async (given) => {
      const input = incidentTo(NEVER, given === 'as a whole' ? {} : { policy: 'one-person' });
      const reported = await Promise.all(Array.from({ length: 8 }, () => report(input)));
      expect(reported.map(({ reported }) => reported).toSorted()).toEqual([
        ...Array<string>(7).fill('known'),
        'opened',
      ]);
      const incident = world().pigeonflow.incident(reported[0]?.incidentId ?? '');
      expect(await eventually(() => countRuns(incident), 'it is listed')).toBe(1);
      await incident.resolve();
    },
  );

  test('that says nothing new costs no event; one that does is told', async () => {
    const input = incidentTo(NEVER);
    const incident = await report(input);
    await rings(incident);
    const again = await report(input);
    expect(again.reported).toBe('known');
    expect((await again.timeline()).counts['alertChanged']).toBeUndefined();
    const { events } = await world().temporal.workflow.getHandle(incident.incidentId).fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
    const changed = await report({ ...input, severity: 'critical', summary: '悪化' });
    expect(changed.reported).toBe('changed');
    expect(await changed.status()).toMatchObject({ summary: '悪化', severity: 'critical' });
    await incident.resolve();
  });

  test('may be answered by people at once, also while its policy is still being read', async () => {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const incident = await report(incidentTo(NEVER, { policy: 'one-person' }));
        expect(await incident.resolve()).toMatchObject({ accepted: true, state: 'resolved' });
      }),
    );
  });

  test('can be looked at at once, also while its policy is still being read', async () => {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const incident = await report(incidentTo(NEVER, { policy: 'one-person' }));
        expect(await incident.status()).toMatchObject({ state: 'triggered' });
        expect((await incident.timeline()).entries[0]).toMatchObject({ kind: 'opened' });
        await incident.resolve();
      }),
    );
  });

  test('says what is wrong when its policy is nowhere, whenever it is looked at', async () => {
    const incident = await report(incidentTo(NEVER, { policy: 'nowhere' }));
    await eventually(async () => (await incident.status()).state === 'blocked', 'it says that it waits');
    expect(await incident.status()).toMatchObject({ message: expect.stringContaining('nowhere') as string });
    expect((await incident.timeline()).entries.map(({ kind }) => kind)).toEqual(['opened', 'policyUnreadable']);
    await incident.resolve();
  });

  test('opens again when the last incident has closed', async () => {
    const input = incidentTo(NEVER);
    const first = await owned(input);
    await first.resolve();
    await first.result();
    const second = await report(input);
    expect(second).toMatchObject({ reported: 'opened', incidentId: first.incidentId });
    expect((await first.result()).state).toBe('resolved'); // still that of the first
    expect((await second.status()).result).toBeNull();
    await second.resolve();
  });

  test('that comes in the instant in which the last incident closes is never lost', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const input = incidentTo(NEVER);
        const incident = await owned(input);
        const [answer, next] = await Promise.all([incident.resolve(), report({ ...input, summary: 'once more' })]);
        expect(answer).toMatchObject({ accepted: true, state: 'resolved' });
        // Told to the old one before its end, or in a new one.
        expect(next.reported).toMatch(/^(changed|opened)$/);
        const { summary } = next.reported === 'opened' ? await next.status() : { summary: 'once more' };
        expect(summary).toBe('once more');
        await next.resolve();
      }),
    );
  });

  test('waits while the last incident still hangs up, and opens a new one then', async (context) => {
    const here = await rig({ ...SPACE, context });
    const input = incidentTo(NEVER);
    const first = await here.pigeonflow.openIncident(input);
    await rings(first);
    const gate = here.emulator.faults.hold('abort', 'beforeHandling');
    expect(await first.resolve({ by: '佐藤' })).toMatchObject({ accepted: true, state: 'resolved' });
    await gate.reached;
    const refused = await thrownBy(here.pigeonflow.openIncident(input, { timeLimitMs: 5_000 }));
    expect(refused).toBeInstanceOf(IncidentStillClosing);
    expect(refused).toMatchObject({ incidentId: first.incidentId });
    expect(await first.acknowledge()).toMatchObject({ accepted: false, state: 'resolved' });
    const next = here.pigeonflow.openIncident({ ...input, summary: 'once more' });
    gate.release();
    expect(await next).toMatchObject({ reported: 'opened', incidentId: first.incidentId });
    expect(await first.result()).toMatchObject({ state: 'resolved' });
    await (await next).resolve();
    await (await next).result();
  });
});

describe.concurrent('an alert that cannot be reported', () => {
  test('is refused before anything is started, and each field is named', async () => {
    const wrong = { ...incidentTo(NEVER), summary: '', severity: 'fatal', policy: 'no/name' } as unknown;
    const error = await thrownBy(report(wrong as IncidentInput));
    expect(error).toBeInstanceOf(IncidentInputInvalid);
    expect((error as IncidentInputInvalid).problems.join('\n')).toMatch(/summary: /);
    const policy = await thrownBy(report({ ...incidentTo(NEVER), policy: 'no/name' }));
    expect(policy).toMatchObject({ problems: [expect.stringContaining('policy: must be the name') as string] });
  });

  test('to an incident that no worker serves says so, since what has changed would be lost', async () => {
    const { temporal } = world();
    const nobody = createPigeonflowClient(temporal, { taskQueue: 'nobody-polls-this' });
    const input = incidentTo(NEVER);
    const incident = await nobody.openIncident(input);
    const error = await thrownBy(nobody.openIncident({ ...input, summary: 'worse' }, { timeLimitMs: 500 }));
    expect(error).toBeInstanceOf(NoWorker);
    await incident.cancel();
  });

  test('says what is missing: the namespace, or its search attributes', async () => {
    const { temporal } = world();
    const { connection } = temporal;
    const inNamespace = (namespace: string) => createPigeonflowClient(new Client({ connection, namespace }));
    expect(await thrownBy(inNamespace('none').openIncident(incidentTo(NEVER)))).toBeInstanceOf(TemporalRefused);
    const bare = `bare-${randomUUID()}`;
    const workflowExecutionRetentionPeriod = { seconds: 86_400 as never }; // a Long, whose class is in no package of ours
    await temporal.workflowService.registerNamespace({ namespace: bare, workflowExecutionRetentionPeriod });
    const error = await eventually(async () => {
      const thrown = await thrownBy(inNamespace(bare).openIncident(incidentTo(NEVER)));
      return (thrown as Error).message.includes('has no namespace') ? undefined : thrown;
    }, 'the namespace is there');
    expect(error).toBeInstanceOf(TemporalRefused);
    expect(error).toMatchObject({
      message: expect.stringContaining(`temporal operator search-attribute create --namespace ${bare}`) as string,
    });
  });
});
