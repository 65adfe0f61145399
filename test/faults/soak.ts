import { setTimeout } from 'node:timers/promises';
import type { IncidentInput, IncidentResult } from '../../src/contract/incident-schema.js';
import { answers, busy } from '../../src/emulator/emulator.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { callTo, stepOf } from './script.js';
import { callsTo, measureCalls, type Measured } from './measure.js';
import { Stage, TASK_QUEUE, type WorkerProcess } from './stage.js';
import { until } from './until.js';

export interface SoakForm {
  readonly incidents: number;
  readonly seconds: number;
}
/** For the whole picture, and for a pass that must be short. */
export const LONG: SoakForm = { incidents: 50, seconds: 300 };
export const SHORT: SoakForm = { incidents: 10, seconds: 30 };

const REPLACED_EVERY_MS = 5_000;

/** Of two workers one is always going, while incidents begin and go on. */
export const SOAKS = {
  'killed-every-5s': {
    title: 'one of two workers killed every 5 s and replaced, while incidents begin and go on',
    async replace(stage: Stage, oldest: WorkerProcess): Promise<void> {
      await stage.killWorker(oldest);
      await stage.startWorker();
    },
  },
  'rolling-restart': {
    title: 'a rolling restart every 5 s: a third worker begins, one of the two drains, while incidents begin and go on',
    async replace(stage: Stage, oldest: WorkerProcess): Promise<void> {
      await stage.startWorker();
      process.kill(oldest.child.pid, 'SIGTERM');
      await oldest.child.ended;
      await stage.forget(oldest);
    },
  },
} as const;
export type SoakName = keyof typeof SOAKS;
export const isSoak = (name: string): name is SoakName => name in SOAKS;

const END_WITHIN_MS = 600_000;

/** The first is busy twice, the second hands on, the third takes it. */
const EXPECTED = [2, 1, 1];

export interface Soaked {
  readonly id: string;
  readonly numbers: readonly string[];
  readonly startedAt: number;
  result: IncidentResult | null;
}

export async function soak(
  name: SoakName,
  { incidents, seconds }: SoakForm,
): Promise<{ server: string; runs: readonly Measured[] }> {
  const stage = await Stage.open({ lines: 100, switches: { queueSize: 1_000 } });
  try {
    await Promise.all([stage.startWorker(), stage.startWorker()]);
    const endAt = Date.now() + seconds * 1_000;
    const replacing = replaceUntil(stage, name, endAt);
    replacing.catch(() => undefined); // heard below
    const started: Soaked[] = [];
    for (let index = 0; index < incidents; index += 1) {
      started.push(await begin(stage, index));
      await setTimeout(Math.max(0, (endAt - Date.now()) / (incidents - index)));
    }
    await replacing;
    await Promise.all(
      started.map(async (each) => {
        const handle = stage.temporal.workflow.getHandle(each.id);
        const ended = async () => (await handle.describe()).status.name !== 'RUNNING';
        await until(`${each.id} has ended`, ended, END_WITHIN_MS, 500);
        each.result = (await handle.result()) as IncidentResult;
      }),
    );
    return { server: stage.version, runs: started.map((each) => measured(stage, each)) };
  } finally {
    await stage.close();
  }
}

async function replaceUntil(stage: Stage, name: SoakName, endAt: number): Promise<void> {
  while (Date.now() < endAt) {
    await setTimeout(REPLACED_EVERY_MS);
    const [oldest] = stage.workers;
    if (oldest !== undefined) await SOAKS[name].replace(stage, oldest);
  }
}

export async function begin(stage: Stage, index: number): Promise<Soaked> {
  const numbers = EXPECTED.map((_, level) => `03${level}0000${100 + index}`);
  const [first = '', second = '', third = ''] = numbers;
  const { people } = stage.emulator.space;
  people.set(first, busy());
  people.set(second, answers(500, { key: '2', afterMs: 500 }));
  people.set(third, answers(500, { key: '1', afterMs: 500 }));
  const id = `incident/soak-${index}`;
  const input = inputOf(id, {
    first: {
      ...stepOf(callTo(first, 2), 'second'),
      attempts: 2,
      every: '5s',
      otherwise: { kind: 'escalate', step: 'second' },
    },
    second: stepOf(callTo(second, 2), 'third'),
    third: stepOf(callTo(third, 2)),
  });
  const startedAt = Date.now();
  await stage.temporal.workflow.start('incident', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args: [{ ...input, until: 'acknowledged' }],
  });
  return { id, numbers, startedAt, result: null };
}

/** Nobody resolves it before the end. */
export function inputOf(id: string, steps: Policy['steps']): IncidentInput {
  const policy: Policy = {
    version: 1,
    name: 'soak',
    start: 'first',
    parameters: [],
    contacts: {},
    steps,
    acknowledged: { resolveWithin: '12h', otherwise: { kind: 'escalate', step: 'first' } },
    budget: { calls: 50, within: '1d' },
  };
  return { policy, summary: '障害', dedupKey: id };
}

export function measured({ emulator }: Stage, { id, numbers, startedAt, result }: Soaked): Measured {
  const words = result?.timeline.map(({ at, text }) => `${at} ${text}`).join('\n') ?? '';
  const placed = numbers.map((number) => callsTo(emulator, number).length);
  const calls = measureCalls(placed, EXPECTED, words);
  const firstAt = callsTo(emulator, numbers[0] ?? '')[0]?.realAt;
  const wrong = [
    ...(result?.state === 'acknowledged' && result.owner?.via === 'key'
      ? []
      : [`it is ${result?.state ?? 'not ended'}`]),
    ...(calls.lost > 0 ? [`${calls.lost} calls lost`] : []),
    ...(calls.doubled > 0 ? [`${calls.doubled} calls doubled`] : []),
  ];
  return {
    point: 'any',
    workflow: 'incident',
    ...calls,
    unknown: 0,
    late: firstAt === undefined ? null : (firstAt - startedAt) / 1_000,
    problems: wrong.map((problem) => `${id}: ${problem}; placed ${placed.join(', ')}\n${words}`),
  };
}
