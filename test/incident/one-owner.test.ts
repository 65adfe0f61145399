import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { IncidentAnswer, IncidentResult } from '../../src/contract/incident-schema.js';
import { manual } from '../../src/emulator/emulator.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { useRig, type World } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { acknowledgedAt, childrenOf, eventsOf, postsOf } from './incident-history.js';
import {
  calling,
  type Contact,
  ENDLESSLY,
  escalateTo,
  type OpenIncident,
  open,
  policyWith,
  refused,
  rings,
} from './incident-world.js';

/** So many races at a time, each with a telephone of its own. */
const AT_A_TIME = 20;
const RACERS = Array.from({ length: AT_A_TIME }, (_, index): Contact => {
  const number = String(index).padStart(2, '0');
  return { handle: `racer-${number}`, name: `走者${number}`, phone: `03000000${number}` };
});
const people = Object.fromEntries(RACERS.map(({ phone }) => [phone, manual()]));
const world = useSharedWorld(useRig(), { ...ENDLESSLY, people });

/**
 * When the update is sent: some time after the key was pressed, some time after Pigeon was asked for the result that holds
 * the key, or when the key has won for certain. So each of the two wins now and then, however fast this machine is.
 */
function momentOf(index: number): { readonly after: 'press' | 'look' | 'owned'; readonly ms: number } {
  if (index < 8) return { after: 'press', ms: index * 160 - 200 };
  return index < 18 ? { after: 'look', ms: (index - 8) * 25 } : { after: 'owned', ms: 0 };
}

interface Race {
  readonly incident: OpenIncident;
  readonly racer: Contact;
  readonly answer: IncidentAnswer;
  readonly result: IncidentResult;
}

async function race(here: World, policy: Policy, racer: Contact, index: number): Promise<Race> {
  const { space, journal } = here.emulator;
  const nth = journal.calls().filter(({ phoneNumber }) => phoneNumber === racer.phone).length + 1;
  const incident = await open(here, policy);
  const call = await rings(here.emulator, racer, nth);
  space.pickUp(call);
  const { after, ms } = momentOf(index);
  const press = async () => {
    await setTimeout(Math.max(-ms, 0));
    space.press(call, '1');
    return space.calls().find(({ callId }) => callId === call)?.resultId;
  };
  const pressed = press();
  const update = async () => {
    if (after === 'owned') await incident.until(({ owner }) => owner !== null, 'is owned');
    if (after === 'look') {
      const resultId = await pressed;
      const seen = journal.polls(resultId).length;
      await journal.waitFor(() => journal.polls(resultId).length > seen, 60_000);
    }
    await setTimeout(Math.max(ms, 0));
    return incident.ask('acknowledge', { by: 'suzuki' });
  };
  const [answer] = await Promise.all([update(), pressed]);
  // Nobody owns it a second time, however long it stays open.
  await incident.until(({ ringing }) => ringing.length === 0, 'has nothing live');
  await incident.ask('resolve', { by: 'kato' });
  return { incident, racer, answer, result: await incident.result() };
}

function expectOneOwner({ racer, answer, result }: Race): 'key' | 'api' {
  const { owner, timeline, alsoAcknowledged, placedCalls } = result;
  expect(timeline.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(1);
  expect(timeline.filter(({ kind }) => kind === 'takenOver' || kind === 'released')).toEqual([]);
  expect(placedCalls).toBe(1);
  // What the update was told when it was answered is what is in the end.
  expect(answer.owner).toEqual(owner);
  if (owner?.via === 'key') {
    expect(owner.by).toBe(racer.name);
    expect(answer).toMatchObject({ accepted: false, state: 'acknowledged' });
    expect(answer.message).toContain(`${racer.name} has owned the incident for`);
    return 'key';
  }
  expect(owner).toMatchObject({ by: 'suzuki' });
  expect(answer).toMatchObject({ accepted: true, state: 'acknowledged' });
  // The key came before the telephone was hung up, and is kept, or it came after, and did not count.
  expect(alsoAcknowledged.map(({ contact }) => contact)).toEqual(alsoAcknowledged.length === 0 ? [] : [racer.name]);
  return 'api';
}

/** Every POST of the incident and of its children, which can only have been asked for before it was owned. */
async function expectNoCallAfterwards({ incident }: Race): Promise<void> {
  const events = await eventsOf(incident);
  expect(postsOf(events).filter(({ eventId }) => eventId > acknowledgedAt(events))).toEqual([]);
  for (const { id } of childrenOf(events)) {
    expect(postsOf(await eventsOf({ handle: world().temporal.workflow.getHandle(id) }))).toHaveLength(1);
  }
}

async function races(policyFor: (racer: Contact) => Policy, batches: number): Promise<readonly ('key' | 'api')[]> {
  const here = world();
  const before = here.emulator.journal.calls().length;
  const winners: ('key' | 'api')[] = [];
  for (let batch = 1; batch <= batches; batch += 1) {
    const run = await Promise.all(RACERS.map((racer, index) => race(here, policyFor(racer), racer, index)));
    for (const one of run) {
      winners.push(expectOneOwner(one));
      await expectNoCallAfterwards(one);
    }
  }
  expect(here.emulator.journal.calls()).toHaveLength(before + batches * AT_A_TIME);
  return winners;
}

const BATCHES = fewOrMany(1, 10);
const BATCHES_IN_A_CHILD = fewOrMany(1, 5);

describe('a key and an update at about the same instant', { timeout: 600_000 }, () => {
  test(`make exactly one owner in each of ${BATCHES * AT_A_TIME} races, and call nobody afterwards`, async () => {
    const policyFor = (racer: Contact) => policyWith({ primary: calling([racer], { attempts: 'unlimited' }) });
    const winners = await races(policyFor, BATCHES);
    expect(winners).toHaveLength(BATCHES * AT_A_TIME);
    expect(new Set(winners)).toEqual(new Set(['key', 'api']));
  });

  test(`make exactly one owner in each of ${BATCHES_IN_A_CHILD * AT_A_TIME} races when the level is in a child`, async () => {
    const primary = refused({ otherwise: escalateTo('manager') });
    const policyFor = (racer: Contact) => policyWith({ primary, manager: calling([racer], { attempts: 'unlimited' }) });
    const winners = await races(policyFor, BATCHES_IN_A_CHILD);
    expect(winners).toHaveLength(BATCHES_IN_A_CHILD * AT_A_TIME);
    expect(new Set(winners)).toEqual(new Set(['key', 'api']));
  });
});
