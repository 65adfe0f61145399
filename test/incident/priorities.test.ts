import { describe, expect, test } from 'vitest';
import { activityIs } from '../rig/history.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { childrenOf, eventsOf, postsOf } from './incident-history.js';
import { calling, ENDLESSLY, open, policyWith, SATO, SIDE_BY_SIDE, TANAKA } from './incident-world.js';

/** Without a worker that takes POSTs, so that they wait for their turn. */
const world = useSharedWorld(useRig(), { ...ENDLESSLY, workers: 'none' }, (here) =>
  here.startWorkers({ serve: 'workflows' }),
);
const POLICY = policyWith({ primary: calling([TANAKA]), manager: calling([SATO]) });

describe('the severity of an incident', SIDE_BY_SIDE, () => {
  test.for([
    ['critical', 1],
    ['error', 2],
    ['warning', 3],
    ['info', 4],
  ] as const)('%s: its POSTs wait with priority %i, those of its children too', async ([severity, priority]) => {
    const here = world();
    const incident = await open(here, POLICY, { severity });
    await activityIs(here, incident.id, 'invoke', 'scheduled');
    await incident.ask('escalate', { to: 'manager' });
    await incident.until(({ step }) => step === 'manager', 'calls the manager');
    const [child] = childrenOf(await eventsOf(incident));
    await activityIs(here, child?.id ?? '', 'invoke', 'scheduled');
    const posts = postsOf([
      ...(await eventsOf(incident)),
      ...(await eventsOf({ handle: here.temporal.workflow.getHandle(child?.id ?? '') })),
    ]);
    expect(posts.map(({ priority }) => priority)).toEqual([priority, priority]);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ placedCalls: 0 });
  });
});
