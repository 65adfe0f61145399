/**
 * Real senders against the gateway: `npm run test:senders [-- <part of a name>]`. They come from Debian, npm and PyPI, into a folder that goes away
 * again. A line for each; it ends with 1 when one has failed. One that cannot be had here is skipped, and says why.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertmanager } from './alertmanager.js';
import {
  cloudEvents,
  npmFolder,
  pagerdutyFromNpm,
  pagerdutyFromPyPI,
  python,
  schemathesis,
  schemathesisElsewhere,
} from './libraries.js';
import { NotPossible } from './not-possible.js';
import { sns } from './sns.js';
import { setStage } from './stage.js';

const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-senders-'));
let failed = 0;

const wanted = process.argv[2] ?? '';

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  if (!name.includes(wanted)) return;
  try {
    await work();
    console.log(`pass  ${name}`);
  } catch (error) {
    if (error instanceof NotPossible) console.log(`skip  ${name}: ${error.message}`);
    else {
      failed += 1;
      console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

const stage = await setStage(folder);
const npm = once(() => npmFolder(folder));
const bin = once(() => python(folder));
try {
  await attempt('Alertmanager, webhook', () => alertmanager(stage, 'pigeonflow'));
  await attempt('Alertmanager, PagerDuty receiver', () => alertmanager(stage, 'pigeonflow-as-pagerduty'));
  await attempt('PagerDuty client of npm', async () => pagerdutyFromNpm(stage, await npm()));
  await attempt('PagerDuty client of PyPI', async () => pagerdutyFromPyPI(stage, await bin()));
  await attempt('CloudEvents SDK: structured, binary, batch', async () => cloudEvents(stage, await npm()));
  await attempt('Amazon SNS, with a certificate of this test', async () => sns(stage, await npm()));
  await attempt('schemathesis on the incident API', async () => schemathesis(stage, await bin()));
  await attempt('schemathesis on every other address', async () => schemathesisElsewhere(stage, await bin()));
} finally {
  await stage.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
