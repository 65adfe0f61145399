/**
 * How long after an acknowledge Pigeon hears that it must hang up: `node dist/tools/measure-acknowledge.js [--repeat 200]`,
 * after `npm run build`. One incident at a time, whose telephone rings when somebody acknowledges it by an update.
 */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { IncidentInput, IncidentStatus } from '../src/contract/incident-schema.js';
import { DEFAULT_TASK_QUEUE, INCIDENT, STATUS_QUERY } from '../src/contract/names.js';
import { neverPicksUp, type Emulator } from '../src/emulator/emulator.js';
import type { Policy, Step } from '../src/contract/policy-schema.js';
import { startStack } from './stack.js';

const NUMBER = '0300000001';

const ringing: Step = {
  call: [
    {
      callflow: { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber: NUMBER }] }] },
      guidance: { messageTemplate: '障害です。', reactions: { 1: { behavior: 'terminate' } } },
      // Polls would only disturb.
      waitTime: 3_600,
    },
  ],
  attempts: 1,
  every: '1m',
  keys: { 1: { kind: 'acknowledge' } },
  otherwise: { kind: 'exhausted' },
};
/** Pigeon knows no such call flow, so the next level begins at once. */
const refused: Step = {
  ...ringing,
  call: [{ callflowId: 'no-such', guidanceId: 'no-such' }],
  otherwise: { kind: 'escalate', step: 'second' },
};

const policyOf = (steps: Policy['steps']): Policy => ({
  version: 1,
  name: 'measure-acknowledge',
  start: 'first',
  parameters: [],
  contacts: {},
  steps,
  acknowledged: { resolveWithin: '4h', otherwise: { kind: 'escalate', step: 'first' } },
  budget: { calls: 100_000, within: '1d' },
});

/** Where the telephone rings. */
const POLICIES = {
  'in the incident': policyOf({ first: ringing }),
  'in a child': policyOf({ first: refused, second: ringing }),
} as const;
type Place = keyof typeof POLICIES;

interface Trial {
  /** Milliseconds until the update was answered. */
  readonly answered: number;
  /** Milliseconds until Pigeon heard the request to abort. */
  readonly aborted: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repeat: { type: 'string', default: '200' } } });
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) throw new Error('--repeat must be a whole number from 1');
  const space = { people: { [NUMBER]: neverPicksUp() }, lines: 30, switches: { ringSeconds: 86_400 } };
  const stack = await startStack({ emulator: space, webUi: 'headless' });
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const temporal = new Client({ connection });
    await stack.startWorker();
    const trials: Record<Place, Trial[]> = { 'in the incident': [], 'in a child': [] };
    for (let round = 0; round <= repeat; round += 1) {
      // Taking turns, so that whatever else this machine does falls on both.
      for (const place of Object.keys(POLICIES) as Place[]) {
        const trial = await acknowledge(temporal, stack.emulator, place, round);
        // The first of each warms up.
        if (round > 0) trials[place].push(trial);
      }
      if (round % 20 === 0) process.stderr.write(`round ${round} of ${repeat}\n`);
    }
    print(repeat, trials);
  } finally {
    await connection.close();
    await stack.stop();
  }
}

async function acknowledge(temporal: Client, emulator: Emulator, place: Place, round: number): Promise<Trial> {
  const input: IncidentInput = { policy: POLICIES[place], summary: 'disk full', dedupKey: `${place} ${round}` };
  const workflowId = `incident/measure-acknowledge-${Date.now()}`;
  const incident = await temporal.workflow.start(INCIDENT, {
    workflowId,
    taskQueue: DEFAULT_TASK_QUEUE,
    args: [input],
  });
  await rings(incident);
  // The level before has asked as well, and was refused.
  const run = emulator.journal
    .invokes()
    .find(({ body, resultId }) => resultId !== undefined && JSON.stringify(body).includes(`"${workflowId}`))?.resultId;
  const began = Date.now();
  const answered = incident.executeUpdate('acknowledge', { args: [{ by: 'suzuki' }] }).then(() => Date.now() - began);
  const abort = await emulator.journal.waitFor(
    (entry) => entry.kind === 'request' && entry.endpoint === 'abort' && entry.resultId === run,
    60_000,
  );
  const trial = { answered: await answered, aborted: abort.realAt - began };
  await incident.executeUpdate('resolve', { args: [{}] });
  return trial;
}

/** Waits until Pigeon has the call and the incident knows it. */
async function rings(incident: WorkflowHandle): Promise<void> {
  for (;;) {
    const { ringing } = await incident.query<IncidentStatus>(STATUS_QUERY);
    if (ringing.some((words) => words.startsWith('Pigeon has the call'))) return;
    await setTimeout(50);
  }
}

function print(repeat: number, trials: Readonly<Record<Place, readonly Trial[]>>): void {
  const rows = Object.entries(trials).flatMap(([place, measured]) => [
    row(
      `the update is answered, telephone ${place}`,
      measured.map(({ answered }) => answered),
    ),
    row(
      `Pigeon is asked to hang up, telephone ${place}`,
      measured.map(({ aborted }) => aborted),
    ),
  ]);
  process.stdout.write(
    [
      `node dist/tools/measure-acknowledge.js --repeat ${repeat}`,
      `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}, server, worker and emulator on them`,
      '',
      '| after an acknowledge, ms | trials | min | p50 | p95 | p99 |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
}

function row(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return `| ${name} | ${values.length} | ${sorted[0]} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} |`;
}

await main();
