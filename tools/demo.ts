/**
 * `npm run demo`: the call of the column, from a Temporal server to a pressed key. `-- --crash` kills the worker meanwhile;
 * with `-- --interactive` the key is yours; `-- --incident` goes from an alert to its owner, level by level.
 */
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { createPigeonflowClient, type PigeonCallHandle, type PigeonCallStatus } from '../src/client.js';
import { answers, manual } from '../src/emulator/emulator.js';
import { demoIncident } from './demo-incident.js';
import { startStack } from './stack.js';
import { CALLFLOW_ID, GUIDANCE_ID, STORED } from './stored-example.js';

const { values: flags } = parseArgs({
  options: {
    crash: { type: 'boolean', default: false },
    interactive: { type: 'boolean', default: false },
    incident: { type: 'boolean', default: false },
  },
});

const SPACE = {
  people: {
    '0300000001': flags.interactive ? manual() : answers(flags.crash ? 5_000 : 1_500, { key: '1', afterMs: 1_000 }),
  },
  ...STORED,
} as const;

const began = Date.now();
const say = (text: string): void => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`);

await (flags.incident ? demoIncident(say) : demo());

async function demo(): Promise<void> {
  say('Starting a Temporal server, a Pigeon emulator and a worker …');
  const stack = await startStack({ webUi: 'headless', emulator: SPACE });
  process.once('SIGINT', () => void stack.stop().then(() => process.exit(130)));
  let worker = await stack.startWorker();
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const client = createPigeonflowClient(new Client({ connection, namespace: stack.temporal.namespace }));
    const call = await client.startCall(`call/demo-${Date.now()}`, {
      callflowId: CALLFLOW_ID,
      guidanceId: GUIDANCE_ID,
      parameters: { server: 'テスト用サーバー', incident: '軽度の障害' },
      waitTime: 1,
    });
    if (flags.interactive)
      say(`Open ${stack.emulator.url} in a browser: 田中's telephone rings there. Pick up, and press 1.`);
    const over = new AbortController();
    const shown = showProgress(call, say, over.signal);
    if (flags.crash) {
      await rings(call);
      say('SIGKILL to the worker, while the telephone rings.');
      await worker.kill();
      say('No worker lives. The telephone keeps ringing; the call is safe in Temporal.');
      worker = await stack.startWorker();
      say('Another worker has taken over.');
    }
    const result = await call.wait();
    over.abort();
    await shown;
    say(`${result.answeredBy ?? 'Nobody'} answered; ${stack.emulator.journal.invokes().length} POST in all.`);
    console.log(`\n架電で入力されたボタン: ${result.keyInput ?? 'なし'}\nステータス: ${result.status ?? '不明'}\n`);
  } finally {
    await connection.close();
    await stack.stop();
  }
  say('Everything is stopped.');
}

/** Prints what changes: once when it rings, once for each new state. */
async function showProgress(call: PigeonCallHandle, say: (text: string) => void, over: AbortSignal): Promise<void> {
  let shown = '';
  while (!over.aborted) {
    // While no worker lives nobody can answer the question.
    const status = await call.status().catch((): PigeonCallStatus | null => null);
    if (status !== null && status.message !== shown && !over.aborted) {
      shown = status.message;
      say(shown);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function rings(call: PigeonCallHandle): Promise<void> {
  while ((await call.status()).calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
}
