/** `npm run dev`: a Temporal server with its Web UI, a Pigeon emulator and a worker; Ctrl-C stops all of them. */
import { EMULATOR_TOKEN } from '../src/emulator/emulator.js';
import { startStack } from './stack.js';
import { STORED } from './stored-example.js';

const stack = await startStack({
  webUi: 'on',
  emulator: { port: 8880, strangers: 'manual', ...STORED },
  log: (line) => console.log(line),
  ports: { temporal: 7233, webUi: 8233 },
});
const worker = await stack.startWorker();
console.log(`
  Temporal         ${stack.temporal.address}
  Temporal Web UI  ${stack.temporal.uiUrl ?? 'off'}
  Pigeon emulator  ${stack.emulator.url}   (token ${EMULATOR_TOKEN})
  Worker           process ${worker.pid}, on the task queues pigeonflow and pigeonflow-invoke

  Ctrl-C stops all of them.
`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
await stack.stop();
