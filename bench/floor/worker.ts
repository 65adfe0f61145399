/** The worker of the floor, a process as the product's: `node dist/bench/floor/worker.js <temporal> <queue> <url>`. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { floorActivities } from './activities.js';
import { FLOOR_POSTS } from './queue.js';

const [address, taskQueue, url] = process.argv.slice(2);
if (address === undefined || taskQueue === undefined || url === undefined) throw new Error('three arguments');
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflow.js', import.meta.url)),
});
const connection = await NativeConnection.connect({ address });
const activities = floorActivities(url);
const workers = [
  await Worker.create({ connection, taskQueue, workflowBundle, activities }),
  // With a rate that is never reached, as the product's in the benchmark.
  await Worker.create({ connection, taskQueue: FLOOR_POSTS, activities, maxTaskQueueActivitiesPerSecond: 10_000 }),
];
console.log('ready');
process.once('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
