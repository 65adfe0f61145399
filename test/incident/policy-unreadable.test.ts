import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { policyByName } from '../../src/activities/read-policy.js';
import { EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { eventually, useRig } from '../rig/rig.js';
import {
  calledIn,
  open,
  type OpenIncident,
  presses,
  QUICKLY,
  refusalOf,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();

const RIGHT = `name: web
contacts: { tanaka: { name: 田中, phone: "${TANAKA.phone}" } }
steps:
  primary:
    call: { contacts: [tanaka], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
start: primary
parameters: [server]
budget: { calls: 50, within: 1d }
`;
const HALF = RIGHT.slice(0, 120);

async function folderWith(text: string | null, context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-policies-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const write = (written: string) => writeFile(join(folder, 'web.yaml'), written);
  if (text !== null) await write(text);
  return { folder, write };
}

async function withPolicy(text: string | null, context: TestContext) {
  const { folder, write } = await folderWith(text, context);
  const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: presses('1') }, workers: 'none', context });
  const pigeon = createPigeonClient({ baseUrl: here.emulator.url, token: () => Promise.resolve(EMULATOR_TOKEN) });
  const sleepWatch = watchSleep();
  context.onTestFinished(async () => {
    sleepWatch.stop();
    await pigeon.close();
  });
  const workers = () => here.startWorkers({ activities: createActivities({ pigeon, sleepWatch, policies: folder }) });
  await workers();
  return { here, folder, write };
}

const isBlocked = (incident: OpenIncident) => incident.until(({ state }) => state === 'blocked', 'is blocked');

describe('an incident whose policy cannot be read', SIDE_BY_SIDE, () => {
  test.for([
    ['is not there', null, /there is no policy "web" in the worker's folder .*; there are none/],
    ['is being written', HALF, /the policy "web" has errors:[^]*web\.yaml:\d+/],
    ['is empty', '', /the policy "web" has errors:[^]*empty/],
    ['holds another name', RIGHT.replace('name: web', 'name: database'), /web\.yaml holds the policy "database"/],
    ['names a step that there is not', RIGHT.replace('start: primary', 'start: boss'), /web\.yaml:\d+:\d+[^]*boss/],
  ] as const)('since its file %s, waits, says so, and calls as soon as it can', async ([, text, reason], context) => {
    const { here, write } = await withPolicy(text, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    const status = await isBlocked(incident);
    expect(status.message).toMatch(/^BLOCKED, nobody is called: /);
    expect(status.message).toMatch(reason);
    expect(status).toMatchObject({ owner: null, policy: 'web', summary: 'disk full', ringing: [], result: null });
    expect(status.nextAt).not.toBeNull();
    const described = await incident.handle.describe();
    expect(described.memo).toMatchObject({ now: expect.stringContaining('BLOCKED') as string });
    expect(here.emulator.journal.requests()).toEqual([]);
    await write(RIGHT);
    expect(await incident.result()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' }, placedCalls: 1 });
    const { timeline } = await incident.result();
    const kinds = timeline.map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['opened', 'policyUnreadable']);
    expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(1);
    expect(kinds).toContain('policyRead');
  });

  test('is resolved at once', async (context) => {
    const { here } = await withPolicy(null, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    expect(await incident.ask('resolve', { by: 'sato' })).toMatchObject({ accepted: true, state: 'resolved' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 0, levels: [] });
  });

  test('closes with the person who takes it, where that is what it was opened for', async (context) => {
    const { here } = await withPolicy(null, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await isBlocked(incident);
    await incident.ask('acknowledge', { by: 'sato' });
    expect(await incident.result()).toMatchObject({ state: 'acknowledged', owner: { by: 'sato' } });
  });

  test('is taken at once; its owner keeps it when the policy can be read, and nobody is called', async (context) => {
    const { here, write } = await withPolicy(HALF, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    expect(await incident.ask('acknowledge', { by: 'sato' })).toMatchObject({
      accepted: true,
      state: 'acknowledged',
      owner: { by: 'sato' },
    });
    expect(await incident.ask('acknowledge', { by: 'suzuki' })).toMatchObject({ accepted: false });
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: 'sato' } });
    await write(RIGHT);
    await incident.handle.signal('check');
    await incident.told('policyRead');
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: 'sato' }, policy: 'web' });
    expect(here.emulator.journal.requests()).toEqual([]);
    await incident.ask('resolve', { by: 'sato' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'sato' }, placedCalls: 0 });
  });

  test('says no to what needs its steps', async (context) => {
    const { here } = await withPolicy(null, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    expect(await refusalOf(incident.handle.executeUpdate('escalate', { args: [{}] }))).toMatchObject({
      type: 'NotAccepted',
      message: expect.stringContaining('there is no policy "web"') as string,
    });
    for (const update of ['escalate', 'snooze', 'hangUp'] as const) {
      expect(await incident.ask(update)).toMatchObject({
        accepted: false,
        state: 'blocked',
        message: expect.stringContaining('there is no policy "web"') as string,
      });
    }
    await incident.ask('resolve');
  });

  test('tells what was reported last', async (context) => {
    const { here, write } = await withPolicy(null, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await isBlocked(incident);
    const alert = { summary: 'two disks full', severity: 'critical', parameters: { server: 'web-2' } };
    expect(await incident.ask('alert', { alert })).toMatchObject({
      accepted: true,
      state: 'blocked',
      reported: 'changed',
    });
    expect(await incident.status()).toMatchObject({ summary: 'two disks full' });
    await expect(incident.ask('alert', { alert })).rejects.toMatchObject({ cause: { type: 'AlertUnchanged' } });
    await write(RIGHT);
    await incident.result();
    const [invoked, ...more] = here.emulator.journal.invokes();
    expect(JSON.stringify(invoked)).toContain('web-2');
    expect(more).toEqual([]);
  });

  test('closes when it is cancelled', async (context) => {
    const { here } = await withPolicy(null, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    await incident.handle.cancel();
    expect(await incident.result()).toMatchObject({ state: 'cancelled', placedCalls: 0 });
  });

  test('hears the signals of other workflows', async (context) => {
    const { here } = await withPolicy(null, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    await incident.handle.signal('resolve', { by: 'deploy' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'deploy' } });
  });

  test('a file that has been right counts as it was, and the incident waits for nothing', async (context) => {
    const { here, write } = await withPolicy(RIGHT, context);
    await (await open(here, 'web', { until: 'acknowledged' })).result();
    await write(HALF);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ state: 'acknowledged', owner: { by: '田中' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '田中']);
    expect((await incident.result()).timeline.map(({ kind }) => kind)).not.toContain('policyUnreadable');
  });

  test('continues in a new run when its history grows long, with its owner and what was reported', async (context) => {
    const { here, write } = await withPolicy(null, context);
    const incident = await open(here, 'web');
    await isBlocked(incident);
    await incident.ask('acknowledge', { by: 'sato' });
    for (let n = 0; n < 130; n += 1) {
      await incident.ask('alert', { alert: { summary: `disk ${n}`, severity: 'critical' } });
    }
    await incident.handle.signal('check');
    await eventually(async () => {
      const { raw } = await incident.handle.describe();
      return raw.workflowExecutionInfo?.firstRunId !== raw.workflowExecutionInfo?.execution?.runId;
    }, 'it continues as new');
    expect(await incident.status()).toMatchObject({ summary: 'disk 129', owner: { by: 'sato' } });
    await write(RIGHT);
    await incident.handle.signal('check');
    await incident.told('policyRead');
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', summary: 'disk 129' });
    await incident.ask('resolve', { by: 'sato' });
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 0 });
  });
});

describe('a policy by its name', () => {
  test('counts as it was last right while its file is gone, cut off or not to be read, and says why', async (context) => {
    const { folder, write } = await folderWith(RIGHT, context);
    const path = join(folder, 'web.yaml');
    const told: string[] = [];
    const read = () => policyByName(folder, 'web', (why) => void told.push(why));
    const policy = await read();
    await write(HALF);
    expect(await read()).toEqual(policy);
    await write('');
    expect(await read()).toEqual(policy);
    await rename(path, `${path}.new`);
    expect(await read()).toEqual(policy);
    await rename(`${path}.new`, path);
    await rm(path);
    await mkdir(path);
    expect(await read()).toEqual(policy);
    expect(told).toHaveLength(4);
    await rm(path, { recursive: true });
    await write(RIGHT.replace('calls: 50', 'calls: 60'));
    expect(await read()).toMatchObject({ budget: { calls: 60 } });
    expect(told).toHaveLength(4);
  });

  test('that has never been read is no mistake of the file where the system cannot read it now', async (context) => {
    const { folder } = await folderWith(RIGHT, context);
    await rm(join(folder, 'web.yaml'));
    // A folder in its place: EISDIR, as EIO or EMFILE no word about the policy.
    await mkdir(join(folder, 'web.yaml'));
    await expect(policyByName(folder, 'web')).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(policyByName(folder, 'other')).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});
