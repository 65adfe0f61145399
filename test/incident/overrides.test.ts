import { randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import {
  calledIn,
  open,
  presses,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
  type OpenIncident,
} from './incident-world.js';
import { PEOPLE, peopleWorld, SAY } from './people-world.js';

const withPeople = peopleWorld(useRig());

const policyText = (schedule: string) => `name: web
steps:
  primary:
    call: { contacts: [{ onDuty: ${schedule} }], ${SAY} }
    attempts: 200
    every: 1s
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager: { call: { contacts: [sato], ${SAY} }, keys: { 1: acknowledge } }
start: primary
parameters: [server]
budget: { calls: 500, within: 1d }
`;
/** Twelve hours away, in Tokyo: no hand-over comes while the tests run, in the file of before or in the new one. */
const HOUR = String((new Date().getUTCHours() + 21) % 24).padStart(2, '0');
const scheduleText = (name: string, handOff = `${HOUR}:00`) => `name: ${name}
timeZone: Asia/Tokyo
layers:
  - name: daily
    rotation: { every: 1d, handOff: "${handOff}", from: 2026-01-01, people: [tanaka] }
`;
const PATIENTLY = { timeLimitMs: 90_000 };
const silent = Array.from({ length: 100 }, () => neverPicksUp());
const EVERYBODY = { [TANAKA.phone]: silent, [YAMADA.phone]: presses('1'), [SATO.phone]: presses('1') };

async function atNight(context: TestContext, answering: Parameters<typeof withPeople>[2]['answering'] = EVERYBODY) {
  // All tests share one server, and a schedule has one workflow there.
  const name = `web-${randomUUID().slice(0, 8)}`;
  const world = await withPeople(policyText(name), PEOPLE, { answering, context, schedules: { [name]: scheduleText(name) } }); // prettier-ignore
  const { here } = world;
  context.onTestFinished(async () => {
    await here.temporal.workflow.getHandle(`duty/${name}`).terminate();
  });
  const openIt = (dedupKey = 'web-1') => open(here, 'web', { until: 'acknowledged', dedupKey });
  return { ...world, name, openIt, duty: here.pigeonflow.schedule(name) };
}

const told = async (incident: OpenIncident) =>
  (await incident.timeline()).entries.filter(({ kind }) => kind === 'calleesFound').map(({ text }) => text);

describe('an override that is made at night', SIDE_BY_SIDE, () => {
  test('while an incident escalates: the next attempt calls the one who took over, and the timeline says why', async (context) => {
    const { here, openIt, duty } = await atNight(context);
    const incident = await openIt();
    await rings(here.emulator, TANAKA);
    const taken = await duty.take({ person: 'yamada', reason: '田中は体調不良' }, PATIENTLY);
    expect(taken).toMatchObject({ accepted: true, override: { number: 1, by: 'yamada', unconfirmed: [] }, version: 1 });
    expect(Date.parse(taken.holdsFrom ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await incident.result()).toMatchObject({ owner: { by: '山田', step: 'primary' } });
    const texts = await told(incident);
    expect(texts[0]).toMatch(/^Calls 田中, on duty by "web-[^"]*" \(daily\)\.$/);
    expect(texts.at(-1)).toMatch(
      /^Calls 山田, on duty by "web-.*" \(override of 田中 by yamada: 田中は体調不良\) until /,
    );
  });

  test('holds in a new file, and for workers that have just begun', async (context) => {
    const { here, name, openIt, duty, writeSchedule, workers, begin } = await atNight(context);
    await duty.take({ person: 'yamada', reason: '交代' }, PATIENTLY);
    // The shift begins and ends an hour later.
    await writeSchedule(name, scheduleText(name, `${HOUR}:30`));
    await workers.stop();
    await begin();
    const incident = await openIt();
    expect(await incident.result()).toMatchObject({ owner: { by: '山田' }, placedCalls: 1 });
    expect(calledIn(here.emulator)).toEqual(['山田']);
    expect((await told(incident)).at(-1)).toMatch(/override of 田中 by yamada: 交代/);
    await duty.remove({ by: 'yamada', reason: '回復' }, PATIENTLY);
    const again = await openIt('web-2');
    await rings(here.emulator, TANAKA);
    expect((await told(again)).at(-1)).toMatch(/^Calls 田中, on duty by "web-[^"]*" \(daily\)\.$/);
    await again.ask('resolve');
  });

  test('by somebody else: until it is confirmed, those of before are called right after, in the same call', async (context) => {
    const answering = { [YAMADA.phone]: neverPicksUp(), [TANAKA.phone]: presses('1') };
    const { here, openIt, duty } = await atNight(context, answering);
    expect(await duty.override({ people: ['yamada'], by: 'sato' }, PATIENTLY)).toMatchObject({
      override: { unconfirmed: ['yamada'] },
    });
    const incident = await openIt();
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' }, placedCalls: 2 });
    expect(calledIn(here.emulator)).toEqual(['山田', '田中']);
    expect((await told(incident))[0]).toMatch(
      /^Calls 山田, on duty by "web-.*" \(override of 田中 by sato; unconfirmed\) until .*; 田中, on duty by "web-.*" \(since 山田 has not confirmed\)/,
    );
  });

  test('travels with an incident, in the copy of its shifts', async (context) => {
    const { here, openIt, duty } = await atNight(context);
    await duty.take({ person: 'yamada', reason: '交代' }, PATIENTLY);
    const incident = await openIt();
    await incident.result();
    const { events } = await here.temporal.workflow.getHandle(incident.id).fetchHistory();
    const history = JSON.stringify(events).replaceAll(/"data":"([^"]+)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    expect(history).toContain('"people":["yamada"],"layer":"override: 交代"');
  });
});
