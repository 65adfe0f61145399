import { expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { eventually, useRig } from '../rig/rig.js';
import { eventsOf } from './incident-history.js';
import {
  calling,
  ENDLESSLY,
  escalateTo,
  open,
  policyWith,
  refused,
  rings,
  SATO,
  SIDE_BY_SIDE,
} from './incident-world.js';

const world = useRig();

const LEVEL = {
  number: 2,
  step: 'manager',
  attempts: 0,
  attemptCounts: false,
  calls: 0,
  live: [],
  waiting: null,
  rung: [],
  serial: 9,
  status: { kind: 'running' },
};

test(
  'nothing that a signal holds stops an incident: it is acknowledged, and hangs up',
  SIDE_BY_SIDE,
  async (context) => {
    const here = await world({ ...ENDLESSLY, context, people: { [SATO.phone]: neverPicksUp() } });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy);
    await rings(here.emulator, SATO);
    const run = (incident.handle as unknown as { readonly firstExecutionRunId: string }).firstExecutionRunId;
    const report = { run, ringing: [], timeline: [], level: LEVEL };
    const forged: readonly (readonly [string, unknown])[] = [
      ['level', { ...report, timeline: [{ at: 1e300, kind: 'exhausted' }] }],
      ['level', { ...report, timeline: [{ at: -1, kind: 'exhausted' }] }],
      ['level', { ...report, timeline: [{ at: 5, kind: 'exhausted', until: 1e300 }] }],
      ['level', { ...report, timeline: [{ at: 5, kind: 'snoozed', by: 5, step: 'x', until: 6 }] }],
      ['level', { ...report, level: { ...LEVEL, waiting: { id: 1, at: 1e300 } } }],
      ['level', { ...report, level: { ...LEVEL, rung: [{ at: 1e300, calls: 1 }] } }],
      ['level', { ...report, level: { ...LEVEL, serial: Number.MAX_SAFE_INTEGER } }],
      ['level', { ...report, level: { ...LEVEL, carried: [{ garbage: true }] } }],
      ['level', null],
      ['escalate', { to: 'nowhere' }],
      ['check', { at: 1e300 }],
    ];
    for (const [signal, argument] of forged) await incident.handle.signal(signal, argument);
    expect(await incident.ask('acknowledge', { by: 'sato' })).toMatchObject({ accepted: true, owner: { by: 'sato' } });
    await eventually(() => Promise.resolve(here.emulator.journal.aborts().length > 0), 'it is hung up');
    expect((await incident.timeline()).entries.length).toBeGreaterThan(0);
    await incident.ask('resolve');
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
    const failed = (await eventsOf(incident)).filter((event) => event.workflowTaskFailedEventAttributes);
    // A completion that a signal overtakes is asked for again: that is no failure of ours.
    expect(failed.map((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? '')).toEqual([]);
  },
);
