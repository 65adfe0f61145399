/** The same change as in `changed.workflows.ts`, so that runs in flight can take it; docs/how-to/upgrade.md shows it. */
import { patched, sleep } from '@temporalio/workflow';
import { pigeonCall as released } from '../../src/workflows/index.js';

export { escalation, incident } from '../../src/workflows/index.js';

export async function pigeonCall(...given: Parameters<typeof released>): ReturnType<typeof released> {
  if (patched('rest-before-a-call')) await sleep('2s', { summary: 'rest' });
  return released(...given);
}
