import { describe, expect, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import {
  calling,
  escalateTo,
  open,
  type OpenIncident,
  policyWith,
  presses,
  SATO,
  TANAKA,
} from '../incident/incident-world.js';
import { callTo, useRig, type World } from '../rig/rig.js';
import { holdingTheLine, many, OTHER } from './the-only-line.js';

/** Runs whose POST was lost, and that ring when nobody waits for them any more. */
const world = useRig('timeSkipping');
const NUMBER = '0300000001';
const MINUTE = 60_000;

const POLICY = policyWith({
  primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
  manager: calling([SATO]),
});

/**
 * Lets its time pass in steps, and never for as long as the incident lasts: beside a workflow that outlives the incident this
 * server was seen to skip ten years, and so to end what was still at work.
 */
async function resultInSteps({ sleep }: World, { handle, result }: OpenIncident) {
  const isOpen = async () => (await handle.describe()).status.name === 'RUNNING';
  for (let minutes = 0; minutes < 60 && (await isOpen()); minutes += 1) await sleep(MINUTE);
  expect(await isOpen()).toBe(false);
  return result();
}

describe('a run that turns up long after its call has ended', () => {
  /** Its POST was lost while it waited for the only line, and the one after it was refused; the next level is to ring. */
  const lostBehindAnother = async (tanaka: ReturnType<typeof presses>) => {
    const here = await world({
      switches: { waitingRunsInCalls: 'absent', ringSeconds: 30 },
      people: { [OTHER]: many(12), [TANAKA.phone]: [tanaka, tanaka], [SATO.phone]: many(3) },
    });
    await here.pigeonflow.startCall(here.newId(), holdingTheLine(8));
    await here.sleep(1_000);
    here.emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    here.emulator.faults.inject('invoke', { kind: 'status', status: 422 });
    const incident = await open(here, POLICY);
    await here.sleep(3 * MINUTE);
    await incident.told('levelBegan', (entry) => entry['level'] === 2);
    return { here, incident };
  };

  test('is hung up although somebody owns the incident by then', async () => {
    const { here, incident } = await lostBehindAnother(neverPicksUp());
    expect(await incident.ask('acknowledge', { by: 'sato' })).toMatchObject({ accepted: true });
    await here.sleep(3 * MINUTE);
    const run = here.emulator.space.runs()[1];
    expect(run?.status).toBe('aborted');
    await incident.ask('resolve');
    expect(await resultInSteps(here, incident)).toMatchObject({ state: 'resolved', alsoAcknowledged: [] });
  });

  test('is hung up although the incident is closed by then', async () => {
    const { here, incident } = await lostBehindAnother(neverPicksUp());
    await incident.ask('resolve');
    expect(await resultInSteps(here, incident)).toMatchObject({ state: 'resolved' });
    const isAborted = () => Promise.resolve(here.emulator.space.runs()[1]?.status === 'aborted');
    for (let minutes = 0; minutes < 3 && !(await isAborted()); minutes += 1) await here.sleep(MINUTE);
    expect(await isAborted()).toBe(true);
  });

  test('and in which a key was pressed is kept as alsoAcknowledged', async () => {
    const { here, incident } = await lostBehindAnother(presses('1'));
    await incident.ask('acknowledge', { by: 'sato' });
    await here.sleep(4 * MINUTE);
    await incident.ask('resolve');
    expect(await resultInSteps(here, incident)).toMatchObject({
      owner: { by: 'sato' },
      alsoAcknowledged: [{ contact: '田中', step: 'primary', keyInput: '1' }],
    });
  });

  test('is hung up after the call that was placed in its stead was answered', async () => {
    const { pigeonflow, emulator, newId, sleep } = await world({
      lines: 2,
      switches: { ringSeconds: 3_600 },
      people: { [NUMBER]: [neverPicksUp(), answers(1_000, '1')] },
    });
    emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
    emulator.faults.inject('calls', { kind: 'status', status: 403 }, { times: 'always' });
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER, { onUnknownOutcome: 'callAgain' }));
    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(result.notes.join('\n')).toContain('#1 was not found: if Pigeon has it, it may ring');
    emulator.faults.clear();
    await sleep(MINUTE);
    expect(emulator.space.runs().map(({ status }) => status)).toEqual(['aborted', 'succeeded']);
  });
});
