/** What a worker of another package runs: `pigeonflow/activities`. `invoke` belongs on a task queue of its own. */
export { createActivities, type ActivityDependencies, type SleepWatch, watchSleep } from './create-activities.js';
export { createPigeonClient, type PigeonClient, type PigeonClientOptions } from '../pigeon/client.js';
export * from '../pigeon/errors.js';
export { tokenFrom, type TokenSource } from '../pigeon/token.js';
