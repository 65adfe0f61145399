import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, type TestContext } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { EMULATOR_TOKEN, neverPicksUp } from '../../src/emulator/emulator.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { useRig } from '../rig/rig.js';
import { eventsOf, postsOf } from './incident-history.js';
import { calledIn, open, presses, QUICKLY, rings, runsAre, SATO, SIDE_BY_SIDE, TANAKA } from './incident-world.js';

const world = useRig();

/** One person, three times, then the manager. */
const fileThatCalls = (phone: string, every: string) => `name: web
contacts:
  tanaka: { name: 田中, phone: "${phone}" }
  sato: { name: 佐藤, phone: "${SATO.phone}" }
steps:
  primary:
    call: { contacts: [tanaka], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    attempts: 2
    every: ${every}
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager:
    call: { contacts: [sato], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
start: primary
parameters: [server]
budget: { calls: 50, within: 1d }
`;

/** A world whose workers read policies from a folder. */
async function withPolicies(files: Readonly<Record<string, string>>, people: object, context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-policies-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const here = await world({ ...QUICKLY, people: people as never, workers: 'none', context });
  const pigeon = createPigeonClient({ baseUrl: here.emulator.url, token: () => Promise.resolve(EMULATOR_TOKEN) });
  const sleepWatch = watchSleep();
  context.onTestFinished(async () => {
    sleepWatch.stop();
    await pigeon.close();
  });
  const startWorkers = () =>
    here.startWorkers({ activities: createActivities({ pigeon, sleepWatch, policies: folder }) });
  return { here, workers: await startWorkers(), startWorkers, write };
}

describe('an incident that names its policy', SIDE_BY_SIDE, () => {
  test('goes by the file of that name in the worker’s folder', async (context) => {
    const people = { [TANAKA.phone]: presses('1') };
    const { here } = await withPolicies({ 'web.yaml': fileThatCalls(TANAKA.phone, '1s') }, people, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ owner: { by: '田中', step: 'primary' }, placedCalls: 1 });
  });

  test('keeps the policy that it began with: a change of the file is for the next incident', async (context) => {
    const people = { [TANAKA.phone]: [neverPicksUp(), neverPicksUp()], [SATO.phone]: [presses('1'), presses('1')] };
    const { here, write } = await withPolicies({ 'web.yaml': fileThatCalls(TANAKA.phone, '1s') }, people, context);
    const running = await open(here, 'web', { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await write('web.yaml', fileThatCalls(SATO.phone, '1s'));
    expect(await running.result()).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '田中', '佐藤']);
    // Under the name of 田中 the next one rings the changed number.
    const next = await open(here, 'web', { until: 'acknowledged' });
    expect(await next.result()).toMatchObject({ owner: { by: '田中', step: 'primary' } });
    expect(here.emulator.journal.calls().at(-1)?.phoneNumber).toBe(SATO.phone);
  });

  test('answers also who asked before it was read', async (context) => {
    const people = { [TANAKA.phone]: neverPicksUp() };
    const files = { 'web.yaml': fileThatCalls(TANAKA.phone, '1s') };
    const { here, workers, startWorkers } = await withPolicies(files, people, context);
    await workers.stop();
    const incident = await open(here, 'web', { until: 'acknowledged' });
    const answer = incident.ask('acknowledge', { by: 'suzuki' });
    const repeat = incident.ask('alert', { alert: { summary: 'worse', severity: 'critical' } });
    await setTimeout(500);
    await startWorkers();
    expect(await answer).toMatchObject({ accepted: true, owner: { by: 'suzuki' } });
    await repeat;
    expect(await incident.result()).toMatchObject({ state: 'acknowledged', owner: { by: 'suzuki' } });
  });

  test('keeps it when other workers continue, whose folder does not have it', async (context) => {
    const people = { [TANAKA.phone]: [neverPicksUp(), presses('1')] };
    const { here, workers } = await withPolicies({ 'web.yaml': fileThatCalls(TANAKA.phone, '3s') }, people, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await incident.told('waiting');
    await workers.stop();
    // Theirs is another folder, without such a file.
    await here.startWorkers();
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' }, placedCalls: 2 });
  });

  test('reads it before its first call, and never again', async (context) => {
    const people = { [TANAKA.phone]: [neverPicksUp(), presses('1')] };
    const { here } = await withPolicies({ 'web.yaml': fileThatCalls(TANAKA.phone, '1s') }, people, context);
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await incident.result();
    const events = await eventsOf(incident);
    const reads = events.filter(({ markerRecordedEventAttributes }) => markerRecordedEventAttributes);
    expect(reads).toHaveLength(1);
    expect(Number(reads[0]?.eventId)).toBeLessThan(postsOf(events)[0]?.eventId ?? 0);
    await runsAre(here.emulator, 'failed', 'succeeded');
  });
});
