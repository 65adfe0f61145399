import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import type { IncidentResult } from '../../src/contract/incident-schema.js';
import { useRig } from '../rig/rig.js';
import { useAnotherTeam } from './another-team.js';
import {
  alertFor,
  calling,
  ENDLESSLY,
  follow,
  newIncidentId,
  policyWith,
  presses,
  QUICKLY,
  rings,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const anotherTeam = useAnotherTeam();
const newId = () => newIncidentId().replace('incident/', 'deploy-');

/** Key 2 ends the call as well: what it means is the other team's. */
const ASKING = policyWith({
  primary: calling([TANAKA], { keys: { 1: { kind: 'acknowledge' }, 2: { kind: 'acknowledge' } } }),
});

describe('a workflow of another team asks people by an incident of its own', SIDE_BY_SIDE, () => {
  test.for([
    ['1', 'deployed, as 田中 said'],
    ['2', 'not deployed, as 田中 said'],
  ] as const)('and branches on the key %s', async ([key, expected], context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: presses(key) }, context });
    const said = await here.temporal.workflow.execute('deployWhenAllowed', {
      workflowId: newId(),
      taskQueue: anotherTeam.taskQueue,
      args: [alertFor(ASKING, { until: 'acknowledged' }), here.taskQueue],
    });
    expect(said).toBe(expected);
  });

  test('and learns that nobody was reached', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const said = await here.temporal.workflow.execute('deployWhenAllowed', {
      workflowId: newId(),
      taskQueue: anotherTeam.taskQueue,
      args: [alertFor(ASKING, { until: 'acknowledged' }), here.taskQueue],
    });
    expect(said).toBe('nobody was reached: exhausted');
  });

  test('and is cancelled: the telephone is hung up', async (context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const asking = await here.temporal.workflow.start('deployWhenAllowed', {
      workflowId: newId(),
      taskQueue: anotherTeam.taskQueue,
      args: [alertFor(ASKING, { until: 'acknowledged' }), here.taskQueue],
    });
    await rings(here.emulator, TANAKA);
    await asking.cancel();
    const incident = follow(here.temporal.workflow.getHandle(`incident/${asking.workflowId}`));
    expect(await incident.result()).toMatchObject({ state: 'cancelled', owner: null, placedCalls: 1 });
    expect(here.emulator.space.runs().map(({ status }) => status)).toEqual(['aborted']);
  });

  test.for([
    ['acknowledge', 'acknowledged', 'acknowledged'],
    ['resolve', 'resolved', 'resolved'],
  ] as const)('and takes it back with the signal %s', async ([signal, until, state], context) => {
    const here = await world({ ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp() }, context });
    const result = (await here.temporal.workflow.execute('opensAndSignals', {
      workflowId: newId(),
      taskQueue: anotherTeam.taskQueue,
      args: [alertFor(ASKING, { until }), here.taskQueue, signal],
    })) as IncidentResult;
    expect(result).toMatchObject({ state, owner: { by: 'deploy-bot', via: 'api' }, keyInput: null });
    expect(here.emulator.space.runs().filter(({ status }) => status !== 'aborted')).toEqual([]);
  });
});
