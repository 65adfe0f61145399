import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, type TestContext } from 'vitest';
import type { IncidentInput } from '../../src/client.js';
import { Policies } from '../../src/gateway/policies.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { eventsOf } from '../incident/incident-history.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { incidentOf, KEY, OPERATOR, ROUTES, send, SPACE, startGateway } from './gateway.js';

const world = useSharedWorld(useRig(), SPACE);

/** A gateway with a folder of its own, in which the policy `one-person` stands. */
async function withFolder(context: TestContext) {
  const folder = temporaryFolder();
  const file = join(folder, 'one-person.yaml');
  copyFileSync(join(projectRoot, 'policies', 'one-person.yaml'), file);
  const gateway = await startGateway(world(), context, { environment: { PIGEONFLOW_POLICIES: folder } });
  const report = () =>
    send(`${gateway.url}/v1/alerts/generic/${KEY}`, { summary: 'ディスク満杯', dedupKey: randomUUID() });
  return { gateway, file, report };
}

async function openedWith(incidentId: string): Promise<IncidentInput> {
  const handle = world().temporal.workflow.getHandle(incidentId);
  const [started] = await eventsOf({ handle });
  const payload = started?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  return JSON.parse(Buffer.from(payload ?? []).toString()) as IncidentInput;
}

test('an alert opens its incident with the policy itself, which its worker need not read', async (context) => {
  const { report } = await withFolder(context);
  const incident = incidentOf(await report());
  expect((await openedWith(incident)).policy).toMatchObject({ name: 'one-person', start: 'primary' });
  const open = world().pigeonflow.incident(incident);
  await eventually(async () => (await open.status()).ringing.some((words) => words.includes('田中')), 'it rings');
  const events = await eventsOf({ handle: world().temporal.workflow.getHandle(incident) });
  expect(events.filter((event) => event.markerRecordedEventAttributes)).toEqual([]);
  await open.resolve();
});

test('a policy that has got mistakes counts as it was before, and is logged as an error', async (context) => {
  const { gateway, file, report } = await withFolder(context);
  await world()
    .pigeonflow.incident(incidentOf(await report()))
    .resolve();
  writeFileSync(file, 'name: one-person\nsteps: {}\n');
  const told = () => gateway.log().find(({ msg }) => String(msg).includes('what was read before stays in use'));
  await eventually(async () => {
    const incident = incidentOf(await report());
    expect((await openedWith(incident)).policy).toMatchObject({ start: 'primary' });
    await world().pigeonflow.incident(incident).resolve();
    return told();
  }, 'it is logged');
  expect(String(told()?.['why'])).toContain('one-person.yaml:');
});

test('where it has never been right, the sender keeps the alert until it is', async (context) => {
  const { gateway, file, report } = await withFolder(context);
  const second = file.replace('one-person', 'second');
  writeFileSync(second, readFileSync(file, 'utf8').replace('name: one-person', 'name: second'));
  writeFileSync(gateway.routesFile, ROUTES.replace('one-person', 'second'));
  await eventually(async () => {
    await send(`${gateway.url}/v1/alerts/generic/${KEY}`, { summary: 'x', labels: { quiet: 'yes' } });
    return gateway.log().find(({ msg }) => msg === 'the routing file has changed');
  }, 'the new rules count');
  const right = readFileSync(second, 'utf8');
  rmSync(second);
  const refused = await report();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('30');
  expect(gateway.log()).toContainEqual(
    expect.objectContaining({ msg: 'NOBODY IS CALLED: the policy of an alert cannot be used' }),
  );
  const asked = { policy: 'second', summary: 'x', dedupKey: randomUUID() };
  const headers = { authorization: `Bearer ${OPERATOR}` };
  expect(await send(`${gateway.url}/v1/incidents`, asked, headers)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/policy' }] },
  });
  writeFileSync(second, right);
  await world()
    .pigeonflow.incident(incidentOf(await report()))
    .resolve();
});

/** A policy of so many steps with one long text, which its file holds once. */
const largePolicy = (name: string, steps: number): string => {
  const lines = Array.from({ length: steps }, (_, n) => {
    const say = n === 0 ? `&text "${'障害'.repeat(100)}"` : '*text';
    const next = n === steps - 1 ? 'exhausted' : `{ escalate: s${n + 1} }`;
    return `  s${n}: { call: { contacts: [a], say: ${say} }, keys: { 1: acknowledge }, otherwise: ${next} }`;
  });
  return `name: ${name}
contacts: { a: { name: A, phone: "0300000001" } }
start: s0
budget: { calls: 9, within: 1d }
steps:
${lines.join('\n')}
`;
};

test('a large policy travels with its incident, which calls by it', async (context) => {
  const { file, report } = await withFolder(context);
  writeFileSync(file, largePolicy('one-person', 400));
  const incident = await eventually(async () => {
    const opened = incidentOf(await report());
    const { policy } = await openedWith(opened);
    if (typeof policy === 'object' && 'start' in policy && policy.start === 's0') return opened;
    await world().pigeonflow.incident(opened).resolve();
    return undefined;
  }, 'the change counts');
  expect(JSON.stringify(await openedWith(incident)).length).toBeGreaterThan(200_000);
  const open = world().pigeonflow.incident(incident);
  await eventually(async () => (await open.status()).step === 's0', 'it is at its first step');
  await open.resolve();
});

test('one that no incident could carry is a mistake, which is told; it is never passed on by its name', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'large.yaml'), largePolicy('large', 1_500));
  await expect(new Policies(folder, pino({ level: 'silent' })).current('large')).rejects.toThrow(
    /too large: \d+ bytes/,
  );
});
