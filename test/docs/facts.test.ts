import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { projectRoot } from '../../tools/engine/project-root.js';
import { commandsOf, PAGES, read } from './pages.js';

test('the time from an acknowledge to the hang-up is the same on both pages', () => {
  const measured = /Acknowledge by an update.*: p50 (\d+) ms, p95 \d+ ms, p99 (\d+) ms/.exec(
    read('docs/explanation/performance.md'),
  );
  expect(read('docs/explanation/incident.md')).toContain(
    `p50 ${measured?.[1]} ms, p99 ${measured?.[2]} ms of 200 times`,
  );
});

test('the table of faults has as many rows and runs as the text says, and as the raw results have', () => {
  const page = read('docs/explanation/faults.md');
  const [, rows, runs] = /`--repeat 10 --long`, (\d+) rows ten times each, .* of these (\d+) runs/.exec(page) ?? [];
  const [, table = ''] = /^\| fault \| times \|.*\n.*\n([^]*?)\n\n/m.exec(page) ?? [];
  expect(table.split('\n')).toHaveLength(Number(rows));
  const raw = gunzipSync(readFileSync(join(projectRoot, 'docs/explanation/faults.jsonl.gz'))).toString();
  expect(raw.trim().split('\n')).toHaveLength(Number(runs));
});

test('every script of npm that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = PAGES.flatMap(({ text }) => [...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name));
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test('both READMEs say that no real space has been called, and when the calls start again', () => {
  for (const [path, never] of [
    ['README.md', 'never called a real Pigeon space'],
    ['README.ja.md', '実際の Pigeon スペースで架電したことは、まだありません'],
  ] as const) {
    const text = read(path);
    expect(text.indexOf(never)).toBeGreaterThan(0);
    expect(text.indexOf(never)).toBeLessThan(text.indexOf('npm ci'));
    expect(text).toContain('`resolveWithin`');
  }
});

test('the processes of one machine do not share an address in the examples', () => {
  for (const [path, program] of [
    ['docs/how-to/encrypt.md', 'pigeonflow codec-server'],
    ['docs/how-to/run-the-gateway.md', 'npx pigeonflow gateway'],
  ] as const) {
    const commands = commandsOf(PAGES.find((page) => page.path === path) ?? { path, text: '' });
    const starts = commands.findIndex((line) => line.endsWith(program));
    expect(commands.slice(0, starts).join('\n')).toMatch(/PIGEONFLOW_HEALTH_ADDRESS=127\.0\.0\.1:809[34]/);
  }
});

test('both READMEs show the job flow as it is', () => {
  const [jobFlow = ''] = /^async function jobFlow[^]*?^}\n/m.exec(read('src/workflows/pigeon-call.ts')) ?? [];
  expect(jobFlow).toContain('lookAtResult');
  for (const path of ['README.md', 'README.ja.md']) expect(read(path)).toContain(jobFlow);
});
