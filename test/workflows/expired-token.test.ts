import { defineSearchAttributeKey } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { PigeonCallHandle } from '../../src/client.js';
import { STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { answers, EMULATOR_TOKEN } from '../../src/emulator/emulator.js';
import { tokenFrom } from '../../src/pigeon/token.js';
import { callTo, eventually, useRig, type World } from '../rig/rig.js';
import { tokenFile } from '../rig/token-source.js';

const world = useRig();
const NUMBER = '0300000001';
const SIDE_BY_SIDE = { concurrent: true };
const PATIENTLY = { timeout: 20_000 };
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');

describe('a token that is no longer valid', SIDE_BY_SIDE, () => {
  test('at the POST blocks the call for all to see, until the file is replaced', async (context) => {
    const file = await tokenFile('expired', context);
    const here = await world({
      people: { [NUMBER]: answers(300, '1') },
      tokens: [{ token: 'expired', expiresAt: 1 }, 'fresh'],
      token: tokenFrom({ file: file.path }),
      context,
    });
    const { emulator, pigeonflow, newId } = here;
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));

    const { message } = await isBlocked(here, call);
    expect(message).toMatch(/^Nothing rings: .*401.*replace the workers' old one/);
    expect(emulator.space.runs()).toEqual([]);
    await file.replace('fresh\n');
    await call.check();

    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1' });
    expect(result.notes).toEqual([
      expect.stringContaining('Nothing rings: '),
      expect.stringContaining('No longer blocked, after '),
    ]);
    const statuses = emulator.journal.invokes().map((entry) => entry.spaceStatus);
    expect(statuses.filter((status) => status !== 401)).toEqual([201]);
  });

  test('while a run is active does not lose it: the result is read with the next token', async (context) => {
    const file = await tokenFile(EMULATOR_TOKEN, context);
    const here = await world({
      people: { [NUMBER]: answers(300, '1') },
      token: tokenFrom({ file: file.path }),
      context,
    });
    const { emulator, pigeonflow, newId } = here;
    const call = await pigeonflow.startCall(newId(), callTo(NUMBER));
    await emulator.journal.waitFor((entry) => entry.kind === 'call');
    emulator.tokens.revoke(EMULATOR_TOKEN);

    const { message, resultId } = await isBlocked(here, call);
    expect(message).toMatch(/^The call was placed, but its result cannot be read: .*401/);
    emulator.tokens.add('fresh');
    await file.replace('fresh');

    const result = await call.wait();
    expect(result).toMatchObject({ outcome: 'answered', keyInput: '1', resultId });
    expect(result.notes.join('\n')).toContain('No longer blocked, after ');
    expect(emulator.journal.invokes()).toHaveLength(1);
  });
});

/** Waits until the call is blocked in its own words, in its search attribute, and in the list of all calls. */
async function isBlocked({ temporal }: World, call: PigeonCallHandle) {
  const workflow = temporal.workflow.getHandle(call.callId);
  const status = await eventually(async () => {
    const now = await call.status();
    return now.state === 'blocked' && now;
  }, 'the status is blocked');
  await expect
    .poll(async () => (await workflow.describe()).typedSearchAttributes.get(STATE), PATIENTLY)
    .toBe('blocked');
  const query = `${STATE_ATTRIBUTE} = 'blocked' AND WorkflowId = '${call.callId}'`;
  await expect.poll(async () => (await temporal.workflow.count(query)).count, PATIENTLY).toBe(1);
  return status;
}
