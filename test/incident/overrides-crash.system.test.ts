import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { createPigeonflowClient } from '../../src/client.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { calledIn, open, presses, QUICKLY, rings, TANAKA, YAMADA } from './incident-world.js';
import { PEOPLE, SAY } from './people-world.js';

const world = useRig();
const silent = Array.from({ length: 100 }, () => neverPicksUp());
const ANSWERING = { [TANAKA.phone]: silent, [YAMADA.phone]: presses('1') };
const PATIENTLY = { timeLimitMs: 90_000 };

/**
 * 田中 is on duty, is called, and never picks up. Then all calling is paused, so that what happens to the worker comes before
 * the next POST, however slow the machine is.
 */
async function betweenTwoCalls(context: TestContext) {
  const here = await world({ ...QUICKLY, people: ANSWERING, workers: 'none', context });
  const name = `web-${randomUUID().slice(0, 8)}`;
  const folder = temporaryFolder();
  const [people, schedules] = [join(folder, 'people.yaml'), join(folder, 'schedules')];
  mkdirSync(schedules);
  writeFileSync(people, PEOPLE);
  writeFileSync(
    join(schedules, `${name}.yaml`),
    `name: ${name}\ntimeZone: Asia/Tokyo\nlayers: [{ name: all, people: [tanaka] }]\n`,
  );
  const step = (contacts: string, more: string) => `{ call: { contacts: ${contacts}, ${SAY} }, keys: { 1: acknowledge }${more} }`; // prettier-ignore
  writeFileSync(
    join(folder, 'web.yaml'),
    `name: web
steps:
  primary: ${step(`[{ onDuty: ${name} }]`, ', attempts: 100, every: 1s, otherwise: { escalate: manager }')}
  manager: ${step('[sato]', '')}
start: primary
parameters: [server]
budget: { calls: 500, within: 1d }
`,
  );
  const begin = () =>
    startWorkerProcess(here, {
      PIGEONFLOW_POLICIES: folder,
      PIGEONFLOW_PEOPLE: people,
      PIGEONFLOW_SCHEDULES: schedules,
    });
  const worker = await begin();
  const incident = await open(here, 'web', { until: 'acknowledged' });
  await rings(here.emulator, TANAKA);
  // A pause is one of the queue of its POSTs.
  const pigeonflow = createPigeonflowClient(here.temporal, here);
  const why = { by: 'test', reason: 'before the next call' };
  await pigeonflow.pauseCalling({ ...why, for: '1h' });
  context.onTestFinished(async () => {
    await pigeonflow.resumeCalling(why);
    await here.temporal.workflow.getHandle(`duty/${name}`).terminate();
  });
  await incident.until(({ state }) => state === 'blocked', 'nobody is called');
  const until = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const before = calledIn(here.emulator);
  /** Another worker, which knows nothing; and people are called again. */
  const continued = async () => {
    await begin();
    await pigeonflow.resumeCalling(why);
    await incident.handle.signal('check');
    const { owner, placedCalls } = await incident.result();
    const { entries } = await incident.timeline();
    const told = entries.filter(({ kind }) => kind === 'calleesFound').at(-1)?.text;
    return { owner, placedCalls, told, called: calledIn(here.emulator).slice(before.length) };
  };
  return { duty: pigeonflow.schedule(name), worker, until, before, continued };
}

/** A worker that is killed while it asks whether calling is paused may have sent a POST: that is looked for first, for minutes. */
const PATIENT = { concurrent: true, timeout: 400_000 };

describe('the only worker is killed after an override and before the next call', PATIENT, () => {
  test('which it had answered: the person who took over rings, once, and the timeline says why', async (context) => {
    const { duty, worker, until, before, continued } = await betweenTwoCalls(context);
    const taken = await duty.override({ people: ['yamada'], by: '山田', until, reason: '田中は体調不良' }, PATIENTLY);
    expect(taken.accepted).toBe(true);
    await duty.confirm({ person: 'yamada' }, PATIENTLY);
    await worker.kill();
    const { owner, placedCalls, told, called } = await continued();
    expect(owner).toMatchObject({ by: '山田' });
    expect(called).toEqual(['山田']);
    expect(placedCalls).toBe(before.length + 1);
    expect(told).toMatch(/^Calls 山田, on duty by "web-.*" \(override of 田中 by 山田: 田中は体調不良\) until /);
  });

  test('which it had published, and not answered yet: it is answered by the next worker, and counts', async (context) => {
    const { duty, worker, until, continued } = await betweenTwoCalls(context);
    const asked = duty.override({ people: ['yamada'], by: 'sato', until, reason: '交代' }, PATIENTLY);
    await eventually(async () => (await duty.published()).overrides.length === 1, 'it is published');
    await worker.kill();
    const { owner, told, called } = await continued();
    expect(await asked).toMatchObject({ accepted: true, override: { number: 1, unconfirmed: ['yamada'] } });
    expect(owner).toMatchObject({ by: '山田' });
    expect(called).toEqual(['山田']);
    expect(told).toMatch(/^Calls 山田, on duty by "web-.*" \(override of 田中 by sato: 交代; unconfirmed\) until .*; 田中, on duty by "web-.*" \(since 山田 has not confirmed\)/); // prettier-ignore
  });
});
