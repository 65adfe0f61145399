import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, type TestContext } from 'vitest';
import type { IncidentInput } from '../../src/client.js';
import { Policies } from '../../src/gateway-server/policies.js';
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

test('a policy that would leave an alert no room is given by its name', async () => {
  const folder = temporaryFolder();
  const steps = Array.from(
    { length: 400 },
    (_, n) =>
      `  s${n}: { call: { contacts: [a], say: "${'障害'.repeat(100)}" }, keys: { 1: acknowledge }, otherwise: ${n === 399 ? 'exhausted' : `{ escalate: s${n + 1} }`} }`,
  );
  const head =
    'name: large\ncontacts: { a: { name: A, phone: "0300000001" } }\nstart: s0\nbudget: { calls: 9, within: 1d }\n';
  writeFileSync(join(folder, 'large.yaml'), `${head}steps:\n${steps.join('\n')}\n`);
  expect(await new Policies(folder, pino({ level: 'silent' })).current('large')).toBe('large');
});
