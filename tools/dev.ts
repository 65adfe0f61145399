/**
 * `npm run dev`: a Temporal server with its Web UI, a Pigeon emulator and a worker; Ctrl-C stops all of them.
 * `-- --lines 2`: so many telephones ring at the same time.
 */
import { parseArgs } from 'node:util';
import { EMULATOR_TOKEN } from '../src/emulator/emulator.js';
import { freePort, isFreePort } from './engine/free-port.js';
import { startStack } from './stack.js';
import { STORED } from './stored-example.js';

/** The usual port, so that addresses stay the same from day to day; another one when somebody has it. */
async function usually(port: number, except: readonly number[] = []): Promise<number> {
  return (await isFreePort(port)) ? port : await freePort(except);
}

const { values: flags } = parseArgs({ options: { lines: { type: 'string', default: '1' } } });
if (!/^[1-9]\d?$/.test(flags.lines)) {
  console.error(`--lines must be a whole number from 1 to 99, and it is "${flags.lines}".`);
  process.exit(2);
}
const lines = Number(flags.lines);

const temporalPort = await usually(7233);
const webUi = await usually(8233, [temporalPort]);
const stack = await startStack({
  webUi: 'on',
  emulator: { port: await usually(8880, [temporalPort, webUi]), lines, strangers: 'manual', ...STORED },
  log: (line) => console.log(line),
  ports: { temporal: temporalPort, webUi },
});
const LINES =
  lines === 1
    ? 'One line, as many plans have: what is called meanwhile waits for it. Two: npm run dev -- --lines 2'
    : `${lines} lines: so many telephones ring at the same time, what is called meanwhile waits.`;
const worker = await stack.startWorker();
const environment = `TEMPORAL_ADDRESS=${stack.temporal.address} PIGEON_BASE_URL=${stack.emulator.url} PIGEON_API_TOKEN=${EMULATOR_TOKEN}`;
console.log(`
  Temporal         ${stack.temporal.address}
  Temporal Web UI  ${stack.temporal.uiUrl ?? 'off'}
  Pigeon emulator  ${stack.emulator.url}   (token ${EMULATOR_TOKEN})
                   ${LINES}
  Worker           process ${worker.pid}, on the task queues pigeonflow and pigeonflow-invoke

  In another terminal, for pigeonflow doctor, call and worker:

  export ${environment}

  Ctrl-C stops all of them.
`);
let stopping = false;
void worker.ended.then(() => {
  if (!stopping)
    console.log(
      `\n  The worker (process ${worker.pid}) has ended. Another one, after the export above: npx pigeonflow worker\n`,
    );
});
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
stopping = true;
await stack.stop();
console.log('Everything is stopped.');
