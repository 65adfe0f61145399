import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities, createPigeonClient, tokenFrom, watchSleep } from 'pigeonflow/activities';
import { CallNotFound, createPigeonflowClient, incidentId, IncidentNotFound } from 'pigeonflow/client';
import { openDataConverter } from 'pigeonflow/codec';
import { checkPigeonCallInput, type IncidentStatus, type PigeonCallInput } from 'pigeonflow/contract';
import { INVOKE_TASK_QUEUE, TASK_QUEUE } from './queues.js';
import { askBeforeRestart } from './workflows.js';

const [address = '', baseUrl = '', token = '', keysFile = '', input = ''] = process.argv.slice(2);
const call = JSON.parse(input) as PigeonCallInput;
if (!checkPigeonCallInput(call).ok) throw new Error('the input is not valid');

const pigeon = createPigeonClient({ baseUrl, token: tokenFrom({ value: token }) });
const sleepWatch = watchSleep();
const { invoke, ...others } = createActivities({ pigeon, sleepWatch });
const dataConverter = await openDataConverter(keysFile);
const connection = await NativeConnection.connect({ address });
const workers = [
  await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
    activities: others,
    dataConverter,
  }),
  await Worker.create({ connection, taskQueue: INVOKE_TASK_QUEUE, activities: { invoke }, dataConverter }),
];
const running = workers.map((worker) => worker.run());

const temporal = new Client({ connection: await Connection.connect({ address }), dataConverter });
const pigeonflow = createPigeonflowClient(temporal, { taskQueue: TASK_QUEUE });
const workflowId = `restart-${Date.now()}`;
const decision = await temporal.workflow.execute(askBeforeRestart, {
  workflowId,
  taskQueue: TASK_QUEUE,
  args: [call],
});
const result = await pigeonflow.call(`${workflowId}/call`).wait();
const unknown = await pigeonflow
  .call('no-such')
  .wait()
  .catch((error: unknown) => error instanceof CallNotFound);
const noIncident = await pigeonflow
  .incident(incidentId({ route: 'none', dedupKey: 'none' }))
  .status()
  .catch((error: unknown): IncidentStatus | boolean => error instanceof IncidentNotFound);
console.log(`RESULT ${JSON.stringify({ decision, outcome: result.outcome, unknown, noIncident })}`);

for (const worker of workers) worker.shutdown();
await Promise.all(running);
await temporal.connection.close();
await connection.close();
sleepWatch.stop();
await pigeon.close();
