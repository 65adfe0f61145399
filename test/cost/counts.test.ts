import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { childrenOf, eventsOf } from '../incident/incident-history.js';
import {
  calling,
  escalateTo,
  open,
  policyWith,
  presses,
  QUICKLY,
  SATO,
  TANAKA,
  YAMADA,
} from '../incident/incident-world.js';
import { BUNDLE, COMMAND } from '../rig/build.js';
import { callTo, useRig } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

/**
 * What no machine changes, and what a change of the code may cost without anybody noticing. Seconds are for `npm run bench`.
 * Who raises a number here says why in the commit.
 */
const world = useRig();

/** Timer, activity, and the two workflow tasks that they lead to. */
const EVENTS_OF_A_POLL = 11;
const TASKS_OF_A_POLL = 2;
/** Scheduled once more, after it has timed out. */
const EVENTS_OF_A_LATE_TASK = 2;
/** A telephone that rings may be reported once more or less, by how the looks fall. */
const SPREAD = 8;

async function costOf(handle: WorkflowHandle) {
  const events = await eventsOf({ handle });
  const count = (is: (event: (typeof events)[number]) => unknown) => events.filter(is).length;
  const polls = count((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'getResult');
  // A worker that is busy takes a task late, and the server hands it out again.
  const late = count((event) => event.workflowTaskTimedOutEventAttributes);
  return {
    events: events.length - EVENTS_OF_A_POLL * polls - EVENTS_OF_A_LATE_TASK * late,
    tasks: count((event) => event.workflowTaskCompletedEventAttributes) - TASKS_OF_A_POLL * polls,
    visibility: count(
      (event) => event.upsertWorkflowSearchAttributesEventAttributes ?? event.workflowPropertiesModifiedEventAttributes,
    ),
  };
}

describe('what the server writes', () => {
  test('of a call: 14 events, 2 workflow tasks and 1 update of the list, and for each poll 11 events and 2 tasks', async () => {
    const here = await world({ people: { [TANAKA.phone]: answers(3_000, '1') } });
    const call = await here.pigeonflow.startCall(here.newId(), callTo(TANAKA.phone));
    await call.wait();
    const cost = await costOf(here.temporal.workflow.getHandle(call.callId));
    expect(cost).toEqual({ events: 14, tasks: 2, visibility: 1 });
  });

  test('of an incident of three levels: no more than it did', async () => {
    const people = { [TANAKA.phone]: neverPicksUp(), [YAMADA.phone]: neverPicksUp(), [SATO.phone]: presses('1') };
    const here = await world({ ...QUICKLY, people });
    const policy = policyWith({
      primary: calling([TANAKA], { otherwise: escalateTo('second') }),
      second: calling([YAMADA], { otherwise: escalateTo('third') }),
      third: calling([SATO]),
    });
    const incident = await open(here, policy, { until: 'acknowledged' });
    await incident.result();
    const cost = await costOf(incident.handle);
    expect(cost.events).toBeLessThanOrEqual(49 + SPREAD);
    expect(cost.tasks).toBeLessThanOrEqual(9 + SPREAD / 4);
    expect(cost.visibility).toBeLessThanOrEqual(6);
    const levels = childrenOf(await eventsOf(incident)).map(({ id }) => here.temporal.workflow.getHandle(id));
    expect(levels).toHaveLength(2);
    for (const level of levels) {
      const { events, visibility } = await costOf(level);
      expect(events).toBeLessThanOrEqual(23 + SPREAD);
      expect(visibility).toBe(0);
    }
  });
});

describe('what a start loads', () => {
  test('a workflow bundle of at most 3.9 MB', () => {
    expect(statSync(BUNDLE).size).toBeLessThan(3_900_000);
  });

  test.for([
    ['at most 50 modules for the command itself', ['--version'], /^\d+\.\d+\.\d+/, 50],
    ['at most 200 for the help of one that calls', ['call', '--help'], /^Usage: pigeonflow call/, 200],
  ] as const)('%s', ([, argv, says, most]) => {
    const folder = temporaryFolder();
    const { stdout } = spawnSync(process.execPath, [COMMAND, ...argv], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: folder },
    });
    expect(stdout).toMatch(says);
    const modules = readdirSync(folder).flatMap((file) => {
      const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
      return result.filter(({ url }) => url.startsWith('file:'));
    });
    expect(modules.length).toBeGreaterThan(5);
    expect(modules.length).toBeLessThanOrEqual(most);
  });
});
