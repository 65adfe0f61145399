/**
 * `npm run bench`: what the product costs above a bare Temporal workflow with one activity that makes the same POST, on the
 * same server, in the same run. `-- --long` takes more of everything, and the parts that take long; `-- --only idle,storm` these
 * parts; `-- --rounds 1000` so many starts of each when idle; `-- --json file`; `-- --picture file` draws the idle part.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { acknowledgeToAbort } from './acknowledge.js';
import { changedAlerts, type ChangedAlerts } from './changed-alerts.js';
import { costs } from './cost.js';
import { failOver, type FailOver } from './fail-over.js';
import { faithfulStorm } from './faithful-storm.js';
import { prepareField, type Field } from './field.js';
import { keyToCall, type KeyToCall } from './key-to-call.js';
import { openIncidents } from './open-incidents.js';
import { pictureOf } from './picture.js';
import { polling, type Polling } from './polling.js';
import { type Ratio, ratioOf, spreadOf, type Spread } from './statistics.js';
import { serverKilled, type ServerKilled } from './server-killed.js';
import { startToPost, SUBJECTS } from './start-to-post.js';
import { storms } from './storm.js';
import { memory, workerStart } from './worker.js';

/** What a part measures, and how it is said. */
interface Part {
  readonly result: unknown;
  readonly lines: readonly string[];
}

/** Left out unless they are asked for, or all is: each takes minutes. */
const SLOW: readonly string[] = ['open-incidents', 'fail-over', 'server-killed', 'faithful', 'changed-alerts'];

const PARTS: Readonly<Record<string, (field: Field, long: boolean) => Promise<Part>>> = {
  async idle(field, long) {
    const samples = await startToPost(field, Number(values.rounds ?? (long ? 3000 : 200)));
    const rows = SUBJECTS.map((name) => {
      const floor = samples.floor.slice(0, samples[name].length);
      const ratio = (at: 'p50' | 'p95' | 'p99') => ratioOf(samples[name], floor, at);
      return {
        name,
        ...spreadOf(samples[name]),
        ratios: { p50: ratio('p50'), p95: ratio('p95'), p99: ratio('p99') },
      };
    });
    const withSchedule = (at: 'p50' | 'p95') => withInterval(ratioOf(samples.onDuty, samples.incident, at));
    if (values.picture !== undefined) await writeFile(values.picture, pictureOf(rows, machine.cpu));
    const lines = rows.map(({ name, n, p50, p95, p99, ratios }) =>
      [
        name.padEnd(16),
        `n = ${n}`.padEnd(9),
        ...[p50, p95, p99].map((ms) => ms.toFixed(1).padStart(7)),
        ...Object.values(ratios).map((ratio) => `  ${withInterval(ratio)}`.padEnd(20)),
      ].join(' '),
    );
    return {
      result: rows,
      lines: [
        'Start to POST, idle, ms: p50, p95, p99, and each divided by that of the floor',
        ...lines,
        `An incident with a schedule, divided by one without: p50 ${withSchedule('p50')}, p95 ${withSchedule('p95')}`,
      ],
    };
  },

  async storm(field, long) {
    const result = await storms(field, long ? 5000 : 1000, 2);
    const lines = result.map(
      ({ subject, starts, seconds, lost, doubled, cpu }) =>
        `${subject.padEnd(12)} ${starts} starts  ${seconds.toFixed(1)} s  lost ${lost}  doubled ${doubled}  CPU ms a start: server ${cpu.server.toFixed(0)}, worker ${cpu.worker.toFixed(0)}`,
    );
    return { result, lines: ['At once, 32 in flight: seconds until the last POST', ...lines] };
  },

  async acknowledge(field) {
    const result = spreadOf(await acknowledgeToAbort(field, 200));
    return { result, lines: [`Acknowledge to abort request, ms: ${spread(result, 0)} (n = ${result.n})`] };
  },

  async polling(field, long) {
    const result: Polling[] = [];
    for (const calls of long ? [30, 200, 1000] : [30, 200]) result.push(await polling(field, calls, 5, 30));
    const lines = result.map(
      ({ calls, gap, perSecond, wantedPerSecond, cpu, workflowTasks, handedToAny }) =>
        `${String(calls).padStart(5)} calls  ${spread(gap, 2)}   ${perSecond.toFixed(1)} of ${wantedPerSecond} a second; CPU ms a look: server ${cpu.server.toFixed(1)}, worker ${cpu.worker.toFixed(1)}; replayed ${handedToAny} of ${workflowTasks} workflow tasks`,
    );
    return {
      result,
      lines: ['Calls that are looked at every 5 s: seconds between two looks, looks per second', ...lines],
    };
  },

  async 'key-to-call'(field, long) {
    const result: KeyToCall[] = [];
    for (const seconds of long ? [1, 2, 5, 10, 15] : [1, 5]) result.push(await keyToCall(field, seconds, 40));
    const lines = result.map(
      ({ everySeconds, ms }) => `looked at every ${everySeconds} s: ${spread(ms, 0)} (n = ${ms.n})`,
    );
    return { result, lines: ['Key pressed to the request to call the next level, ms', ...lines] };
  },

  async cost(field) {
    const result = await costs(field);
    const lines = result.map(
      ({ what, events, bytes, workflowTasks, visibilityUpdates }) =>
        `${what.padEnd(46)} ${events} events, ${(bytes / 1024).toFixed(1)} KiB, ${workflowTasks} workflow tasks, ${visibilityUpdates} visibility updates`,
    );
    return { result, lines: ['What is in the histories', ...lines] };
  },

  async worker(field, long) {
    const start = await workerStart(field, 5);
    const open = await memory(field, long ? [0, 1000, 5000] : [0, 1000]);
    const lines = open.map(({ calls, mib }) => `${calls} calls open: ${mib?.toFixed(0) ?? '?'} MiB`);
    return {
      result: { start, memory: open },
      lines: [`A worker: from its start to the first POST, ms: p50 ${start.p50.toFixed(0)} (n = ${start.n})`, ...lines],
    };
  },

  async 'open-incidents'(field, long) {
    const result = await openIncidents(field, long ? [10, 100, 1000, 10_000] : [10, 1000]);
    const lines = result.map(
      ({ open, mib, oneMore }) =>
        `${String(open).padStart(6)} open: worker ${mib.worker?.toFixed(0) ?? '?'} MiB, server ${mib.server?.toFixed(0) ?? '?'} MiB; one more, ms: ${spread(oneMore, 0)}`,
    );
    return { result, lines: ['Incidents open at once, that ring', ...lines] };
  },

  async 'fail-over'(field, long) {
    // Two in three of what the machine holds: a kill meets workers that are inside a workflow task.
    const busy = { calls: 70, everySeconds: 2, kills: 6 } as const;
    const result: FailOver[] = [await failOver(field, { calls: 50, everySeconds: 5, kills: long ? 10 : 5 })];
    if (long) {
      result.push(await failOver(field, busy));
      result.push(await failOver(field, { ...busy, workflowTaskTimeout: '5s' }));
      result.push(await failOver(field, { ...busy, workflowTaskTimeout: '2s' }));
    }
    const lines = result.map(
      ({ kills, calls, everySeconds, workflowTaskTimeout = '10s', late, most, over2, over5, undisturbed, events }) =>
        `${kills} times, ${calls} calls looked at every ${everySeconds} s, time limit of a workflow task ${workflowTaskTimeout}: ${spread(late, 1)}, most ${most.toFixed(1)}; over 2 s ${over2}, over 5 s ${over5} of ${late.n}; at the end ${events} events; without a kill ${spread(undisturbed, 1)}`,
    );
    return { result, lines: ['One of two workers killed: seconds late', ...lines] };
  },

  async 'server-killed'(field, long) {
    const result: ServerKilled[] = [];
    for (const down of long ? [1, 5, 20, 60] : [1, 5, 20])
      result.push(await serverKilled(field, 50, 5, long ? 10 : 3, down));
    const lines = result.map(
      ({ downSeconds, kills, calls, everySeconds, idle, busy }) =>
        `back after ${downSeconds} s, ${kills} times, ${calls} calls looked at every ${everySeconds} s: idle at the kill ${idle.late.n}, ${spread(idle.late, 1)}, most ${idle.most.toFixed(1)}; with a task in progress ${busy.late.n}, most ${busy.most.toFixed(1)}`,
    );
    return { result, lines: ['Temporal killed: seconds late after its first answer', ...lines] };
  },

  async faithful(field, long) {
    const result = await faithfulStorm(field, long ? 1000 : 200);
    const { incidents, lines, rate, seconds, requests, mostInASecond, mostInAMinute, rejected } = result;
    return {
      result,
      lines: [
        `${incidents} incidents at once, ${lines} lines, 30 runs at most, ${rate} requests a second: ${seconds.toFixed(0)} s, ${requests} requests,`,
        `at most ${mostInASecond} in a second and ${mostInAMinute} in a minute, ${rejected} met a full queue; not owned at the end ${result.notOwned}, lost ${result.lost}, doubled ${result.doubled}`,
      ],
    };
  },

  async 'changed-alerts'(field, long) {
    const result: ChangedAlerts[] = [];
    for (const during of ['level 2 rings', 'a workflow runs'] as const) {
      result.push(await changedAlerts(field, during, long ? 200 : 20, 50));
      result.push(await changedAlerts(field, during, 1, long ? 10_000 : 1000));
    }
    const lines = result.flatMap(({ during, acknowledges, alerts, ms, most, ...rest }) => [
      `${during}: ${alerts.taken} taken, ${alerts.refused} TooManyChanges, failed ${JSON.stringify(alerts.failed)}, in ${rest.seconds.toFixed(0)} s; ${rest.runs} runs, at most ${rest.mostUpdatesInARun} updates in one`,
      `  acknowledged ${acknowledges} times, ms: ${acknowledges > 1 ? `${spread(ms, 0)}, ` : ''}most ${most.toFixed(0)}; without effect ${rest.withoutEffect}, ringing at the end ${rest.ringing}, doubled ${rest.doubled}`,
    ]);
    return {
      result,
      lines: ['One incident, changed alerts by four senders without a pause, acknowledged meanwhile', ...lines],
    };
  },
};

const withInterval = ({ ratio, from, to }: Ratio) => `${ratio.toFixed(2)} (${from.toFixed(2)}–${to.toFixed(2)})`;

const spread = ({ p50, p95, p99 }: Spread, digits: number): string =>
  `p50 ${p50.toFixed(digits)}, p95 ${p95.toFixed(digits)}, p99 ${p99.toFixed(digits)}`;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    /** Temporal on PostgreSQL, which must be installed, instead of SQLite in memory. */
    postgres: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'string' },
    picture: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const all = Object.keys(PARTS);
const parts = values.only?.split(',') ?? all.filter((name) => values.long || !SLOW.includes(name));
const unknown = parts.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0) throw new Error(`--only knows ${all.join(', ')}; not ${unknown.join(', ')}`);

const machine = {
  cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  kernel: release(),
  node: process.version,
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
  at: new Date().toISOString(),
};
const results: Record<string, unknown> = { machine };
const field = await prepareField(values);
try {
  console.log(Object.values(machine).join(' · '));
  for (const name of parts) {
    const part = await PARTS[name]?.(field, values.long);
    if (part === undefined) continue;
    const [title, ...lines] = part.lines;
    console.log([`\n${title}`, ...lines].join('\n  '));
    results[name] = part.result;
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await field.close();
}
