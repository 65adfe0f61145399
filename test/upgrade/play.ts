/**
 * `npm run test:upgrade -- <folder>`: workers of another version, built in that folder, and of this one share incidents, each is
 * killed in turn, and then one of the two is taken away for good. Whatever is open must continue.
 */
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createPigeonflowClient } from '../../src/client.js';
import { answers, busy, type Person } from '../../src/emulator/emulator.js';
import type { Policy, Step } from '../../src/contract/policy-schema.js';
import { callTo } from '../faults/script.js';
import { Stage, TASK_QUEUE, type WorkerProcess } from '../faults/stage.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run test:upgrade -- <folder of the other version, built there with npm run build>');
  process.exit(2);
}
const OTHER = join(resolve(folder), 'dist/src/cli.js');

const EACH_WAVE = 12;
const TOGETHER_MS = 60_000;
const GO_ON_MS = 300_000;

type Round = { readonly name: string; readonly flag: 'on' | 'off'; readonly stays: 'this' | 'other' };
const ROUNDS: readonly Round[] = [
  { name: 'the new workers are taken away again', flag: 'on', stays: 'other' },
  { name: 'the old workers are taken away', flag: 'on', stays: 'this' },
  {
    name: 'the new workers are taken away again, and were not started for a rolling upgrade',
    flag: 'off',
    stays: 'other',
  },
];

/** Two people who are busy at first, in three levels. */
function policyOf(n: number): {
  readonly policy: Policy;
  readonly people: Readonly<Record<string, readonly Person[]>>;
} {
  const numbers = [1, 2, 3].map((level) => `03${String(n * 10 + level).padStart(8, '0')}`);
  const [first = '', second = '', third = ''] = numbers;
  const step = (number: string, next?: string): Step => ({
    call: [callTo(number, 1)],
    attempts: next === undefined ? 'unlimited' : 2,
    every: '2s',
    keys: { 1: { kind: 'acknowledge' } },
    otherwise: next === undefined ? { kind: 'exhausted' } : { kind: 'escalate', step: next },
  });
  const policy: Policy = {
    version: 1,
    name: 'upgrade',
    start: 'first',
    parameters: [],
    contacts: {},
    steps: { first: step(first, 'second'), second: step(second, 'third'), third: step(third) },
    acknowledged: { resolveWithin: '1h', otherwise: { kind: 'escalate', step: 'first' } },
    budget: { calls: 1000, within: '1d' },
  };
  const takes = Array.from({ length: 2 + (n % 20) }, () => busy());
  return {
    policy,
    people: {
      [first]: [busy(), busy(), busy(), busy()],
      [second]: [busy(), busy(), busy(), busy()],
      [third]: [...takes, ...Array.from({ length: 20 }, () => answers(500, { key: '1', afterMs: 500 }))],
    },
  };
}

async function play({ name, flag, stays }: Round): Promise<number> {
  console.log(`\n${name} (PIGEONFLOW_ROLLING_UPGRADE=${flag})`);
  const waves = Array.from({ length: EACH_WAVE * 2 }, (_, n) => policyOf(n));
  const stage = await Stage.open({
    lines: 30,
    people: Object.assign({}, ...waves.map(({ people }) => people)) as Record<string, Person[]>,
  });
  try {
    const client = createPigeonflowClient(stage.temporal, { taskQueue: TASK_QUEUE });
    const start = {
      this: () => stage.startWorker({ PIGEONFLOW_ROLLING_UPGRADE: flag }),
      other: () => stage.startWorker({}, OTHER),
    };
    const open = (n: number) =>
      client.openIncident({
        policy: waves[n]?.policy ?? 'none',
        summary: 'upgrade',
        severity: 'critical',
        dedupKey: randomUUID(),
        until: 'acknowledged',
      });
    const workers: { version: 'this' | 'other'; worker: WorkerProcess }[] = [
      { version: 'other', worker: await start.other() },
    ];
    const incidents = await Promise.all(Array.from({ length: EACH_WAVE }, (_, n) => open(n)));
    await setTimeout(5_000);
    workers.push({ version: 'this', worker: await start.this() });
    for (let n = EACH_WAVE; n < 2 * EACH_WAVE; n += 1) incidents.push(await open(n));
    const end = Date.now() + TOGETHER_MS;
    for (let turn = 0; Date.now() < end; turn += 1) {
      // A queue that is full, answers that are lost, and changes of the alert: what the two may do otherwise.
      stage.emulator.space.switches.queueSize = turn % 3 === 1 ? 0 : 30;
      stage.emulator.faults.inject('invoke', { kind: 'resetAfterHandling' });
      await Promise.allSettled(
        incidents.map((one) =>
          stage.temporal.workflow.getHandle(one.incidentId).executeUpdate('alert', {
            args: [{ alert: { summary: `upgrade ${turn}`, severity: 'critical' } }],
          }),
        ),
      );
      const [oldest] = workers.splice(0, 1);
      if (oldest === undefined) break;
      await stage.killWorker(oldest.worker);
      workers.push({ version: oldest.version, worker: await start[oldest.version]() });
      await setTimeout(2_000);
    }
    stage.emulator.space.switches.queueSize = 30;
    for (const { version, worker } of workers) if (version !== stays) await stage.killWorker(worker);
    const results = await Promise.all(
      incidents.map((one) =>
        one.result({ signal: AbortSignal.timeout(GO_ON_MS) }).then(
          ({ state }) => state,
          (error: unknown) => `stands: ${String(error).slice(0, 80)}`,
        ),
      ),
    );
    const counts = new Map<string, number>();
    for (const result of results) counts.set(result, (counts.get(result) ?? 0) + 1);
    for (const [result, count] of counts) console.log(`  ${count} ${result}`);
    return results.filter((result) => result !== 'acknowledged').length;
  } finally {
    await stage.close();
  }
}

let wrong = 0;
for (const round of ROUNDS) {
  const stuck = await play(round);
  if (round.flag === 'on') wrong += stuck;
}
process.exit(wrong === 0 ? 0 : 1);
