/**
 * The fault suite: `npm run test:faults -- [--repeat 10] [--only <fault>] [--results <file>] [--long] [--publish]`.
 * Every fault is a row: many calls and incidents, parked at every point of their course, and one fault that strikes all.
 * A row that is in the file of results already is not played again.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULTS } from './faults.js';
import { measure, problemsOf } from './measure.js';
import { publish } from './publish.js';
import { Results, type RowResult } from './results.js';
import { NotParked, Row } from './row.js';
import { isSoak, LONG, SHORT, soak, SOAKS } from './soak.js';
import { lineOf } from './table.js';

const TRIES = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeat: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      results: { type: 'string', default: join(tmpdir(), `pigeonflow-faults-${Date.now()}.jsonl`) },
      /** Rows at the same time. They wait most of the time, and park one after another. */
      parallel: { type: 'string', default: '8' },
      long: { type: 'boolean', default: false },
      /** Writes the table into the documentation. */
      publish: { type: 'boolean', default: false },
    },
  });
  const names = [...Object.keys(SOAKS), ...Object.keys(FAULTS)];
  const unknown = values.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no fault ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const wanted = values.only.length === 0 ? names : values.only;
  const results = new Results(values.results);
  const left = Array.from({ length: Number(values.repeat) }, (_, index) => index + 1)
    .flatMap((repeat) => wanted.map((fault) => ({ fault, repeat })))
    .filter(({ fault, repeat }) => !results.has(fault, repeat));

  const playOn = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const row = await play(next.fault, next.repeat, values.long);
      results.add(row);
      process.stdout.write(`${lineOf(row)}\n${row.problems.map((problem) => `!!! ${problem}\n`).join('')}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, playOn));

  if (values.publish) publish(results.rows, Number(values.parallel));
  const bad = results.rows.filter(({ problems }) => problems.length > 0);
  process.stdout.write(`${results.rows.length} rows, ${bad.length} of them bad; results in ${values.results}\n`);
  // What still waits for something in a world that is gone must not hold the command.
  process.exit(bad.length === 0 ? 0 : 1);
}

async function play(name: string, repeat: number, long: boolean): Promise<RowResult> {
  const at = new Date().toISOString();
  const base = { fault: name, repeat, at };
  for (let tries = 1; ; tries += 1) {
    try {
      return { ...base, ...(await playOnce(name, long)) };
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (error instanceof NotParked && tries < TRIES) continue;
      return { ...base, server: '', runs: [], problems: [`${name} could not be played: ${String(error)}`] };
    }
  }
}

async function playOnce(name: string, long: boolean): Promise<Pick<RowResult, 'server' | 'runs' | 'problems'>> {
  if (isSoak(name)) {
    const { server, runs } = await soak(name, long ? LONG : SHORT);
    return { server, runs, problems: runs.flatMap((run) => run.problems) };
  }
  const fault = FAULTS[name];
  if (fault === undefined) throw new Error(`There is no fault ${name}`);
  return await Row.play(fault, (row) => {
    const runs = measure(row);
    const problems = [...runs.flatMap((run) => run.problems), ...problemsOf(row)];
    return { server: row.stage.version, runs, problems };
  });
}

await main();
