import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceNames } from '../../src/alerts/sources.js';
import { findOnPath } from '../../tools/engine/find-on-path.js';
import { runTool } from '../../tools/engine/run-tool.js';
import { NotPossible } from './not-possible.js';
import type { Stage } from './stage.js';

/** Packages of npm in a folder of their own: they are none of this project's. */
export async function npmFolder(folder: string): Promise<string> {
  const place = join(folder, 'npm');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const packages = ['@pagerduty/pdjs@2', 'cloudevents@10', 'sns-validator@0.3'];
  await runTool('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: place });
  return place;
}

/** An environment of Python with packages of PyPI. */
export async function python(folder: string): Promise<string> {
  const place = join(folder, 'python');
  const found = findOnPath('python3', process.env);
  if (found === null) throw new NotPossible('there is no python3 here');
  await runTool(found, ['-m', 'venv', place]);
  const packages = ['pagerduty==7.*', 'schemathesis==4.*'];
  await runTool(join(place, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', ...packages]);
  return join(place, 'bin');
}

/** PagerDuty's own client for JavaScript, which speaks HTTPS alone. */
export async function pagerdutyFromNpm(stage: Stage, npm: string): Promise<void> {
  const program = join(npm, 'pagerduty.js');
  writeFileSync(
    program,
    `import { acknowledge, resolve, trigger } from '@pagerduty/pdjs';
const [server, routing_key] = process.argv.slice(2);
const payload = { summary: 'disk full', source: 'web-1', severity: 'critical' };
const { data } = await trigger({ server, data: { routing_key, dedup_key: 'npm', payload } });
if (data.status !== 'success' || data.dedup_key !== 'npm') throw new Error(JSON.stringify(data));
for (const follow of [acknowledge, resolve]) {
  const answered = await follow({ server, data: { routing_key, dedup_key: 'npm', payload } });
  if (answered.status !== 202) throw new Error(JSON.stringify(answered.data));
}
`,
  );
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: stage.caFile };
  await runTool(process.execPath, [program, new URL(stage.httpsUrl).host, stage.key], { cwd: npm, environment });
  await wasOwnedAndResolved(stage, 'pagerduty', 'npm');
}

/** PagerDuty's own client for Python, which sends its key in a header, and speaks HTTPS alone too. */
export async function pagerdutyFromPyPI(stage: Stage, bin: string): Promise<void> {
  const program = join(stage.folder, 'send-events.py');
  writeFileSync(
    program,
    `import sys
from pagerduty import EventsApiV2Client
client = EventsApiV2Client(sys.argv[2], base_url=sys.argv[1])
key = client.trigger('disk full', 'web-1', dedup_key='pypi', severity='critical', custom_details={'disk': '/var'})
assert key == 'pypi', key
client.acknowledge(key)
client.resolve(key)
assert len(client.trigger('without a key', 'web-1')) > 0
`,
  );
  const environment = { ...process.env, SSL_CERT_FILE: stage.caFile, REQUESTS_CA_BUNDLE: stage.caFile };
  await runTool(join(bin, 'python'), [program, stage.httpsUrl, stage.key], { environment });
  await wasOwnedAndResolved(stage, 'pagerduty', 'pypi');
}

/** The CloudEvents SDK: each mode tells of the same trouble, and the last ends it. */
export async function cloudEvents(stage: Stage, npm: string): Promise<void> {
  const program = join(npm, 'cloudevents.js');
  writeFileSync(
    program,
    `import { CloudEvent, HTTP } from 'cloudevents';
const [url, key] = process.argv.slice(2);
const about = { source: '/disks', subject: 'sdk', data: { summary: 'ディスク満杯' } };
const deliver = async ({ headers, body }, result) => {
  const answered = await fetch(url + '/v1/alerts/cloudevents', { method: 'POST', headers: { ...headers, authorization: 'Bearer ' + key }, body });
  const { results } = await answered.json();
  if (answered.status !== 202 || results[0].result !== result) throw new Error(answered.status + JSON.stringify(results));
};
await deliver(HTTP.structured(new CloudEvent({ ...about, type: 'disk.full' })), 'opened');
await deliver(HTTP.binary(new CloudEvent({ ...about, type: 'disk.full' })), 'known');
const batch = [new CloudEvent({ ...about, type: 'disk.acknowledged' })];
await deliver({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(batch) }, 'acknowledged');
await deliver(HTTP.binary(new CloudEvent({ ...about, type: 'disk.resolved' })), 'resolved');
`,
  );
  await runTool(process.execPath, [program, stage.url, stage.key], { cwd: npm });
  await wasOwnedAndResolved(stage, 'cloudevents', JSON.stringify(['/disks', 'sdk']));
}

/** Schemathesis: thousands of requests made from the OpenAPI document, fitting and not. */
export async function schemathesis(stage: Stage, bin: string): Promise<void> {
  const config = join(stage.folder, 'schemathesis.toml');
  // 410 is what an incident answers whose made-up policy no worker has.
  writeFileSync(
    config,
    `[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "410", "429"]
`,
  );
  await runSchemathesis(stage, bin, [
    '--config-file',
    config,
    'run',
    `${stage.url}/openapi.json`,
    '--header',
    `Authorization: Bearer ${stage.operatorKey}`,
    // It makes up a key of its own for each way that there is.
    '--header',
    `X-Pigeonflow-Key: ${stage.operatorKey}`,
    '--checks',
    'all',
  ]);
}

/**
 * Schemathesis at the addresses that no OpenAPI document has: of senders, of Pigeon's webhook, of probes, of the codec server. Whatever
 * is sent there, with a key and without one, no server fails, and each answers afterwards.
 */
export async function schemathesisElsewhere(stage: Stage, bin: string): Promise<void> {
  const sources = ['unknown', ...sourceNames()];
  const anything = { content: { 'application/json': { schema: {} }, 'text/plain': { schema: { type: 'string' } } } };
  const inPath = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
  const taken = { responses: { default: { description: 'anything but a failure of the server' } } };
  const source = inPath('source', { type: 'string', enum: sources });
  const key = inPath('key', { type: 'string', minLength: 1 });
  const post = (...parameters: object[]) => ({ post: { requestBody: anything, parameters, ...taken } });
  const get = { get: taken };
  const servers = {
    gateway: { url: stage.url, secret: stage.key, paths: { '/v1/alerts/{source}': post(source), '/v1/alerts/{source}/{key}': post(source, key), '/v2/enqueue': post(), '/v1/pigeon/{key}': post(key), '/openapi.json': get } }, // prettier-ignore
    health: { url: stage.healthUrl, secret: '', paths: { '/healthz': get, '/readyz': get, '/{any}': { get: { parameters: [inPath('any', { type: 'string', minLength: 1 })], ...taken } } } }, // prettier-ignore
    codecServer: {
      url: stage.codecUrl,
      secret: stage.codecToken,
      paths: { '/encode': post(), '/decode': post(), '/': get },
    },
  };
  for (const [name, { url, paths, secret }] of Object.entries(servers)) {
    const document = join(stage.folder, `${name}.openapi.json`);
    writeFileSync(document, JSON.stringify({ openapi: '3.1.0', info: { title: name, version: '1' }, paths }));
    for (const given of [secret, 'unknown']) {
      await runSchemathesis(stage, bin, [
        'run',
        document,
        '--url',
        url,
        '--header',
        `Authorization: Bearer ${given}`,
        '--checks',
        'not_a_server_error',
        '--phases',
        'examples,coverage,fuzzing',
      ]);
    }
    const { status } = await fetch(`${url}${name === 'health' ? '/readyz' : '/openapi.json'}`);
    if (status >= 500) throw new Error(`${name} answers ${status} afterwards`);
  }
}

async function runSchemathesis(stage: Stage, bin: string, argv: readonly string[]): Promise<void> {
  const bounds = ['--max-examples', '40', '--generation-database', 'none', '--seed', '1', '--request-timeout', '20'];
  await runTool(join(bin, 'schemathesis'), [...argv, ...bounds], { cwd: stage.folder });
}

async function wasOwnedAndResolved(stage: Stage, source: string, dedupKey: string): Promise<void> {
  const { state, owner } = await stage.incident(source, dedupKey).result();
  if (state !== 'resolved' || owner === null)
    throw new Error(`the incident is ${state}, owner ${JSON.stringify(owner)}`);
}
