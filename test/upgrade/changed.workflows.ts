/** The released workflows, and one that somebody changed: from now on a call rests before it is placed. */
import { sleep } from '@temporalio/workflow';
import { pigeonCall as released } from '../../src/workflows/index.js';

export { escalation, incident } from '../../src/workflows/index.js';

export async function pigeonCall(...given: Parameters<typeof released>): ReturnType<typeof released> {
  await sleep('2s', { summary: 'rest' });
  return released(...given);
}
