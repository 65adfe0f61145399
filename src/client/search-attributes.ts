import type { Connection } from '@temporalio/client';
import { OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../contract/names.js';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
export const KEYWORD = 2;

/** Of a connection of either kind. */
type Services = Pick<Connection, 'operatorService' | 'workflowService'>;

/**
 * The search attributes that cannot be used yet; registers them where it may. A workflow that wrote one that is not
 * declared would fail its workflow task for ever, so a worker takes no work before this is empty.
 */
export async function missingSearchAttributes(connection: Services, namespace: string): Promise<readonly string[]> {
  const missing = await undeclaredSearchAttributes(connection, namespace);
  if (missing.length === 0) return await unusable(connection, namespace);
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  } catch {
    // Not permitted, or another worker was first: what counts is what can be used.
  }
  return missing;
}

/** Those that the namespace does not have as Keyword; changes nothing. */
export async function undeclaredSearchAttributes(
  connection: Pick<Services, 'operatorService'>,
  namespace: string,
): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return REQUIRED.filter((name) => Number(customAttributes?.[name]) !== KEYWORD);
}

/** A new attribute is listed at once, but refused for some seconds, until the server reads its namespaces again. */
async function unusable(connection: Services, namespace: string): Promise<readonly string[]> {
  try {
    const query = REQUIRED.map((name) => `${name} = 'x'`).join(' OR ');
    await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return [];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === INVALID_ARGUMENT) return REQUIRED;
    throw error;
  }
}

const REQUIRED: readonly string[] = [STATE_ATTRIBUTE, OWNER_ATTRIBUTE];
/** gRPC status code. */
const INVALID_ARGUMENT = 3;

/** The command with which an administrator registers them. */
export const searchAttributesCommand = (namespace: string, names: readonly string[]): string =>
  `temporal operator search-attribute create --namespace ${namespace} ${names.map((name) => `--name ${name} --type Keyword`).join(' ')}`;
