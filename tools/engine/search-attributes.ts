import { setTimeout as delay } from 'node:timers/promises';

import type { Connection } from '@temporalio/client';

import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../src/contract/names.js';

/** Numbers of `temporal.api.enums.v1.IndexedValueType`, named as the `temporal` command names them. */
const TYPE_NUMBERS = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;

export type SearchAttributes = Readonly<Record<string, keyof typeof TYPE_NUMBERS>>;

/** What every namespace must have for pigeonflow's workflows. */
export const PIGEONFLOW_ATTRIBUTES: SearchAttributes = { [STATE_ATTRIBUTE]: 'Keyword', [OWNER_ATTRIBUTE]: 'Keyword' };

/** Arguments for `temporal server start-dev`: attributes given at the start are usable from the first workflow on. */
export function searchAttributeArguments(attributes: SearchAttributes): readonly string[] {
  return Object.entries(attributes).map(([name, type]) => `--search-attribute=${name}=${type}`);
}

/**
 * Registers what the namespace lacks, and returns when queries accept it. A server reads its
 * namespaces every 2 s: until then a start with a new attribute is refused although it is listed.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  attributes: SearchAttributes,
  deadline: number,
): Promise<void> {
  // A namespace that was made just now is not known to all of the server yet.
  const { customAttributes } = await untilDeadline(deadline, () =>
    connection.operatorService.listSearchAttributes({ namespace }),
  );
  const missing = Object.entries(attributes).filter(([name]) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, TYPE_NUMBERS[type]])),
  });
  const query = missing.map(([name]) => `${name} IS NULL`).join(' AND ');
  await untilDeadline(deadline, () => connection.workflowService.countWorkflowExecutions({ namespace, query }));
}

/** Repeats `work` until it succeeds; after the deadline its last error is thrown. */
export async function untilDeadline<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
