/**
 * `npm run bench`: what the product costs above a bare Temporal workflow with one activity that makes the same POST, on the
 * same server, in the same run. `-- --long` takes more of everything; `-- --only idle,storm` a part; `-- --json file`;
 * `-- --picture file` draws the idle part.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { acknowledgeToAbort } from './acknowledge.js';
import { costs } from './cost.js';
import { failOver } from './fail-over.js';
import { faithfulStorm } from './faithful-storm.js';
import { prepareField } from './field.js';
import { pictureOf } from './picture.js';
import { polling, type Polling } from './polling.js';
import { ratioOf, spreadOf } from './statistics.js';
import { startToPost } from './start-to-post.js';
import { storms } from './storm.js';
import { memory, workerStart } from './worker.js';

const PARTS = ['idle', 'storm', 'acknowledge', 'polling', 'cost', 'worker', 'fail-over', 'faithful'] as const;
const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    /** Temporal on PostgreSQL, which must be installed, instead of SQLite in memory. */
    postgres: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS.join(',') },
    json: { type: 'string' },
    picture: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const parts = values.only.split(',');
const unknown = parts.filter((part) => !PARTS.some((known) => known === part));
if (unknown.length > 0) throw new Error(`--only knows ${PARTS.join(', ')}; not ${unknown.join(', ')}`);

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
  console.log(Object.values(machine).join(' · '), '\n');
  if (parts.includes('idle')) {
    const samples = await startToPost(field, Number(values.rounds ?? (values.long ? 3000 : 1000)));
    console.log(
      'Start to POST, idle, ms                p50     p95     p99   p50 / floor          p95 / floor          p99 / floor',
    );
    const rows = (['floor', 'pigeonCall', 'incident', 'alert', 'branch'] as const).map((name) => {
      const spread = spreadOf(samples[name]);
      const ratios = {
        p50: ratioOf(samples[name], samples.floor.slice(0, samples[name].length), 'p50'),
        p95: ratioOf(samples[name], samples.floor.slice(0, samples[name].length), 'p95'),
        p99: ratioOf(samples[name], samples.floor.slice(0, samples[name].length), 'p99'),
      };
      const shown = [ratios.p50, ratios.p95, ratios.p99]
        .map(({ ratio, from, to }) => `${ratio.toFixed(2)} (${from.toFixed(2)}–${to.toFixed(2)})`.padEnd(20))
        .join(' ');
      console.log(
        `  ${name.padEnd(12)} n = ${String(spread.n).padEnd(6)} ${[spread.p50, spread.p95, spread.p99]
          .map((ms) => ms.toFixed(1).padStart(12))
          .join('')
          .slice(3)}   ${shown}`,
      );
      return { name, ...spread, ratios };
    });
    results['idle'] = rows;
    if (values.picture !== undefined) await writeFile(values.picture, pictureOf(rows, machine.cpu));
  }
  if (parts.includes('storm')) {
    const done = await storms(field, values.long ? 5000 : 1000, values.long ? 3 : 2);
    console.log('\nAt once, 32 in flight: seconds until the last POST');
    for (const { subject, starts, seconds, lost, doubled, cpu } of done)
      console.log(
        `  ${subject.padEnd(12)} ${starts} starts  ${seconds.toFixed(1)} s  lost ${lost}  doubled ${doubled}  CPU ms a start: server ${cpu.server.toFixed(0)}, worker ${cpu.worker.toFixed(0)}`,
      );
    results['storm'] = done;
  }
  if (parts.includes('acknowledge')) {
    const spread = spreadOf(await acknowledgeToAbort(field, 200));
    console.log(
      `\nAcknowledge to abort request, ms: p50 ${spread.p50.toFixed(0)}, p95 ${spread.p95.toFixed(0)}, p99 ${spread.p99.toFixed(0)} (n = ${spread.n})`,
    );
    results['acknowledge'] = spread;
  }
  if (parts.includes('polling')) {
    console.log('\nCalls that are looked at every 5 s: seconds between two looks, looks per second');
    const done: Polling[] = [];
    for (const calls of values.long ? [30, 200, 1000] : [30, 200]) {
      const one = await polling(field, calls, 5, 30);
      done.push(one);
      console.log(
        `  ${String(calls).padStart(5)} calls  p50 ${one.gap.p50.toFixed(2)}  p95 ${one.gap.p95.toFixed(2)}  p99 ${one.gap.p99.toFixed(2)}   ${one.perSecond.toFixed(1)} of ${one.wantedPerSecond} a second`,
      );
    }
    results['polling'] = done;
  }
  if (parts.includes('cost')) {
    const done = await costs(field);
    console.log('\nWhat stands in the histories');
    for (const { what, events, bytes, workflowTasks, visibilityUpdates } of done)
      console.log(
        `  ${what.padEnd(46)} ${events} events, ${(bytes / 1024).toFixed(1)} KiB, ${workflowTasks} workflow tasks, ${visibilityUpdates} visibility updates`,
      );
    results['cost'] = done;
  }
  if (parts.includes('worker')) {
    const start = await workerStart(field, 5);
    const open = await memory(field, values.long ? [0, 1000, 5000] : [0, 1000]);
    console.log(`\nA worker: from its start to the first POST, ms: p50 ${start.p50.toFixed(0)} (n = ${start.n})`);
    for (const { calls, mib } of open) console.log(`  ${calls} calls open: ${mib?.toFixed(0) ?? '?'} MiB`);
    results['worker'] = { start, memory: open };
  }
  if (parts.includes('fail-over')) {
    const { late, undisturbed, most, over2, over5, ...what } = await failOver(field, 50, 5, values.long ? 20 : 5);
    console.log(
      `\nOne of two workers killed, ${what.kills} times, ${what.calls} calls looked at every ${what.everySeconds} s: seconds late p50 ${late.p50.toFixed(1)}, p95 ${late.p95.toFixed(1)}, p99 ${late.p99.toFixed(1)}, most ${most.toFixed(1)}; over 2 s ${over2}, over 5 s ${over5} of ${late.n}; without a kill p50 ${undisturbed.p50.toFixed(1)}, p95 ${undisturbed.p95.toFixed(1)}`,
    );
    results['fail-over'] = { ...what, late, undisturbed, most, over2, over5 };
  }
  if (parts.includes('faithful')) {
    const done = await faithfulStorm(field, values.long ? 1000 : 200);
    console.log(
      `\n${done.incidents} incidents at once, ${done.lines} lines, 30 runs at most, ${done.rate} requests a second: ${done.seconds.toFixed(0)} s, ${done.requests} requests, at most ${done.mostInASecond} in a second and ${done.mostInAMinute} in a minute, ${done.rejected} met a full queue; not owned at the end ${done.notOwned}, lost ${done.lost}, doubled ${done.doubled}`,
    );
    results['faithful'] = done;
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await field.close();
}
