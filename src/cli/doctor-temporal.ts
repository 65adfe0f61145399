import type { Client } from '@temporalio/client';
import { currentPause } from '../client/calling-pause.js';
import { retentionSeconds, countWorkers, lookAtQueue } from '../client/workers.js';
import { lastCanary } from '../client/canary-schedule.js';
import { connectTemporal } from '../client/connect-temporal.js';
import { grpcErrorIn, translated } from '../client/temporal-errors.js';
import { openDataConverter } from '../codec/index.js';
import { clientCertificate, type ClientConfig, type WorkerVersion } from '../config/config.js';
import { describeMs } from '../contract/duration.js';
import { describePause } from '../words/describe-pause.js';
import { readIdentity } from '../contract/worker-identity.js';
import { searchAttributesCommand, undeclaredSearchAttributes } from '../client/search-attributes.js';
import { type Finding, note, right, wrong } from './doctor-finding.js';
import { ExitCode } from './exit-code.js';

/** gRPC status code. */
const NOT_FOUND = 5;
const ANSWER_WITHIN_MS = 10_000;
/** Two days: an incident of Friday night is still there on Sunday. */
const SHORT_RETENTION_S = 2 * 86_400;

/** The server, the namespace, its search attributes, and the workers of both task queues. Changes nothing. */
export async function lookAtTemporal(config: ClientConfig, version: WorkerVersion | null): Promise<readonly Finding[]> {
  const { connection, namespace } = config.temporal;
  let client: Client;
  try {
    // What is wrong with the keys is told by itself.
    client = await connectTemporal(
      connection,
      namespace,
      await openDataConverter(config.codecKeysFile).catch(() => ({})),
    );
  } catch (error) {
    return [wrong('temporal', error)];
  }
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => lookInside(client, config, version));
  } finally {
    await client.connection.close();
  }
}

async function lookInside(
  client: Client,
  config: ClientConfig,
  version: WorkerVersion | null,
): Promise<readonly Finding[]> {
  const { connection, namespace } = config.temporal;
  const findings: Finding[] = [];
  try {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    const ours = clientCertificate(connection);
    const shown = ours === null ? '' : ` Our certificate is ${ours}.`;
    findings.push(right('temporal', `Temporal ${serverVersion} answers at ${connection.address ?? '?'}.${shown}`));
    findings.push(ofNamespace(namespace, await retentionSeconds(client)));
  } catch (error) {
    if (grpcErrorIn(error)?.code === NOT_FOUND) {
      const message = `There is no namespace ${namespace}. Correct TEMPORAL_NAMESPACE, or create it: pigeonflow setup`;
      return [...findings, { check: 'namespace', ok: false, message, exitCode: ExitCode.usage }];
    }
    return [...findings, wrong('namespace', translated(error, client, null))];
  }
  findings.push(await lookAtAttributes(client, namespace));
  for (const [taskQueue, kinds] of [
    [config.taskQueue, ['workflows', 'activities']],
    [config.invokeTaskQueue, ['activities']],
  ] as const) {
    findings.push(await lookAtWorkers(client, taskQueue, kinds));
  }
  findings.push(...(await lookAtUpgrade(client, config.taskQueue)));
  if (version !== null) findings.push(await lookAtVersion(client, namespace, version));
  findings.push(await lookForPause(client, config.invokeTaskQueue));
  findings.push(await lookAtCanary(client, config.taskQueue));
  return findings;
}

function ofNamespace(namespace: string, seconds: number | null): Finding {
  if (seconds === null) return right('namespace', `The namespace ${namespace} exists.`);
  const kept = `The namespace ${namespace} exists; it keeps what is closed for ${describeMs(seconds * 1000)}`;
  if (seconds >= SHORT_RETENTION_S) return right('namespace', `${kept}.`);
  const command = `temporal operator namespace update --namespace ${namespace} --retention 720h`;
  return note('namespace', `${kept}, which is short: after that nobody sees who was called. Longer: ${command}`);
}

async function lookAtCanary(client: Client, taskQueue: string): Promise<Finding> {
  try {
    const last = await lastCanary(client, taskQueue);
    if (last === 'none') return note('canary', 'No canary is set up (pigeonflow canary setup).');
    if (last === null) return note('canary', 'The canary is set up, and has not run yet.');
    const { workflowId, status } = last;
    if (status === 'RUNNING' || status === 'COMPLETED') {
      return right('canary', `The last canary ${status === 'RUNNING' ? 'is under way' : 'succeeded'}: ${workflowId}.`);
    }
    const message = `The last canary did not succeed (${status.toLowerCase()}): look at the workflow ${workflowId}.`;
    return { check: 'canary', ok: false, message, exitCode: ExitCode.usage };
  } catch (error) {
    return wrong('canary', translated(error, client, null));
  }
}

async function lookForPause(client: Client, invokeTaskQueue: string): Promise<Finding> {
  try {
    const pause = await currentPause(client, invokeTaskQueue);
    if (pause === null) return right('pause', 'Calling is not paused.');
    const message = `PAUSED: ${describePause(pause)}. To continue: pigeonflow resume --reason <text>`;
    return { check: 'pause', ok: false, message, exitCode: ExitCode.notAllowed };
  } catch (error) {
    return wrong('pause', translated(error, client, null));
  }
}

/** What a newer worker has begun an older one cannot always take up, unless the newer takes care. Nothing where all are alike. */
async function lookAtUpgrade(client: Client, taskQueue: string): Promise<readonly Finding[]> {
  try {
    const { identities } = await lookAtQueue(client, taskQueue, 'workflows');
    const workers = identities.map(readIdentity);
    const versions = [...new Set(workers.map(({ version }) => version ?? 'a version before 0.1.0 or of your own'))];
    const careful = workers.filter(({ rollingUpgrade }) => rollingUpgrade).length;
    const named = versions.toSorted().join(' and ');
    const isMixed = versions.length > 1;
    if (isMixed && careful > 0) {
      return [right('upgrade', `Workers of ${named} poll together; the newer ones do as the older ones can follow.`)];
    }
    if (!isMixed && careful === 0) return [];
    const message = isMixed
      ? `Workers of ${named} poll together: what the newer ones begin the older ones may not be able to take up. Start the newer ones with PIGEONFLOW_ROLLING_UPGRADE=on until the older ones are gone`
      : `All workers are of ${named}, and ${careful} of them still do as the version before. Start them without PIGEONFLOW_ROLLING_UPGRADE, one after another`;
    return [{ check: 'upgrade', ok: false, message, exitCode: ExitCode.usage }];
  } catch (error) {
    return [wrong('upgrade', translated(error, client, null))];
  }
}

/** A version that is not current takes no new run, and its worker is ready anyway. */
async function lookAtVersion(client: Client, namespace: string, version: WorkerVersion): Promise<Finding> {
  const { deploymentName, buildId } = version;
  const command = `temporal worker deployment set-current-version --namespace ${namespace} --deployment-name ${deploymentName} --build-id ${buildId}`;
  try {
    const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } =
      workerDeploymentInfo?.routingConfig ?? {};
    if (current?.buildId === buildId)
      return right('version', `The version ${buildId} of ${deploymentName} is current.`);
    if (ramping?.buildId === buildId) {
      return right(
        'version',
        `The version ${buildId} of ${deploymentName} is ramping: it takes a part of the new runs.`,
      );
    }
    const instead = current?.buildId ? `${current.buildId} is` : 'none is';
    const message = `The version ${buildId} of ${deploymentName} is not current (${instead}), so its workers take no new call. Make it so: ${command}`;
    return { check: 'version', ok: false, message, exitCode: ExitCode.usage };
  } catch (error) {
    if (grpcErrorIn(error)?.code !== NOT_FOUND) return wrong('version', translated(error, client, null));
    const message = `There is no worker deployment ${deploymentName}: no worker of it has begun. Start one, then: ${command}`;
    return { check: 'version', ok: false, message, exitCode: ExitCode.usage };
  }
}

async function lookAtAttributes(client: Client, namespace: string): Promise<Finding> {
  try {
    const missing = await undeclaredSearchAttributes(client.connection, namespace);
    if (missing.length === 0) return right('searchAttributes', 'The search attributes are there, as Keyword.');
    const message = `The namespace ${namespace} lacks the search attributes ${missing.join(' and ')}. A worker registers them where it may, as pigeonflow setup does; else: ${searchAttributesCommand(namespace, missing)}`;
    return { check: 'searchAttributes', ok: false, message, exitCode: ExitCode.usage };
  } catch (error) {
    return wrong('searchAttributes', translated(error, client, null));
  }
}

async function lookAtWorkers(
  client: Client,
  taskQueue: string,
  kinds: readonly ('workflows' | 'activities')[],
): Promise<Finding> {
  try {
    const counts = await Promise.all(kinds.map((kind) => countWorkers(client, taskQueue, kind)));
    const count = Math.min(...counts);
    if (count > 0) {
      return right('workers', `${count} ${count === 1 ? 'worker polls' : 'workers poll'} the task queue ${taskQueue}.`);
    }
    const message = `No worker polls the task queue ${taskQueue}, so no call is placed. Start one: pigeonflow worker`;
    return { check: 'workers', ok: false, message, exitCode: ExitCode.usage };
  } catch (error) {
    return wrong('workers', translated(error, client, null));
  }
}
