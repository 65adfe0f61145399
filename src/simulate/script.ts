import type { Policy, StepCall } from '../contract/policy-schema.js';
import type { Opening, Update } from '../incident/events.js';
import type { People } from '../people/read-people.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { shortened } from '../yaml-file/located.js';
import { type Problem, Problems } from '../yaml-file/problem.js';
import { readYamlFile, type YamlFile } from '../yaml-file/read-file.js';
import { type Behaviour, behaviourOf, type RunBehaviour, runBehaviourOf } from './behaviour.js';
import { type ActOfFile, momentMs, ScriptFileSchema, type ScriptFile } from './script-file-schema.js';

export type Parameters = NonNullable<StepCall['parameters']>;

/** What happens around an incident in a simulation. Times are milliseconds after the opening. */
export interface Script {
  readonly opening: Omit<Opening, 'at'>;
  readonly parameters: Parameters;
  readonly calls: Readonly<Record<string, readonly Behaviour[]>>;
  readonly operator: readonly Update[];
  readonly outages: readonly Outage[];
  readonly restarts: readonly number[];
  readonly runs: Readonly<Record<string, readonly RunBehaviour[]>>;
  readonly horizon: number;
}

export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export type ScriptReading =
  | { readonly ok: true; readonly script: Script; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a script (YAML, and so JSON too), and whether everybody in it is somebody whom the policy calls. Never throws.
 *
 * @param people of the file of people, whom the policy may name.
 */
export function readScript(text: string, policy: Policy, people: People = new Map()): ScriptReading {
  const problems = new Problems();
  const file = readYamlFile(text, ScriptFileSchema, problems);
  if (file?.value !== undefined) checkNames(file, file.value, policy, people, problems);
  if (file?.value === undefined || problems.hasErrors) return { ok: false, problems: problems.found };
  return { ok: true, script: scriptOf(file.value), problems: problems.found };
}

/** Anyone who is not named in the script does not pick up, and a workflow ends well: a name that is misspelt would change the story in silence. */
function checkNames(
  file: YamlFile<ScriptFile>,
  { calls = {}, runs = {} }: ScriptFile,
  policy: Policy,
  people: People,
  problems: Problems,
): void {
  const contacts = Object.values(policy.steps)
    .flatMap(({ call }) => call)
    .flatMap((call) => whomItMayCall(call, people));
  const numbers = new Set(contacts.flatMap(({ phones }) => phones.map(({ phoneNumber }) => phoneNumber)));
  const names = new Set(contacts.map(({ displayName }) => displayName));
  for (const name of Object.keys(calls).filter((name) => !numbers.has(name) && !names.has(name))) {
    const who = /^[+0-9][0-9 -]+$/.test(name) ? 'this number' : `"${shortened(name)}"`;
    const message = `the policy never calls ${who}${suggestion(name, names, 'people it calls')}`;
    problems.error('nobody', file.keyAt(['calls', name]), message);
  }
  const actions = Object.values(policy.steps).flatMap(({ keys }) => Object.values(keys));
  const workflows = new Set(actions.flatMap((action) => (action.kind === 'run' ? [action.workflow] : [])));
  for (const name of Object.keys(runs).filter((name) => !workflows.has(name))) {
    const instead = suggestion(name, workflows, 'workflows that its keys start');
    const message = `no key of the policy starts the workflow "${shortened(name)}"${instead}`;
    problems.error('no-workflow', file.keyAt(['runs', name]), message);
  }
}

function whomItMayCall({ callflow, callflowId, callees }: StepCall, people: People) {
  if (callees === undefined) return callflow?.contacts ?? [{ displayName: callflowId ?? '', phones: [] }];
  const persons = callees.contacts.flatMap((callee) =>
    typeof callee === 'string'
      ? (callees.local[callee] ?? people.get(callee) ?? [])
      : // Anybody may be on duty.
        [...Object.values(callees.local), ...people.values()],
  );
  return persons.map(({ name, phones }) => ({
    displayName: name,
    phones: phones.map((phoneNumber) => ({ phoneNumber })),
  }));
}

function scriptOf({ incident = {}, calls, operator, outages, restarts, runs, horizon }: ScriptFile): Script {
  const { summary = 'simulated incident', severity = 'error', until = 'resolved', parameters = {} } = incident;
  return {
    opening: { alert: { summary, severity }, until },
    parameters,
    calls: inTurn(calls, behaviourOf),
    operator: (operator ?? []).map(updateOf),
    outages: (outages ?? []).map(({ from, to, reason = 'the space is out of reach' }) => ({
      from: momentMs(from),
      to: momentMs(to),
      reason,
    })),
    restarts: (restarts ?? []).map(momentMs),
    runs: inTurn(runs, runBehaviourOf),
    horizon: momentMs(horizon ?? '7d'),
  };
}

function inTurn<T>(
  written: Readonly<Record<string, unknown>> = {},
  read: (written: unknown) => T | undefined,
): Readonly<Record<string, readonly T[]>> {
  const things = Object.entries(written).map(([name, words]): [string, readonly T[]] => [
    name,
    [words].flat().flatMap((word) => read(word) ?? []),
  ]);
  return Object.fromEntries(things);
}

function updateOf({ at: written, do: kind, by, note, takeOver, to, from, for: time, ...alert }: ActOfFile): Update {
  const at = momentMs(written);
  switch (kind) {
    case 'acknowledge':
      return { kind, at, by, note, takeOver };
    case 'resolve':
      return { kind, at, by, note };
    case 'escalate':
      return { kind, at, by, to, from };
    case 'snooze':
      return { kind, at, by, for: time };
    case 'hangUp':
      return { kind, at, by };
    case 'alert':
      return { kind, at, alert: { summary: alert.summary ?? '', severity: alert.severity ?? 'error' } };
    default:
      return kind satisfies never;
  }
}
