import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { parse } from 'yaml';
import { type Prometheus, findPrometheus } from '../../tools/engine/prometheus.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { startGateway } from '../gateway/gateway.js';
import { eventually, useRig } from '../rig/rig.js';
import { scrapeBusyWorker } from './busy-worker.js';
import { type RunningPrometheus, startPrometheus } from './prometheus-rig.js';

const world = useRig();
const RULES = join(projectRoot, 'ops/prometheus/pigeonflow.rules.yml');
const RULES_TEST = join(projectRoot, 'ops/prometheus/pigeonflow.rules.test.yml');
const DASHBOARD = join(projectRoot, 'ops/grafana/pigeonflow.json');

let found: Prometheus | string;
beforeAll(async () => {
  found = await findPrometheus().catch((error: unknown) => String(error));
}, 300_000);

function commands(context: TestContext): Prometheus {
  if (typeof found === 'string') return context.skip(found);
  return found;
}

const alerts = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: { alert: string }[] }[] }).groups.flatMap(
  ({ rules }) => rules.map(({ alert }) => alert),
);

describe('the alert rules', () => {
  test('are right, and each fires when it should', async (context) => {
    const { promtool } = commands(context);
    expect(await runTool(promtool, ['check', 'rules', RULES])).toContain(`${alerts.length} rules found`);
    expect(await runTool(promtool, ['test', 'rules', RULES_TEST])).toContain('SUCCESS');
  });

  test('are tested one and all, with what fires and with what does not', () => {
    const { tests } = parse(readFileSync(RULES_TEST, 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: readonly unknown[] }[] }[];
    };
    const cases = tests.flatMap((one) => one.alert_rule_test);
    for (const alert of alerts) {
      const fires = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length > 0);
      expect([alert, new Set(fires)]).toEqual([alert, new Set([true, false])]);
    }
  });

  test('are explained one and all', () => {
    const page = readFileSync(join(projectRoot, 'docs/how-to/operate.md'), 'utf8');
    for (const alert of alerts) expect(page).toContain(`\`${alert}\``);
  });
});

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

test('a real Prometheus that scrapes worker and gateway raises alerts, and has data for every panel of the dashboard', async (context) => {
  const here = commands(context);
  let running: RunningPrometheus | undefined;
  context.onTestFinished(() => running?.stop());
  const ask = async <T>(path: string): Promise<T> => {
    if (running === undefined) throw new Error('Prometheus was not started');
    return await running.ask<T>(path);
  };
  const query = async (expr: string) =>
    (await ask<{ result: readonly unknown[] }>(`query?query=${encodeURIComponent(expr)}`)).result;
  const gateway = await startGateway({ taskQueue: 'nobody', invokeTaskQueue: 'nobody-invoke' }, context);
  await fetch(gateway.url);
  await scrapeBusyWorker(world, async (port) => {
    running = await startPrometheus(here, RULES, [port, gateway.metricsPort]);
    await eventually(
      async () => (await query('pigeonflow_incidents_closed_total')).length > 0,
      'the zeros are scraped',
    );
  });

  for (const alert of ['PigeonflowIncidentExhausted', 'PigeonflowBlocked']) {
    await eventually(async () => (await query(`ALERTS{alertname="${alert}"}`)).length > 0, `${alert} is raised`);
  }
  const { groups } = await ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
  for (const { name, health } of groups.flatMap(({ rules }) => rules)) expect([name, health]).toEqual([name, 'ok']);

  const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: readonly Panel[] };
  expect(panels.length).toBeGreaterThan(5);
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      const filled = expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '1m');
      await eventually(async () => (await query(filled)).length > 0, `"${title}" has data: ${filled}`);
    }
  }
}, 180_000);
