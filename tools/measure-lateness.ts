/**
 * How late a poll is when the worker that has the call in memory is killed 0.5 s before the poll is due, and another
 * worker takes over: `node dist/tools/measure-lateness.js [--repeat 5]`, after `npm run build`.
 */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { createPigeonflowClient } from '../src/client.js';
import { neverPicksUp, type Emulator } from '../src/emulator/emulator.js';
import type { Child } from './engine/child-process.js';
import { startStack } from './stack.js';

const KILLED_BEFORE_MS = 500;
const NUMBER = '0300000001';
/** So that a killed worker has its successor before the next poll but one. */
const WAIT_SECONDS = 8;
/** The target: a fail-over costs an operator no more than this. */
const TARGET_MS = 2_000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repeat: { type: 'string', default: '5' } } });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat must be a whole number from 1');
  // A telephone that rings for a day: the run stays active, and is polled on and on.
  const space = { people: { [NUMBER]: neverPicksUp() }, switches: { ringSeconds: 86_400 } };
  const stack = await startStack({ emulator: space, webUi: 'headless' });
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const temporal = new Client({ connection });
    const workers = new Map<number, Child>();
    const addWorker = async () => {
      const worker = await stack.startWorker();
      workers.set(worker.pid, worker);
    };
    await Promise.all([addWorker(), addWorker()]);
    const { callId } = await createPigeonflowClient(temporal).startCall(`call/measure-lateness-${Date.now()}`, {
      callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber: NUMBER }] }] },
      guidance: { messageTemplate: '障害です。', reactions: { 1: { behavior: 'terminate' } } },
      waitTime: WAIT_SECONDS,
    });

    const undisturbed: number[] = [];
    const killed: number[] = [];
    for (let round = 1; round <= repeat; round += 1) {
      undisturbed.push(await latenessOfNextPoll(temporal, callId, stack.emulator, () => undefined));
      killed.push(await latenessOfNextPoll(temporal, callId, stack.emulator, (pid) => workers.get(pid)?.kill()));
      await addWorker();
      process.stderr.write(`round ${round} of ${repeat}: ${killed.at(-1)} ms late\n`);
    }
    print(repeat, { undisturbed, killed });
  } finally {
    await connection.close();
    await stack.stop();
  }
}

/** Milliseconds between the time when a poll is due and the time when Pigeon hears it. */
async function latenessOfNextPoll(
  temporal: Client,
  callId: string,
  emulator: Emulator,
  disturb: (holder: number) => unknown,
): Promise<number> {
  const { dueAt, holder } = await nextPoll(temporal, callId);
  await setTimeout(dueAt - KILLED_BEFORE_MS - Date.now());
  const seen = emulator.journal.polls().length;
  disturb(holder);
  const number = emulator.journal.polls().at(-1)?.number ?? 0;
  const poll = await emulator.journal.waitFor(
    (entry) => entry.kind === 'request' && entry.endpoint === 'result' && entry.number > number,
    60_000,
  );
  if (emulator.journal.polls().length !== seen + 1) throw new Error('A poll came before it was waited for.');
  return poll.realAt - dueAt;
}

/** Waits until the call sleeps, with at least a second to go, and says until when and which process has it in memory. */
async function nextPoll(
  temporal: Client,
  callId: string,
): Promise<{ readonly dueAt: number; readonly holder: number }> {
  for (;;) {
    const events = (await temporal.workflow.getHandle(callId).fetchHistory()).events ?? [];
    const last = events.at(-1);
    const timer = last?.timerStartedEventAttributes;
    const dueAt = (optionalTsToMs(last?.eventTime) ?? 0) + (optionalTsToMs(timer?.startToFireTimeout) ?? 0);
    const holder = events.findLast((event) => event.workflowTaskStartedEventAttributes)
      ?.workflowTaskStartedEventAttributes?.identity;
    // The first poll follows the POST, the first timer is the deadline: neither matters here.
    const polling = events.filter((event) => event.activityTaskCompletedEventAttributes).length > 1;
    if (timer && polling && dueAt - Date.now() > 1_000) return { dueAt, holder: Number.parseInt(holder ?? '', 10) };
    await setTimeout(50);
  }
}

function print(repeat: number, measured: Readonly<Record<'undisturbed' | 'killed', readonly number[]>>): void {
  const rows = Object.entries(measured).map(([name, values]) => {
    const sorted = values.toSorted((one, other) => one - other);
    const median = sorted[Math.floor(sorted.length / 2)];
    return `| ${name} | ${values.length} | ${sorted[0]} | ${median} | ${sorted.at(-1)} |`;
  });
  const worst = Math.max(...measured.killed);
  process.stdout.write(
    [
      `node dist/tools/measure-lateness.js --repeat ${repeat}`,
      `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, server and workers on them`,
      '',
      '| the worker, 0.5 s before the poll | polls | min ms late | median | max |',
      '|---|---|---|---|---|',
      ...rows,
      '',
      `target: at most ${TARGET_MS} ms late: ${worst <= TARGET_MS ? 'met' : 'MISSED'}`,
      '',
    ].join('\n'),
  );
}

await main();
