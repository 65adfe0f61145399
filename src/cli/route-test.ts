import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type InternalAlert, receive, type Received, type Source } from '../alerts/alert.js';
import { BodyCutter, BodyTooLarge, type CutBody } from '../alerts/body.js';
import type { BodyProblem } from '../alerts/field.js';
import { parseBody } from '../alerts/body.js';
import { routeAll } from '../routing/route-all.js';
import { loadSource, sourceNames } from '../alerts/sources.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { ExitCode, UsageError } from './exit-code.js';
import { describeReadFailure, PEOPLE_FLAG } from './file-problems.js';
import { readMoment } from './policy-duty.js';
import { type PoliciesByName, readPolicyFolder, readRouteFile } from './route-read-file.js';
import { saidFirst, showTried, type Tried } from './route-show.js';

interface TestFlags {
  readonly source: string;
  readonly integration: string;
  readonly at?: number;
  readonly policies?: string;
  readonly people?: string;
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
    .option(...PEOPLE_FLAG)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nEnds with 0, also when nobody would be called; with 2 when one of the files has errors.')
    .action(async (file: string, payload: string, flags: TestFlags) => {
      const policies = flags.policies === undefined ? undefined : readPolicyFolder(flags.policies, flags.people);
      const at = flags.at ?? Date.now();
      const { routes, described } = readRouteFile(file, policies, at);
      if (routes === undefined) {
        for (const text of described) console.error(`${text}\n`);
        process.exitCode = ExitCode.usage;
        return;
      }
      const { alerts, ignored, refused = [] } = await receiveFile(payload, flags.source);
      const arrival = { integration: flags.integration, at };
      const tried = alerts
        .flatMap((alert) => routeAll(routes, alert, arrival))
        .map(({ alert, decision }): Tried => {
          return { alert, decision, saidFirst: decision.kind === 'open' ? firstWords(decision.input, policies) : null };
        });
      if (flags.json)
        console.log(JSON.stringify({ alerts: tried, ignored, ...(refused.length > 0 && { refused }) }, null, 2));
      else console.log(shown(tried, ignored, refused, alerts).join('\n\n'));
    });
}

function shown(
  tried: readonly Tried[],
  ignored: readonly { readonly reason: string }[],
  refused: readonly BodyProblem[],
  alerts: readonly InternalAlert[],
): readonly string[] {
  const leftOut = alerts.reduce((sum, { group }) => sum + (group?.leftOut ?? 0), 0);
  return [
    ...tried.map(showTried),
    ...ignored.map(({ reason }) => `ignored: ${reason}`),
    ...refused.map(({ pointer, message }) => `refused: ${pointer}: ${message}`),
    ...(leftOut > 0 ? [`left out: ${leftOut} alerts of the group are not known, since it is too large`] : []),
  ];
}

/** @throws UsageError that says which field of the payload does not fit. */
async function receiveFile(file: string, name: string): Promise<Extract<Received, { ok: true }>> {
  const source = await loadSource(name);
  if (source === undefined) {
    throw new UsageError([`--source: there is no source "${name}"${suggestion(name, sourceNames(), 'sources')}`]);
  }
  const { bytes, leftOut } = cutBytes(file, source);
  const parsed = parseBody(bytes);
  const context = { newKey: randomUUID, rawDelivery: true };
  const received = parsed.ok
    ? receive(name, source, { headers: {}, query: {}, body: parsed.body, leftOut }, context)
    : parsed;
  if (received.ok) return received;
  const { pointer, message } = received.problem;
  throw new UsageError([`${file}: ${pointer === '' ? '' : `${pointer}: `}${message}`]);
}

/** @throws UsageError also for what the gateway refuses as too large. */
function cutBytes(file: string, { longList }: Source): CutBody {
  const cutter = new BodyCutter(longList);
  try {
    cutter.push(readFileSync(file));
    return cutter.finish();
  } catch (error) {
    const why = error instanceof BodyTooLarge ? `the gateway refuses it: ${error.message}` : describeReadFailure(error);
    throw new UsageError([`${file}: ${why}`]);
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
