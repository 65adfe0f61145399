import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../tools/engine/project-root.js';
import type { RowResult } from './results.js';
import { tables } from './table.js';

const PAGE = join(projectRoot, 'docs/explanation/faults.md');
const [BEGIN, END] = [
  '<!-- Made by `npm run test:faults -- --publish`. Do not edit. -->',
  '<!-- End of what was made. -->',
];

/** Writes the tables between the markers of the page. */
export function publish(rows: readonly RowResult[], parallel: number): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its markers:\n${BEGIN}\n${END}`);
  const made = [
    BEGIN,
    '<!-- prettier-ignore-start -->',
    '',
    about(rows, parallel),
    '',
    tables(rows),
    '',
    '<!-- prettier-ignore-end -->',
  ];
  writeFileSync(PAGE, `${page.slice(0, begin)}${made.join('\n')}\n${page.slice(end)}`);
}

function about(rows: readonly RowResult[], parallel: number): string {
  const dates = rows.map(({ at }) => at.slice(0, 10)).toSorted();
  const days = [...new Set([dates[0], dates.at(-1)])].join(' to ');
  const servers = [...new Set(rows.map(({ server }) => server).filter((server) => server !== ''))].join(', ');
  const model = cpus()[0]?.model ?? 'unknown';
  return [
    `${days}; ${availableParallelism()} cores (${model}) shared by everything, ${parallel} rows at a time; Node ${process.version},`,
    `Temporal server ${servers} on an SQLite file, SDK ${sdkVersion()}; \`npm run test:faults -- --repeat ${Math.max(...rows.map(({ repeat }) => repeat))}\`.`,
  ].join('\n');
}

function sdkVersion(): string {
  const text = readFileSync(join(projectRoot, 'node_modules/@temporalio/worker/package.json'), 'utf8');
  return String((JSON.parse(text) as { readonly version: unknown }).version);
}
