/** The worker of the floor, a process as the product's: `node dist/bench/floor/worker.js <temporal> <queue> <url>`. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { floorActivities } from './activities.js';

const [address, taskQueue, url] = process.argv.slice(2);
if (address === undefined || taskQueue === undefined || url === undefined) throw new Error('three arguments');
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflow.js', import.meta.url)),
});
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle,
  activities: floorActivities(url),
});
console.log('ready');
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
await connection.close();
