import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { eventsOf } from './incident-history.js';
import {
  answerOrClosed,
  calledIn,
  calling,
  ENDLESSLY,
  escalateTo,
  follow,
  open,
  type OpenIncident,
  policyWith,
  refused,
  rings,
  runsAre,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();
const NOBODY = { ...ENDLESSLY, people: { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: neverPicksUp() } };

/** As `temporal workflow reset --type LastWorkflowTask`. */
async function resetToLastStep({ temporal }: World, incident: OpenIncident): Promise<OpenIncident> {
  const events = await eventsOf(incident);
  const last = events.findLast((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await temporal.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: incident.id },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: last?.eventId ?? null,
  });
  return follow(temporal.workflow.getHandle(incident.id, runId));
}

const looksOf = async (incident: OpenIncident) =>
  (await eventsOf(incident)).filter((event) => event.timerFiredEventAttributes).length;
const wasLookedAt = (incident: OpenIncident) =>
  eventually(async () => (await looksOf(incident)) >= 2, 'it was looked at twice');

describe('an incident that is reset in Temporal to its last step', SIDE_BY_SIDE, () => {
  test('while it rings: follows the call that rings, and calls nobody again', async (context) => {
    const here = await world({ ...NOBODY, context });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    await rings(here.emulator, TANAKA);
    await wasLookedAt(incident);
    const again = await resetToLastStep(here, incident);
    await wasLookedAt(again);
    expect(await again.ask('resolve')).toMatchObject({ accepted: true });
    expect(await again.result()).toMatchObject({ state: 'resolved', placedCalls: 1 });
    expect(calledIn(here.emulator)).toEqual(['田中']);
    await runsAre(here.emulator, 'aborted');
  });

  test.for(['acknowledge', 'resolve'] as const)(
    'while a level in a child rings: %s hangs up there too',
    async (update, context) => {
      const here = await world({ ...NOBODY, context });
      const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
      const incident = await open(here, policy);
      await rings(here.emulator, SATO);
      const again = await resetToLastStep(here, incident);
      expect(await again.ask(update, { by: 'suzuki' })).toMatchObject({ accepted: true });
      await runsAre(here.emulator, 'aborted');
      await again.until(({ ringing }) => ringing.length === 0, 'knows that nothing rings');
      await answerOrClosed(again.ask('resolve'));
      expect(await again.result()).toMatchObject({ state: 'resolved', placedCalls: 1 });
      expect(calledIn(here.emulator)).toEqual(['佐藤']);
    },
  );
});
