import { defineSearchAttributeKey } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { busy, EMULATOR_TOKEN, neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { activityIs } from '../rig/history.js';
import { eventsOf, postsOf } from './incident-history.js';
import {
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  QUICKLY,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');
const WAITING = policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) });

async function attributesOf({ handle }: OpenIncident) {
  const { typedSearchAttributes: attributes } = await handle.describe();
  return { state: attributes.get(STATE), owner: attributes.get(OWNER) };
}

const memoOf = async ({ handle }: OpenIncident) => (await handle.describe()).memo ?? {};

/** Writes to the visibility store, each with its place in the history. */
async function writesOf(incident: OpenIncident) {
  return (await eventsOf(incident)).flatMap((event) =>
    event.upsertWorkflowSearchAttributesEventAttributes || event.workflowPropertiesModifiedEventAttributes
      ? [Number(event.eventId)]
      : [],
  );
}

describe('the list of workflows', SIDE_BY_SIDE, () => {
  test('tells the state and the owner by handle, through the life of an incident', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: [neverPicksUp(), presses('1')] }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }) }));
    await rings(here.emulator, TANAKA);
    await incident.until(({ ringing }) => ringing.length > 0, 'rings');
    expect(await attributesOf(incident)).toEqual({ state: 'triggered', owner: 'nobody' });
    await incident.ask('snooze', { for: '1s' });
    expect(await attributesOf(incident)).toEqual({ state: 'snoozed', owner: 'nobody' });
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    expect(await attributesOf(incident)).toEqual({ state: 'acknowledged', owner: 'tanaka' });
    const query = `${STATE_ATTRIBUTE} = 'acknowledged' AND ${OWNER_ATTRIBUTE} = 'tanaka' AND WorkflowId = '${incident.id}'`;
    await eventually(async () => (await here.temporal.workflow.count(query)).count === 1, 'it is listed');
    await incident.ask('snooze', { for: '1h' });
    expect(await attributesOf(incident)).toEqual({ state: 'snoozed', owner: 'nobody' });
    await incident.ask('resolve', { by: 'sato' });
    await incident.result();
    expect(await attributesOf(incident)).toEqual({ state: 'resolved', owner: 'sato' });
  });

  test.for([
    ['a handle of the policy', 'sato', 'sato'],
    ['a name of the policy', '佐藤', 'sato'],
    ['a name that the policy does not know', '鈴木 一郎', 'external'],
    ['nobody', undefined, 'external'],
    ['a name of JavaScript', 'constructor', 'external'],
  ] as const)('names an owner who said %s never by name', async ([, by, owner], context) => {
    const here = await world({ ...QUICKLY, context });
    const incident = await open(here, WAITING);
    await incident.told('waiting');
    await incident.ask('acknowledge', { by });
    await eventually(async () => (await attributesOf(incident)).state === 'acknowledged', 'it is shown');
    expect(await attributesOf(incident)).toEqual({ state: 'acknowledged', owner });
    await incident.ask('resolve');
  });

  test('says "blocked" as long as the space refuses us', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: presses('1') }, context });
    here.emulator.tokens.revoke(EMULATOR_TOKEN);
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await incident.told('callBlocked');
    expect(await attributesOf(incident)).toEqual({ state: 'blocked', owner: 'nobody' });
    expect((await memoOf(incident))['now']).toMatch(/^BLOCKED, nobody is called: .*401/);
    here.emulator.tokens.add(EMULATOR_TOKEN);
    await incident.ask('resolve');
  });

  test('is written only after the first POST was asked for: people come first', async (context) => {
    const here = await world({ ...ENDLESSLY, workers: 'none', context });
    await here.startWorkers({ serve: 'workflows' });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await activityIs(here, incident.id, 'invoke', 'scheduled');
    const [post] = postsOf(await eventsOf(incident));
    for (const write of await writesOf(incident)) expect(write).toBeGreaterThan(post?.eventId ?? Infinity);
    await incident.ask('resolve');
    await incident.result();
    expect((await attributesOf(incident)).state).toBe('resolved');
  });

  test('is written only when the state or the owner changes, however long it rings', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: [busy(), busy(), presses('1')] }, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { attempts: 3 }) }));
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    await incident.ask('resolve', { by: 'sato' });
    await incident.result();
    // Attributes and memo: triggered, acknowledged, resolved.
    expect(await writesOf(incident)).toHaveLength(6);
  });
});

describe('the memo', SIDE_BY_SIDE, () => {
  test('says what is happening, what comes next, and who owns it, also when no worker lives', async (context) => {
    const here = await world({ ...QUICKLY, workers: 'none', context });
    const workers = await here.startWorkers();
    const incident = await open(here, WAITING);
    await incident.told('waiting');
    await incident.ask('acknowledge', { by: 'suzuki' });
    await eventually(async () => (await attributesOf(incident)).state === 'acknowledged', 'it is shown');
    await workers.stop();
    expect(await memoOf(incident)).toMatchObject({
      summary: 'disk full',
      severity: 'critical',
      policy: 'test',
      owner: 'suzuki',
      now: 'suzuki owns it. Nobody is called.',
      next: expect.stringMatching(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: not resolved by then, "primary" is called$/,
      ) as string,
    });
  });

  test('follows the levels, since it is all that can be read when no worker lives', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [SATO.phone]: neverPicksUp() }, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy);
    await rings(here.emulator, SATO);
    await eventually(async () => (await memoOf(incident))['level'] === 2, 'the second level is shown');
    expect((await memoOf(incident))['now']).toContain('level 2 "manager"');
    await incident.ask('resolve');
  });

  test('of a long summary in Japanese is cut, and the incident continues', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const summary = '障害'.repeat(500);
    const incident = await open(here, WAITING, { summary });
    await incident.told('waiting');
    await incident.ask('resolve', { by: '鈴木'.repeat(100) });
    await incident.result();
    const memo = await memoOf(incident);
    expect(summary.startsWith(String(memo['summary']))).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(memo))).toBeLessThan(2_048);
  });
});
