import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../tools/engine/child-process.js';
import { findOnPath } from '../../tools/engine/find-on-path.js';
import { freePort } from '../../tools/engine/free-port.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { NotPossible } from './not-possible.js';
import { shipped, type Stage } from './stage.js';

/** Prometheus Alertmanager from Debian, with the configuration that is shipped: firing and resolved. */
export async function alertmanager(stage: Stage, receiver: 'pigeonflow' | 'pigeonflow-as-pagerduty'): Promise<void> {
  const program = await findAlertmanager();
  const keyFile = join(stage.folder, 'alertmanager-key');
  writeFileSync(keyFile, stage.key);
  const config = shipped('alertmanager.yml', [
    ['https://pigeonflow.example.com', stage.url],
    ['/etc/prometheus/pigeonflow-key', keyFile],
    ['the-key-of-the-integration', stage.key],
    ['receiver: pigeonflow\n', `receiver: ${receiver}\n`],
    ['group_wait: 10s', 'group_wait: 1s'],
    ['group_interval: 1m', 'group_interval: 1s'],
  ]);
  const file = join(stage.folder, `${receiver}.yml`);
  writeFileSync(file, config);
  const port = await freePort();
  const child = await startChild(program, [
    `--config.file=${file}`,
    `--storage.path=${join(stage.folder, receiver)}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  try {
    await stage.until(async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok, 'Alertmanager is ready');
    const startsAt = new Date().toISOString();
    const labels = { alertname: 'DiskFull', instance: `web-${receiver}`, severity: 'critical' };
    const report = async (more: object) => {
      const body = JSON.stringify([{ labels, annotations: { summary: `disk full ${receiver}` }, startsAt, ...more }]);
      const headers = { 'content-type': 'application/json' };
      const answered = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, { method: 'POST', headers, body });
      if (!answered.ok) throw new Error(`Alertmanager answered ${answered.status}`);
    };
    await report({});
    // PagerDuty's receiver sends a summary of its own, which has the labels.
    const found = async () =>
      (await stage.pigeonflow.listIncidents()).find(
        ({ summary }) => summary === `disk full ${receiver}` || summary.includes(`web-${receiver} `),
      );
    await stage.until(
      async () => (await found())?.state === 'triggered',
      `Alertmanager's ${receiver} opens an incident`,
    );
    await report({ endsAt: new Date().toISOString() });
    await stage.until(async () => (await found())?.state === 'resolved', `Alertmanager's ${receiver} resolves it`);
  } catch (error) {
    throw new Error(`${String(error)}\n${child.tail()}`, { cause: error });
  } finally {
    await child.stop();
  }
}

/** That of this machine, or else Debian's package is installed, by root. */
async function findAlertmanager(): Promise<string> {
  const find = () => findOnPath('prometheus-alertmanager', process.env) ?? findOnPath('alertmanager', process.env);
  const there = find();
  if (there !== null) return there;
  if (process.getuid?.() !== 0 || findOnPath('apt-get', process.env) === null) {
    throw new NotPossible(
      'there is no Alertmanager here; root of a Debian installs it: apt-get install prometheus-alertmanager',
    );
  }
  // In this run level packages start no service of theirs.
  const environment = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };
  try {
    const quietly = ['install', '-y', '-q', '--no-install-recommends', 'prometheus-alertmanager'];
    await runTool('apt-get', ['update', '-q'], { environment });
    await runTool('apt-get', quietly, { environment });
  } catch (error) {
    throw new NotPossible(`apt-get cannot install prometheus-alertmanager: ${String(error)}`);
  }
  const installed = find();
  if (installed === null) throw new NotPossible('the package prometheus-alertmanager has brought no program');
  return installed;
}
