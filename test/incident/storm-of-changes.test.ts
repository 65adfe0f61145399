import { readFileSync } from 'node:fs';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, inject, test } from 'vitest';
import { FailureType } from '../../src/contract/names.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { runsOf } from '../rig/histories.js';
import { eventually, useRig } from '../rig/rig.js';
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

/** Little is much: what 500 events and 500 changes are for, with a tenth of them. */
const workflowCode = (maxChanges = 20): string =>
  `globalThis.pigeonflowMaxChanges = ${maxChanges}; globalThis.pigeonflowLongHistoryEvents = 60;\n${readFileSync(inject('workflowCodePath'), 'utf8')}`;

/** What became of so many reports, each of which differs from the one before. */
async function storm(
  incident: OpenIncident,
  reports: number,
  severity = 'error',
  from = 0,
): Promise<readonly string[]> {
  const became: string[] = [];
  for (let n = from; n < from + reports; n += 1) {
    const alert = { summary: `host ${n} is down`, severity };
    became.push(
      await incident.ask('alert', { alert }).then(
        () => 'taken',
        (error: unknown) => {
          if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
            return error.cause.type ?? '';
          }
          throw error;
        },
      ),
    );
  }
  return became;
}

describe('a storm of changed alerts takes nobody the buttons', SIDE_BY_SIDE, () => {
  test('while a further level rings: it continues as new, its telephone rings on, and one acknowledge hangs up', async (context) => {
    const people = { [SATO.phone]: neverPicksUp() };
    const here = await world({ ...ENDLESSLY, context, people, workers: 'none' });
    await here.startWorkers({ workflowCode: workflowCode() });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy, { severity: 'error' });
    await rings(here.emulator, SATO);
    await storm(incident, 80);
    expect((await runsOf(here.temporal, incident.id)).length).toBeGreaterThan(2);
    expect(here.emulator.journal.invokes()).toHaveLength(2);
    expect(here.emulator.journal.aborts()).toHaveLength(0);
    expect(await incident.until(({ ringing }) => ringing.length === 1, 'knows what rings')).toMatchObject({ level: 2 });
    const answer = await here.pigeonflow.incident(incident.id).acknowledge({ by: 'sato' });
    expect(answer).toMatchObject({ accepted: true, owner: { by: 'sato' } });
    await eventually(() => Promise.resolve(here.emulator.journal.aborts().length === 1), 'it is hung up');
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved', levels: [{ calls: 0 }, { step: 'manager' }] });
  });

  test('while a workflow runs that a key started: alerts beyond the bound are refused, worse ones and people are not', async (context) => {
    const here = await world({ ...QUICKLY, context, people: { [TANAKA.phone]: presses('5') }, workers: 'none' });
    await here.startWorkers({ workflowCode: workflowCode() });
    const action = {
      kind: 'run',
      workflow: 'repair',
      taskQueue: 'nobody-serves-this',
      input: null,
      within: '2h',
    } as const;
    const keys = { 5: { ...action, then: { kind: 'resolve' }, onFailure: { kind: 'exhausted' } } } as const;
    const incident = await open(here, policyWith({ primary: calling([TANAKA], { keys }) }), { severity: 'error' });
    await incident.until(({ state }) => state === 'acknowledged', 'is owned');
    const became = await storm(incident, 30);
    expect(became.filter((one) => one === 'taken')).toHaveLength(20);
    expect(became.slice(20)).toEqual(Array(10).fill(FailureType.TooManyChanges));
    expect(await storm(incident, 2, 'critical')).toEqual(['taken', FailureType.TooManyChanges]);
    expect(await incident.ask('acknowledge', { by: 'sato', takeOver: true })).toMatchObject({ accepted: true });
    await incident.ask('resolve', { by: 'sato' });
  });

  test('nor an incident that nobody took its calls: any report begins the policy again, whatever has been used up', async (context) => {
    const here = await world({
      ...QUICKLY,
      context,
      people: { [TANAKA.phone]: [neverPicksUp(), presses('1')] },
      workers: 'none',
    });
    await here.startWorkers({ workflowCode: workflowCode(0) });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }), { severity: 'error' });
    await incident.until(({ state }) => state === 'exhausted', 'is exhausted');
    await eventually(async () => (await runsOf(here.temporal, incident.id)).length === 2, 'it has a second run');
    // In a task of its own, where its validator asks for room.
    await incident.status();
    expect(await storm(incident, 1)).toEqual(['taken']);
    expect(await storm(incident, 1, 'error', 1)).toEqual([FailureType.TooManyChanges]);
    expect(await incident.until(({ state }) => state === 'acknowledged', 'is owned')).toMatchObject({
      owner: { by: '田中' },
      placedCalls: 2,
    });
    await incident.ask('resolve');
  });
});
