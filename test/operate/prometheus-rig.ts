import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../tools/engine/child-process.js';
import { freePort } from '../../tools/engine/free-port.js';
import type { Prometheus } from '../../tools/engine/prometheus.js';
import { eventually } from '../rig/rig.js';

export interface RunningPrometheus {
  /** What the API answers: `query?query=…`, `rules`. */
  readonly ask: <T>(path: string) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** A Prometheus that reads the rules and scrapes these every second. */
export async function startPrometheus(
  { prometheus }: Prometheus,
  rules: string,
  metricsPorts: readonly number[],
): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const configuration = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [
      { job_name: 'pigeonflow', static_configs: [{ targets: metricsPorts.map((own) => `127.0.0.1:${own}`) }] },
    ],
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration)); // JSON is YAML
  const port = await freePort();
  const child = await startChild(prometheus, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const ask = async <T>(path: string): Promise<T> => {
    const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()) as { data: T };
    return answer.data;
  };
  await eventually(
    async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
    `Prometheus is ready: ${child.tail()}`,
  );
  return {
    ask,
    async stop() {
      await child.stop();
      await rm(folder, { recursive: true });
    },
  };
}
