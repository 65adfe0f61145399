import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, type TestContext } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { publishedOverrides } from '../../src/client/duty-overrides.js';
import { type DutyHandle, DutyInputInvalid, NoWorker } from '../../src/client.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { useRig, type World } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';

const rig = useRig();
const world = useSharedWorld(rig, { workers: 'none' });
const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-duty-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Workers whose runs continue as new after some twenty events. */
async function startWorkers(here: World): Promise<void> {
  const schedules = new SchedulesFolder(folder, { info: () => undefined, error: () => undefined });
  const pigeon = createPigeonClient({ baseUrl: here.emulator.url, token: () => Promise.resolve('none') });
  const sleepWatch = watchSleep();
  here.onTestFinished(async () => {
    sleepWatch.stop();
    await pigeon.close();
  });
  await here.startWorkers({
    activities: createActivities({ pigeon, sleepWatch, findShifts: (...asked) => schedules.findShifts(...asked) }),
    workflowCode: `globalThis.pigeonflowLongHistoryEvents = 20;\n${readFileSync(inject('workflowCodePath'), 'utf8')}`,
  });
}
beforeAll(() => startWorkers(world()));

/** The machine of a test does much else. */
function patiently(duty: DutyHandle): DutyHandle {
  const limit = { timeLimitMs: 90_000 };
  return {
    override: (input, given = limit) => duty.override(input, given),
    take: (input, given = limit) => duty.take(input, given),
    swap: (input, given = limit) => duty.swap(input, given),
    confirm: (input, given = limit) => duty.confirm(input, given),
    remove: (input, given = limit) => duty.remove(input, given),
    overrides: (given = limit) => duty.overrides(given),
    published: (given = limit) => duty.published(given),
  };
}

function newSchedule(context: TestContext, here = world()) {
  const name = `web-${randomUUID().slice(0, 8)}`;
  const write = (people: string) =>
    writeFileSync(join(folder, `${name}.yaml`), `name: ${name}
timeZone: Asia/Tokyo
layers:
  - { name: weekly, rotation: { every: 1w, handOff: "mon 09:00", from: 2026-01-05, people: ${people} } }
`); // prettier-ignore
  write('[sato, abe]');
  const handle = here.temporal.workflow.getHandle(`duty/${name}`);
  context.onTestFinished(async () => {
    await handle.terminate().catch(() => undefined);
  });
  return { name, duty: patiently(here.pigeonflow.schedule(name)), handle, temporal: here.temporal };
}

describe('duty', { concurrent: true, timeout: 180_000 }, () => {
  test('says what a take comes to before it is made, and changes nothing by that', async (context) => {
    const { name, duty, temporal } = newSchedule(context);
    const preview = await duty.take({ person: 'suzuki', preview: true });
    expect(preview).toMatchObject({ accepted: true, holdsFrom: null, version: 0, override: { kind: 'take' } });
    expect(preview.message).toMatch(/suzuki on duty from .* until 20.* 09:00 \(weekly\), instead of (sato|abe)\. .*Nothing has been changed yet\./); // prettier-ignore
    expect((await duty.overrides()).overrides).toEqual([]);
    expect((await publishedOverrides(temporal, name)).overrides).toEqual([]);
  });

  test('publishes it before it answers; asked again it is so already', async (context) => {
    const { name, duty, temporal } = newSchedule(context);
    const { override, message } = await duty.take({ person: 'suzuki', reason: 'sato is sick' });
    expect(message).toMatch(/asked by suzuki: sato is sick\. Every worker knows it from /);
    expect((await publishedOverrides(temporal, name)).overrides).toEqual([override]);
    expect(await duty.take({ person: 'suzuki' })).toMatchObject({ accepted: true, override: null, version: 1 });
  });

  test('takes of several people at once are made one after the other', async (context) => {
    const { duty } = newSchedule(context);
    const people = ['suzuki', 'kato', 'ito'];
    const answers = await Promise.all(people.map((person) => duty.take({ person })));
    expect(answers.map(({ override }) => override?.number)).toEqual(expect.arrayContaining([1, 2, 3]));
    const { overrides } = await duty.overrides();
    // Each is told whom it replaces.
    expect(overrides.slice(1).map(({ parts }) => parts[0]?.former)).toEqual(
      overrides.slice(0, -1).map(({ parts }) => parts[0]?.people),
    );
  });

  test('keeps what was removed, who removed it and when, over many continuations', async (context) => {
    const { name, duty, handle, temporal } = newSchedule(context);
    const firstRun = (await duty.override({ people: 'suzuki', by: 'sato' }), (await handle.describe()).runId);
    await duty.confirm({ person: 'suzuki' });
    await duty.remove({ by: 'sato', reason: 'he is well' });
    await duty.take({ person: 'kato' });
    await duty.remove({ number: 2, by: 'kato' });
    await duty.take({ person: 'ito' });
    expect((await handle.describe()).runId).not.toBe(firstRun);
    const { overrides, version } = await duty.overrides();
    expect(version).toBe(6);
    expect(overrides).toMatchObject([
      { number: 1, unconfirmed: [], confirmed: [{ person: 'suzuki' }], removed: { by: 'sato', reason: 'he is well' } },
      { number: 2, removed: { by: 'kato' } },
      { number: 3, by: 'ito', removed: null },
    ]);
    const published = await publishedOverrides(temporal, name);
    expect(published).toMatchObject({ version: 6, overrides: [{ number: 3 }] });
  });

  test('a swap counts when both agree', async (context) => {
    const { duty } = newSchedule(context);
    // The second shift from now on, and the third.
    const monday = (weeks: number) => {
      const now = new Date(Date.now() + 9 * 3_600_000 + weeks * 7 * 86_400_000);
      now.setUTCDate(now.getUTCDate() + ((8 - now.getUTCDay()) % 7));
      return now.toISOString().slice(0, 10);
    };
    const swap = { shift: `weekly/${monday(1)}`, with: monday(2) };
    const asked = await duty.swap({ ...swap, person: 'sato' });
    expect(asked).toMatchObject({ override: { proposed: true, unconfirmed: ['abe'], by: 'sato' } });
    expect(asked.message).toContain('It does NOT count yet: abe must confirm it.');
    expect(await duty.confirm({ person: 'abe' })).toMatchObject({ override: { proposed: false, unconfirmed: [] } });
    expect(await duty.swap({ ...swap, agreed: true })).toMatchObject({ override: { proposed: false } });
  });

  test('puts back what was printed', async (context) => {
    const { duty } = newSchedule(context);
    await duty.take({ person: 'suzuki' });
    const { overrides } = await duty.overrides();
    const other = newSchedule(context);
    expect(await other.duty.override({ restore: overrides })).toMatchObject({ accepted: true, version: 1 });
    expect((await other.duty.overrides()).overrides).toEqual(overrides);
  });

  test('what cannot be is an answer that says why; what does not fit is refused', async (context) => {
    const { duty } = newSchedule(context);
    for (const refused of [
      duty.take({}),
      duty.take({ person: 'suzuki', until: '2026-01-06T09:00' }),
      duty.override({ people: ['suzuki'], shift: 'nights/2026-12-07' }),
      duty.override({ people: ['suzuki'], from: '2099-01-01T09:00' }),
      duty.swap({ shift: '2026-12-07' }),
      duty.confirm({ person: 'suzuki' }),
      duty.remove({}),
      duty.remove({ number: 7 }),
      patiently(world().pigeonflow.schedule(`no-${randomUUID().slice(0, 8)}`)).take({ person: 'suzuki' }),
    ]) {
      const answer = await refused;
      expect(answer).toMatchObject({ accepted: false, holdsFrom: null });
      expect(answer.message.length).toBeGreaterThan(10);
    }
    await expect(duty.take({ person: '鈴木' })).rejects.toThrow(DutyInputInvalid);
    await expect(duty.override({ people: ['suzuki'], shift: 'monday' })).rejects.toThrow(/shift/);
    expect((await duty.overrides()).version).toBe(0);
  });

  test('without a worker nobody answers, and what was published can be read', async (context) => {
    const alone = await rig({ workers: 'none', context });
    const { duty } = newSchedule(context, alone);
    await expect(duty.take({ person: 'suzuki' }, { timeLimitMs: 2_000 })).rejects.toThrow(NoWorker);
    expect(await duty.published()).toMatchObject({ version: 0, overrides: [] });
  });

  test('shows in the Web UI who is on duty by it, and the list', async (context) => {
    const { name, duty, handle } = newSchedule(context);
    await duty.override({ people: ['suzuki'], by: 'sato', reason: 'a | b' });
    const details = JSON.stringify(await handle.query('__temporal_workflow_metadata'));
    expect(details).toContain(
      `Overrides that count now: **suzuki**. Who is on duty: \`pigeonflow schedule who ${name}\``,
    );
    expect(details).toContain('unconfirmed by suzuki');
    expect(details).toContain('I take over now, until the end of the shift');
  });
});
