/**
 * `npm run soak -- [--minutes 20] [--per-minute 30] [--open 2000] [--picture <file.svg>]`: many incidents stay open while
 * others begin, are called through three levels and end, and a worker is killed every 30 s. One worker lives through it all.
 * Ends with 1 when a call was lost or doubled, or an incident did not end as its script says.
 */
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { IncidentResult } from '../../src/contract/incident-schema.js';
import { answers } from '../../src/emulator/emulator.js';
import { residentMiB } from '../../bench/process.js';
import { spreadOf } from '../../bench/statistics.js';
import { inFlight } from '../../bench/storm.js';
import { freePort } from '../../tools/engine/free-port.js';
import { callsTo } from './measure.js';
import { callTo, stepOf } from './script.js';
import { begin, inputOf, measured, type Soaked } from './soak.js';
import { pictureOfSoak, type Sample } from './soak-picture.js';
import { Stage, TASK_QUEUE } from './stage.js';
import { until } from './until.js';

const KILLED_EVERY_MS = 30_000;
const SAMPLED_EVERY_MS = 10_000;
const END_WITHIN_MS = 300_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '20' },
    'per-minute': { type: 'string', default: '30' },
    open: { type: 'string', default: '2000' },
    picture: { type: 'string' },
  },
});
const [minutes, perMinute, open] = [values.minutes, values['per-minute'], values.open].map(Number) as [
  number,
  number,
  number,
];

const stage = await Stage.open({ lines: 1_000, switches: { queueSize: 10_000 } });
const metricsPort = await freePort();
// The one that lives through it all.
const steady = await stage.startWorker({ PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${metricsPort}` });
await Promise.all([stage.startWorker(), stage.startWorker()]);

const stayOpen = Array.from({ length: open }, (_, index) => ({
  id: `incident/open-${index}`,
  number: `04000${10_000 + index}`,
}));
const opened = performance.now();
await inFlight(stayOpen, async ({ id, number }) => {
  stage.emulator.space.people.set(number, answers(100, { key: '1', afterMs: 100 }));
  await stage.temporal.workflow.start('incident', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    // One person, who takes it.
    args: [inputOf(id, { first: stepOf(callTo(number, 2)) })],
  });
});
await until('all of them are owned', async () => (await acknowledged()) === open, END_WITHIN_MS, 1_000);
console.log(`${open} incidents are open and owned after ${((performance.now() - opened) / 1000).toFixed(0)} s`);

const began = Date.now();
const endAt = began + minutes * 60_000;
const passing: Soaked[] = [];
const samples: Sample[] = [];
const running = () => Date.now() < endAt;

const starting = (async () => {
  for (let index = 0; running(); index += 1) {
    passing.push(await begin(stage, index));
    await setTimeout(Math.max(0, began + ((index + 1) * 60_000) / perMinute - Date.now()));
  }
})();
const killing = (async () => {
  while (running()) {
    await setTimeout(KILLED_EVERY_MS);
    const mortal = stage.workers.find((worker) => worker !== steady);
    if (mortal !== undefined) await stage.killWorker(mortal);
    await stage.startWorker();
  }
})();
const sampling = (async () => {
  for (let seen = 0; running();) {
    await setTimeout(SAMPLED_EVERY_MS);
    // Those of the last ten seconds may not have been called yet.
    const due = passing.slice(seen).filter(({ startedAt }) => startedAt < Date.now() - SAMPLED_EVERY_MS);
    seen += due.length;
    const late = due.map(({ numbers, startedAt }) => (firstCallAt(numbers[0]) ?? Date.now()) - startedAt);
    samples.push({
      seconds: (Date.now() - began) / 1_000,
      workerMiB: residentMiB(steady.child.pid) ?? 0,
      serverMiB: residentMiB(stage.temporalPid ?? 0) ?? 0,
      handles: handlesOf(steady.child.pid),
      cached: await cachedBy(metricsPort),
      latest: Math.max(0, ...late) / 1_000,
    });
    if (samples.length % 6 === 0) console.log(JSON.stringify({ ...samples.at(-1), begun: passing.length }));
  }
})();
await Promise.all([starting, killing, sampling]);

await inFlight(passing, async (each) => {
  const handle = stage.temporal.workflow.getHandle(each.id);
  const hasEnded = async () => (await handle.describe()).status.name !== 'RUNNING';
  await until(`${each.id} has ended`, hasEnded, END_WITHIN_MS, 500);
  each.result = (await handle.result()) as IncidentResult;
});
const problems = passing.flatMap((each) => measured(stage, each).problems);
await inFlight(stayOpen, async ({ id, number }) => {
  const handle = stage.temporal.workflow.getHandle(id);
  await handle.executeUpdate('resolve', { args: [{ by: 'soak' }] });
  const { state, placedCalls } = (await handle.result()) as IncidentResult;
  const rang = callsTo(stage.emulator, number).length;
  if (state !== 'resolved' || placedCalls !== 1 || rang !== 1)
    problems.push(`${id}: ${state}, ${placedCalls} calls, rang ${rang} times`);
});

const lateness = spreadOf(
  passing.flatMap(({ numbers, startedAt }) => (firstCallAt(numbers[0]) ?? startedAt) - startedAt),
);
const said = `${minutes} min, ${passing.length} incidents of 4 calls at ${perMinute} a minute beside ${open} open ones, ${Math.floor((minutes * 60_000) / KILLED_EVERY_MS)} workers killed: ${problems.length} wrong; start to ringing, ms: p50 ${lateness.p50.toFixed(0)}, p95 ${lateness.p95.toFixed(0)}, p99 ${lateness.p99.toFixed(0)}`;
console.log([said, ...problems].join('\n'));
if (values.picture !== undefined) await writeFile(values.picture, pictureOfSoak(samples));
await stage.close();
// What still waits for something in a world that is gone must not hold the command.
process.exit(problems.length === 0 ? 0 : 1);

async function acknowledged(): Promise<number> {
  const query = `WorkflowType = 'incident' AND PigeonflowState = 'acknowledged' AND ExecutionStatus = 'Running'`;
  return (await stage.temporal.workflow.count(query)).count;
}

function firstCallAt(number = ''): number | undefined {
  return callsTo(stage.emulator, number)[0]?.realAt;
}

function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

async function cachedBy(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const sizes = [...text.matchAll(/^temporal_sticky_cache_size\{[^}]*\} (\d+)/gm)].map((found) => Number(found[1]));
  return Math.max(0, ...sizes);
}
