import { workflowInfo } from '@temporalio/workflow';

/** PostgreSQL keeps 255 characters of an id; the contract promises less. */
const MAX_ID_BYTES = 200;

/** The id of a child: as much of the prefix as fits, and the whole of the rest. */
export function childId(prefix: string, rest: string): string {
  const room = MAX_ID_BYTES - bytes(rest) - 1;
  let kept = prefix;
  while (bytes(kept) > room) kept = kept.slice(0, -1);
  return `${kept}/${rest}`;
}

/** Tells the children of this incident from those of an earlier one of the same id. */
export const run8 = (): string => workflowInfo().firstExecutionRunId.slice(0, 8);

const bytes = (text: string): number => new TextEncoder().encode(text).length;
