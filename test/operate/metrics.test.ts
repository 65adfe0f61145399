import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { METRICS } from '../../src/contract/metrics.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { startGateway } from '../gateway/gateway.js';
import { useRig } from '../rig/rig.js';
import { scrapeBusyWorker, type Scrapes } from './busy-worker.js';
import { scrape } from './scrape.js';

const world = useRig();
let scrapes: Scrapes;
beforeAll(async () => {
  scrapes = await scrapeBusyWorker(world);
}, 120_000);

test('every counter of a worker begins with 0, so that Prometheus sees the first event', () => {
  const { series } = scrapes.atStart;
  for (const metric of Object.values(METRICS)) {
    if (metric.kind !== 'counter') continue;
    for (const value of metric.values) {
      const begun = series.find(({ name, labels }) => name === `${metric.name}_total` && labels[metric.tag] === value);
      expect(begun, `${metric.name} ${value}`).toMatchObject({ value: 0 });
    }
  }
  // What a workflow counts later is the same series.
  const { length } = scrapes.after.series.filter(({ name }) => name === 'pigeonflow_calls_ended_total');
  expect(length).toBe(METRICS.callsEnded.values.length * METRICS.callsEnded.workflows.length);
});

test.for([
  ['pigeonflow_invokes_total', { answer: 'accepted' }, 4],
  ['pigeonflow_invokes_total', { answer: 'blocked', workflowType: 'pigeonCall' }, 1],
  ['pigeonflow_calls_ended_total', { outcome: 'answered', workflowType: 'escalation' }, 1],
  ['pigeonflow_calls_ended_total', { outcome: 'answered', workflowType: 'pigeonCall' }, 1],
  ['pigeonflow_calls_ended_total', { outcome: 'unanswered', workflowType: 'incident' }, 2],
  ['pigeonflow_incidents_opened_total', { severity: 'critical' }, 2],
  ['pigeonflow_incidents_closed_total', { state: 'resolved' }, 1],
  ['pigeonflow_incidents_closed_total', { state: 'exhausted' }, 1],
  ['pigeonflow_incident_acknowledge_seconds_count', { severity: 'critical' }, 1],
] as const)('a worker counts %s %o', ([name, labels, value]) => {
  expect(scrapes.after.sum(name, labels)).toBe(value);
});

test('a worker measures its polls, and how late it is', () => {
  expect(scrapes.after.sum('pigeonflow_poll_seconds_count', { answer: 'seen' })).toBeGreaterThanOrEqual(4);
  expect(scrapes.after.sum('pigeonflow_timer_lateness_seconds_count', { timer: 'call' })).toBeGreaterThanOrEqual(4);
});

test('a worker says of each schedule how long it is until its next gap', () => {
  const gaps = scrapes.after.series.filter(({ name }) => name === 'pigeonflow_schedule_gap_seconds');
  expect(new Set(gaps.map(({ labels }) => labels['schedule']))).toEqual(new Set(['follow-the-sun', 'web']));
  for (const { value } of gaps) expect(value).toBeGreaterThanOrEqual(0);
  const ages = scrapes.after.series.filter(({ name }) => name === 'pigeonflow_schedule_calendar_age_seconds');
  expect(ages.map(({ value }) => value)).toEqual([0, 0]);
});

test('the reference tells of every metric of ours, and of none that does not exist', async (context) => {
  const gateway = await startGateway({ taskQueue: 'nobody', invokeTaskQueue: 'nobody-invoke' }, context);
  const page = readFileSync(join(projectRoot, 'docs/reference/metrics.md'), 'utf8');
  const kinds = new Map([...scrapes.after.kinds, ...(await scrape(gateway.metricsPort)).kinds]);
  const ours = [...kinds.keys()].filter((name) => name.startsWith('pigeonflow_'));
  const told = [...page.matchAll(/^\| `([a-z_]+)` +\| (\w+)/gm)].map(([, name = '', kind]) => ({ name, kind }));
  expect(
    told
      .filter(({ name }) => name.startsWith('pigeonflow_'))
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(ours.toSorted());
  for (const { name, kind } of told) expect([name, kind]).toEqual([name, kinds.get(name)]);
  for (const { name, tag, values } of Object.values(METRICS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}_`)) ?? '';
    for (const word of [tag, ...values]) expect(row).toContain(`\`${word}\``);
  }
});
