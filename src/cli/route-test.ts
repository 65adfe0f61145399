import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { parseBody } from '../gateway/parse-body.js';
import { route } from '../gateway/routing/route.js';
import { withSeverities } from '../gateway/severity.js';
import { receive, type Received } from '../gateway/source.js';
import { loadSource, sourceNames } from '../gateway/sources.js';
import { utcTime } from '../gateway/text.js';
import { suggestion } from '../policy-file/did-you-mean.js';
import { ExitCode } from './exit-code.js';
import { describeReadFailure } from './file-problems.js';
import { readPolicyFolder, readRouteFile, type PoliciesByName } from './route-read-file.js';
import { saidFirst, showTried, type Tried } from './route-show.js';
import { UsageError } from './usage-error.js';

interface TestFlags {
  readonly source: string;
  readonly integration: string;
  readonly at?: number;
  readonly policies?: string;
  readonly json?: true;
}

export function routeTestCommand(): Command {
  return new Command('test')
    .description(
      'try a routing file with what a tool sends: which rule takes it, and what would be said on the telephone',
    )
    .argument('<file>', 'a routing file (YAML)')
    .argument('<payload>', 'the body of a request (JSON)')
    .requiredOption('--source <name>', `format of the payload: ${sourceNames().join(', ')}`)
    .option('--integration <name>', 'name of the key with which it is sent', 'test')
    .option('--at <time>', 'when it arrives, RFC 3339 (default: now)', readMoment)
    .option('--policies <folder>', 'say what the policy would say first')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nEnds with 0, also when nobody would be called; with 2 when one of the files has errors.')
    .action(async (file: string, payload: string, flags: TestFlags) => {
      const policies = flags.policies === undefined ? undefined : readPolicyFolder(flags.policies);
      const at = flags.at ?? Date.now();
      const { routes, described } = readRouteFile(file, policies, at);
      if (routes === undefined) {
        for (const text of described) console.error(`${text}\n`);
        process.exitCode = ExitCode.usage;
        return;
      }
      const { alerts, ignored } = await receiveFile(payload, flags.source);
      const tried = alerts.map((sent): Tried => {
        const alert = withSeverities(sent, routes.severities);
        const decision = route(routes, alert, { integration: flags.integration, at });
        return { alert, decision, saidFirst: decision.kind === 'open' ? firstWords(decision.input, policies) : null };
      });
      if (flags.json) console.log(JSON.stringify({ alerts: tried, ignored }, null, 2));
      else console.log([...tried.map(showTried), ...ignored.map(({ reason }) => `ignored: ${reason}`)].join('\n\n'));
    });
}

function readMoment(written: string): number {
  const time = utcTime(written);
  if (time === undefined) throw new InvalidArgumentError('It must be a time such as 2026-12-01T22:00:00+09:00.');
  return Date.parse(time);
}

/** @throws UsageError that says which field of the payload does not fit. */
async function receiveFile(file: string, name: string): Promise<Extract<Received, { ok: true }>> {
  const source = await loadSource(name);
  if (source === undefined) {
    throw new UsageError([`--source: there is no source "${name}"${suggestion(name, sourceNames(), 'sources')}`]);
  }
  const parsed = parseBody(readBytes(file));
  const received = parsed.ok
    ? receive(name, source, { headers: {}, query: {}, body: parsed.body }, { newKey: randomUUID, rawDelivery: true })
    : parsed;
  if (received.ok) return received;
  const { pointer, message } = received.problem;
  throw new UsageError([`${file}: ${pointer === '' ? '' : `${pointer}: `}${message}`]);
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError([`${file}: ${describeReadFailure(error)}`]);
  }
}

function firstWords(
  {
    policy,
    parameters = {},
  }: { readonly policy: string | object; readonly parameters?: Readonly<Record<string, string | number | boolean>> },
  policies: PoliciesByName | undefined,
): Tried['saidFirst'] {
  const found = typeof policy === 'string' ? policies?.get(policy) : undefined;
  return found === undefined || found === null ? null : saidFirst(found, parameters);
}
