import type { NativeConnection } from '@temporalio/worker';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from './contract/names.js';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
export const KEYWORD = 2;

/**
 * The search attributes that the namespace lacks; registers them where it may. A workflow that wrote one that is not
 * declared would fail its workflow task for ever, so a worker takes no work before they are there.
 */
export async function missingSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<readonly string[]> {
  const missing = await lacking(connection, namespace);
  if (missing.length === 0) return [];
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  } catch {
    // Not permitted, or another worker was first: what counts is what is there now.
  }
  return await lacking(connection, namespace);
}

async function lacking(connection: NativeConnection, namespace: string): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return [STATE_ATTRIBUTE, OWNER_ATTRIBUTE].filter((name) => Number(customAttributes?.[name]) !== KEYWORD);
}

/** The command with which an administrator registers them. */
export const searchAttributesCommand = (namespace: string, names: readonly string[]): string =>
  `temporal operator search-attribute create --namespace ${namespace} ${names.map((name) => `--name ${name} --type Keyword`).join(' ')}`;
