import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { retentionSeconds } from '../client/workers.js';
import { connectTemporal } from '../client/connect-temporal.js';
import { grpcErrorIn, translated } from '../client/temporal-errors.js';
import { readClientConfig, type Environment } from '../config/config.js';
import { describeMs, durationMs } from '../contract/duration.js';
import { missingSearchAttributes, searchAttributesCommand } from '../client/search-attributes.js';
import { type Finding, right, wrong } from './doctor-finding.js';
import { ExitCode, UsageError } from './exit-code.js';

/** gRPC status codes. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
/** A server reads its namespaces again every ten seconds or so, and its search attributes as well. */
const KNOWN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;
const DAY_MS = 86_400_000;

/** @throws ConfigurationError, UsageError */
export async function setUp(env: Environment, retention: string): Promise<readonly Finding[]> {
  const { connection, namespace } = readClientConfig(env).temporal;
  if (durationMs(retention) < DAY_MS) throw new UsageError(['--retention: Temporal takes one day (1d) at the least']);
  let client: Client;
  try {
    client = await connectTemporal(connection, namespace);
  } catch (error) {
    return [wrong('temporal', error)];
  }
  try {
    const ofNamespace = await namespaceThere(client, namespace, retention);
    return ofNamespace.ok ? [ofNamespace, await attributesThere(client, namespace)] : [ofNamespace];
  } finally {
    await client.connection.close();
  }
}

async function namespaceThere(client: Client, namespace: string, retention: string): Promise<Finding> {
  try {
    let made = false;
    if (!(await exists(client, namespace))) {
      made = await register(client, namespace, retention);
      await until(() => exists(client, namespace));
    }
    const seconds = await retentionSeconds(client);
    const kept = seconds === null ? '' : `; it keeps what is closed for ${describeMs(seconds * 1000)}`;
    return right('namespace', `The namespace ${namespace} ${made ? 'was made' : 'exists'}${kept}.`);
  } catch (error) {
    const hours = durationMs(retention) / 3_600_000;
    const command = `temporal operator namespace create --namespace ${namespace} --retention ${hours}h`;
    return withAdvice(wrong('namespace', translated(error, client, null)), `An administrator runs: ${command}`);
  }
}

async function exists(client: Client, namespace: string): Promise<boolean> {
  try {
    await client.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if (grpcErrorIn(error)?.code === NOT_FOUND) return false;
    throw error;
  }
}

/** False: somebody else was first. */
async function register(client: Client, namespace: string, retention: string): Promise<boolean> {
  try {
    await client.workflowService.registerNamespace({
      namespace,
      description: 'pigeonflow',
      workflowExecutionRetentionPeriod: msToTs(durationMs(retention)),
    });
    return true;
  } catch (error) {
    if (grpcErrorIn(error)?.code === ALREADY_EXISTS) return false;
    throw error;
  }
}

async function attributesThere(client: Client, namespace: string): Promise<Finding> {
  let missing: readonly string[] = [];
  try {
    await until(async () => {
      missing = await missingSearchAttributes(client.connection, namespace);
      return missing.length === 0;
    });
    if (missing.length === 0) return right('searchAttributes', 'The search attributes are there, as Keyword.');
    const message = `The search attributes ${missing.join(' and ')} could not be registered. An administrator runs: ${searchAttributesCommand(namespace, missing)}`;
    return { check: 'searchAttributes', ok: false, message, exitCode: ExitCode.usage };
  } catch (error) {
    return wrong('searchAttributes', translated(error, client, null));
  }
}

/** Asks until it is so, or the time is over; a namespace that is new is unknown here and there at first. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + KNOWN_WITHIN_MS; ;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      if (grpcErrorIn(error)?.code !== NOT_FOUND || Date.now() >= end) throw error;
    }
    if (Date.now() >= end) return;
    await setTimeout(LOOK_EVERY_MS);
  }
}

const withAdvice = (finding: Finding, advice: string): Finding => ({
  ...finding,
  message: `${finding.message} ${advice}`,
});
