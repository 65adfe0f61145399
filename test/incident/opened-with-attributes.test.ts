/** The client gives an incident its first attributes and memo at the start, as its own first writes would. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { eventsOf } from './incident-history.js';
import { useRig } from '../rig/rig.js';
import {
  alertFor,
  calling,
  ENDLESSLY,
  escalateTo,
  follow,
  newIncidentId,
  type OpenIncident,
  policyWith,
  presses,
  rings,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
  TO_ACKNOWLEDGE,
} from './incident-world.js';

const world = useRig();
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

const writesOf = async (incident: OpenIncident) =>
  (await eventsOf(incident)).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes).length;

describe('an incident that was opened with', SIDE_BY_SIDE, () => {
  test.for([
    [
      'the attributes that the client gives',
      [
        { key: STATE, value: 'triggered' },
        { key: OWNER, value: 'nobody' },
      ],
    ],
    ['those that an earlier client gave', [{ key: STATE, value: 'triggered' }]],
  ] as const)('%s writes when something has changed, and not before', async ([, attributes], context) => {
    const people = {
      [TANAKA.phone]: [neverPicksUp(), presses('2')],
      [SATO.phone]: answers(100, { key: '1', afterMs: 100 }),
    };
    const here = await world({ ...ENDLESSLY, people, context });
    const keys = { ...TO_ACKNOWLEDGE, 2: escalateTo('manager') };
    const policy = policyWith({ primary: calling([TANAKA], { keys }), manager: calling([SATO]) });
    const incident = follow(
      await here.temporal.workflow.start('incident', {
        workflowId: newIncidentId(),
        taskQueue: here.taskQueue,
        args: [alertFor(policy)],
        typedSearchAttributes: [...attributes],
      }),
    );
    // A snooze that comes before Pigeon has dialled would leave the first of Tanaka's two turns to the next call.
    await rings(here.emulator, TANAKA);
    expect(await writesOf(incident)).toBe(0);
    await incident.ask('snooze', { for: '1s' });
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged at its second level');
    const { typedSearchAttributes: shown } = await incident.handle.describe();
    expect([shown.get(STATE), shown.get(OWNER)]).toEqual(['acknowledged', 'sato']);
    await incident.ask('resolve');
    await incident.result();
    // Snoozed, triggered again, acknowledged, resolved.
    expect(await writesOf(incident)).toBe(4);
  });
});
