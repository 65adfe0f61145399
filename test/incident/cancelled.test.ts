import { describe, expect, test } from 'vitest';
import { EMULATOR_TOKEN, neverPicksUp } from '../../src/emulator/emulator.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { useRig, type World } from '../rig/rig.js';
import { activityIs } from '../rig/history.js';
import { useAnotherTeam } from './another-team.js';
import { childrenOf, eventsOf } from './incident-history.js';
import {
  calling,
  callingTogether,
  ENDLESSLY,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  YAMADA,
} from './incident-world.js';

const world = useRig();
const anotherTeam = useAnotherTeam();
const PEOPLE = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp(), [YAMADA.phone]: presses('5') };

const MANAGER = { manager: calling([SATO], { attempts: 'unlimited' }) };
const RINGING = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }), ...MANAGER });
const WAITING = policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }), ...MANAGER });
const IN_CHILD = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), ...MANAGER });
const RUNNING = policyWith({
  primary: calling([YAMADA], {
    keys: {
      5: {
        kind: 'run',
        workflow: 'repairsForHours',
        taskQueue: anotherTeam.taskQueue,
        input: null,
        within: '1h',
        then: { kind: 'resolve' },
        onFailure: escalateTo('manager'),
      },
    },
  }),
  ...MANAGER,
});

interface Case {
  readonly policy: Policy;
  readonly reach: (incident: OpenIncident, world: World) => Promise<unknown>;
  readonly owner: string | null;
  readonly placedCalls: number;
}

const CASES: Readonly<Record<string, Case>> = {
  rings: { policy: RINGING, reach: (_, { emulator }) => rings(emulator, TANAKA), owner: null, placedCalls: 1 },
  'rings at several telephones': {
    policy: policyWith({ primary: callingTogether([TANAKA, SATO]) }),
    reach: (_, { emulator }) => Promise.all([rings(emulator, TANAKA), rings(emulator, SATO)]),
    owner: null,
    placedCalls: 2,
  },
  'rings in a child': {
    policy: IN_CHILD,
    reach: (_, { emulator }) => rings(emulator, SATO),
    owner: null,
    placedCalls: 1,
  },
  'waits for its next attempt': { policy: WAITING, reach: ({ told }) => told('waiting'), owner: null, placedCalls: 0 },
  'is blocked': {
    policy: RINGING,
    reach: ({ told }) => told('callBlocked'),
    owner: null,
    placedCalls: 0,
  },
  'is snoozed': { policy: WAITING, reach: ({ ask }) => ask('snooze', { for: '1h' }), owner: null, placedCalls: 0 },
  'is owned': {
    policy: WAITING,
    reach: ({ ask }) => ask('acknowledge', { by: 'suzuki' }),
    owner: 'suzuki',
    placedCalls: 0,
  },
  'runs a workflow': { policy: RUNNING, reach: ({ told }) => told('runStarted'), owner: '山田', placedCalls: 1 },
};

describe('an incident that is cancelled while it', SIDE_BY_SIDE, () => {
  test.for(Object.keys(CASES))('%s: hangs up, calls nobody, and closes as cancelled', async (name, context) => {
    const { policy, reach, owner, placedCalls } = CASES[name] as Case;
    const here = await world({ ...ENDLESSLY, people: PEOPLE, context });
    if (name === 'is blocked') here.emulator.tokens.revoke(EMULATOR_TOKEN);
    const incident = await open(here, policy);
    await reach(incident, here);
    await incident.handle.cancel();
    const result = await incident.result();
    expect(result).toMatchObject({ state: 'cancelled', placedCalls });
    expect(result.owner?.by ?? null).toBe(owner);
    expect(result.timeline.at(-1)).toMatchObject({ kind: 'closed', state: 'cancelled' });
    expect(here.emulator.space.runs().filter(({ status }) => status !== 'aborted' && status !== 'succeeded')).toEqual(
      [],
    );
    for (const { id } of childrenOf(await eventsOf(incident))) {
      const { status } = await here.temporal.workflow.getHandle(id).describe();
      expect(['COMPLETED', 'CANCELLED']).toContain(status.name);
    }
  });

  test('waits for a worker that takes its POST: nothing is ever sent', async (context) => {
    const here = await world({ ...ENDLESSLY, people: PEOPLE, workers: 'none', context });
    await here.startWorkers({ serve: 'workflows' });
    const incident = await open(here, RINGING);
    await activityIs(here, incident.id, 'invoke', 'scheduled');
    await incident.handle.cancel();
    expect(await incident.result()).toMatchObject({ state: 'cancelled', placedCalls: 0 });
    expect(here.emulator.journal.requests()).toEqual([]);
  });

  test('is being resolved: it closes as resolved', async (context) => {
    const here = await world({ ...ENDLESSLY, people: PEOPLE, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    await incident.ask('resolve', { by: 'suzuki' });
    await incident.handle.cancel();
    expect(await incident.result()).toMatchObject({ state: 'resolved', owner: { by: 'suzuki' } });
  });

  test('is cancelled already: it is cancelled once', async (context) => {
    const here = await world({ ...ENDLESSLY, people: PEOPLE, context });
    const incident = await open(here, RINGING);
    await rings(here.emulator, TANAKA);
    await incident.handle.cancel();
    await incident.handle.cancel();
    const { timeline } = await incident.result();
    expect(timeline.filter(({ kind }) => kind === 'cancelled')).toHaveLength(1);
    expect(here.emulator.journal.aborts()).toHaveLength(1);
  });
});
