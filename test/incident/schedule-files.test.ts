import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { eventually, useRig } from '../rig/rig.js';
import { calledIn, open, presses, rings, SATO, SIDE_BY_SIDE, TANAKA, YAMADA } from './incident-world.js';
import { PEOPLE, peopleWorld, SAY } from './people-world.js';

const withPeople = peopleWorld(useRig());

const POLICY = `name: web
steps:
  primary:
    call: { contacts: [{ onDuty: web }], ${SAY} }
    attempts: 2
    every: 3s
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager: { call: { contacts: [sato], ${SAY} }, keys: { 1: acknowledge } }
start: primary
parameters: [server]
budget: { calls: 50, within: 1d }
`;

/** Always this person; on holidays that one. */
const scheduleOf = (person: string, more = '') =>
  `name: web
timeZone: Asia/Tokyo
holidays: [japan]
layers:
  - { name: always, people: [${person}] }
  - { name: holidays, when: { days: holiday }, people: [sato] }
${more}`;

async function withSchedule(text: string, context: TestContext, now?: () => number) {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-schedules-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'web.yaml');
  await writeFile(file, text);
  const logged: string[] = [];
  const log = (about: object, message: string) => logged.push(`${message} ${JSON.stringify(about)}`);
  const roster = new SchedulesFolder(folder, { info: log, error: log });
  const answering = {
    [TANAKA.phone]: [neverPicksUp(), presses('1')],
    [YAMADA.phone]: presses('1'),
    [SATO.phone]: presses('1'),
  };
  const { here } = await withPeople(POLICY, PEOPLE, { answering, context, roster, ...(now && { now }) });
  return { here, file, logged, incident: await open(here, 'web', { until: 'acknowledged' }) };
}

/** 10:00 in Tokyo on a Wednesday that is no holiday. */
const WORKING_DAY = Date.parse('2026-12-02T10:00:00+09:00');

describe('the file of a schedule, while an incident is open', SIDE_BY_SIDE, () => {
  test('is replaced: the next attempt rings who is on duty by the new one', async (context) => {
    const { here, file, incident } = await withSchedule(scheduleOf('tanaka'), context, () => WORKING_DAY);
    await rings(here.emulator, TANAKA);
    await writeFile(file, scheduleOf('yamada'));
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '山田']);
  });

  test('is broken: it counts as it was when it was last right, and the log says so', async (context) => {
    const { here, file, incident, logged } = await withSchedule(scheduleOf('tanaka'), context, () => WORKING_DAY);
    await rings(here.emulator, TANAKA);
    await writeFile(file, scheduleOf('yamada').replace('Asia/Tokyo', 'Asia/Tokio'));
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '田中']);
    expect(logged.join()).toMatch(/what was read before stays in use.*Asia\/Tokio/);
  });

  test('is deleted: the same', async (context) => {
    const { here, file, incident, logged } = await withSchedule(scheduleOf('tanaka'), context, () => WORKING_DAY);
    await rings(here.emulator, TANAKA);
    await rm(file);
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' } });
    expect(logged.join()).toContain('what was read before stays in use');
  });

  test('has an override from now on: it counts at the next attempt, and the timeline says why', async (context) => {
    const { here, file, incident } = await withSchedule(scheduleOf('tanaka'), context, () => WORKING_DAY);
    await rings(here.emulator, TANAKA);
    const override = '{ from: 2026-12-02T09:00, to: 2026-12-02T18:00, people: [yamada], note: 歯医者 }';
    await writeFile(file, scheduleOf('tanaka', `overrides: [${override}]\n`));
    expect(await incident.result()).toMatchObject({ owner: { by: '山田' } });
    const { entries } = await incident.timeline();
    expect(entries.filter(({ kind }) => kind === 'calleesFound').at(-1)?.text).toMatch(
      /山田.*歯医者.*until 2026-12-02 18:00/,
    );
  });

  test('hands over at an hour that comes while it rings', async (context) => {
    const text = scheduleOf('tanaka').replace('people: [tanaka]', 'rotation: { every: 1d, handOff: "10:00", from: 2026-12-01, people: [tanaka, yamada] }'); // prettier-ignore
    let now = WORKING_DAY - 1;
    const { here, incident } = await withSchedule(text, context, () => now);
    await rings(here.emulator, TANAKA);
    now = WORKING_DAY;
    expect(await incident.result()).toMatchObject({ owner: { by: '山田' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '山田']);
  });

  test('has a table of holidays: on one of them', async (context) => {
    const { incident } = await withSchedule(scheduleOf('yamada'), context, () => Date.parse('2026-11-23T10:00+09:00'));
    expect(await incident.result()).toMatchObject({ owner: { by: '佐藤', step: 'primary' } });
  });

  test('has a table of holidays that is past its last day: somebody rings', async (context) => {
    const { incident } = await withSchedule(scheduleOf('yamada'), context, () => Date.parse('2032-05-03T10:00+09:00'));
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' } });
  });

  test('is there at last: what was blocked calls by it', async (context) => {
    const { here, file, incident } = await withSchedule('name: [', context, () => WORKING_DAY);
    await incident.until(({ state }) => state === 'blocked', 'is blocked');
    await writeFile(file, scheduleOf('yamada'));
    await eventually(async () => {
      await incident.handle.signal('check');
      return (await incident.status()).state === 'resolved' || calledIn(here.emulator).length > 0;
    }, 'calls');
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' } });
  });
});
