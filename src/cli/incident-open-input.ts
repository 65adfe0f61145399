import type { IncidentInput } from '../client.js';
import { checkIncidentInput } from '../incident/check-incident.js';
import type { Policy } from '../contract/policy-schema.js';
import { asFlag, readJson } from './call-flags.js';
import type { WatchFlags } from './incident-watch.js';
import { readPolicyFile } from './file-problems.js';
import { UsageError } from './exit-code.js';

export interface OpenFlags extends Partial<WatchFlags> {
  readonly policy?: string;
  readonly summary?: string;
  readonly severity?: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly dedupKey?: string;
  readonly source?: string;
  readonly until?: NonNullable<IncidentInput['until']>;
  readonly input?: string;
}

/** @throws UsageError with everything that is wrong with the flags and the files. */
export async function incidentInputOf(flags: OpenFlags): Promise<IncidentInput> {
  const problems: string[] = [];
  const { parameter, severity, source, until } = flags;
  const given = await readJson('--input', flags.input, problems);
  const policy = policyOf(flags.policy, problems);
  if (problems.length > 0) throw new UsageError(problems);
  const file = isObject(given) ? given : {};
  const summary = flags.summary ?? file['summary'];
  const parameters = isObject(file['parameters']) ? { ...file['parameters'], ...parameter } : parameter;
  const input = {
    ...file,
    summary,
    // The same trouble, reported again by the same command, is one incident.
    dedupKey: flags.dedupKey ?? file['dedupKey'] ?? summary,
    parameters,
    ...(policy !== undefined && { policy }),
    ...(severity !== undefined && { severity }),
    ...(source !== undefined && { source }),
    ...(until !== undefined && { until }),
  };
  if (!('policy' in input)) problems.push('Give --policy <name>, or --policy <file.yaml>.');
  if (summary === undefined) problems.push('Give --summary <text>: what is wrong, in one line.');
  if (problems.length > 0) throw new UsageError(problems);
  const checked = checkIncidentInput(input);
  if (!checked.ok) throw new UsageError(checked.errors.map(asFlag));
  return input as unknown as IncidentInput;
}

/** A name has neither a dot nor a slash. A file is read here, so that its mistakes are shown here. */
function policyOf(given: string | undefined, problems: string[]): string | object | undefined {
  if (given === undefined || !/[./\\]/.test(given)) return given;
  const { policy, described } = readPolicyFile(given);
  if (policy === undefined) problems.push(...described);
  return policy;
}

/** Names that the texts of the policy are filled with, and that this incident does not bring along. */
export function missingParameters({ policy, parameters = {} }: IncidentInput): readonly string[] {
  return typeof policy === 'string' ? [] : (policy as Policy).parameters.filter((name) => !(name in parameters));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
