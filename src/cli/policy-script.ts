import { describeProblem } from '../yaml-file/describe-problems.js';
import { suggestion } from '../yaml-file/did-you-mean.js';
import { Problems, type Place } from '../yaml-file/problem.js';
import { plainValue, shortened, type Located } from '../yaml-file/located.js';
import { parseYaml } from '../yaml-file/parse-yaml.js';
import type { Policy, StepCall } from '../contract/policy-schema.js';
import type { People } from '../people/read-people.js';
import { ScriptError, parseScript, type Script } from '../simulate/script.js';
import { readSource } from './file-problems.js';

export type ScriptReading =
  | { readonly ok: true; readonly script: Script }
  /** For people: where, and what is wrong. */
  | { readonly ok: false; readonly described: readonly string[] };

/** Reads the script of a simulation, and whether everybody in it is somebody whom the policy calls. */
export function readScriptFile(file: string, policy: Policy, people: People = new Map()): ScriptReading {
  const read = readSource(file);
  if (!read.ok) return read;
  const { source } = read;
  const problems = new Problems();
  const located = parseYaml(source, problems);
  const script = located && readScript(located, policy, people, problems);
  return script === undefined || problems.hasErrors
    ? { ok: false, described: problems.found.map((problem) => describeProblem(problem, file, source)) }
    : { ok: true, script };
}

function readScript(located: Located, policy: Policy, people: People, problems: Problems): Script | undefined {
  checkNames(located, policy, people, problems);
  try {
    return parseScript(plainValue(withoutNotes(located)));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    problems.error('script', placeOf(located, error.path), `\`${pathOf(error.path)}\` ${error.problem}`);
    return undefined;
  }
}

/** `x-…` is free, as in policies. */
function withoutNotes(located: Located): Located {
  if (located.kind !== 'map') return located;
  return { ...located, entries: located.entries.filter(({ key }) => !key.startsWith('x-')) };
}

/** Anyone who is not named in the script does not pick up: a name that is misspelt would change the story in silence. */
function checkNames(located: Located, policy: Policy, people: People, problems: Problems): void {
  checkWorkflows(located, policy, problems);
  const calls = childOf(located, 'calls');
  if (calls?.kind !== 'map') return;
  const contacts = Object.values(policy.steps)
    .flatMap(({ call }) => call)
    .flatMap((call) => whomItMayCall(call, people));
  const numbers = new Set(contacts.flatMap(({ phones }) => phones.map(({ phoneNumber }) => phoneNumber)));
  const names = new Set(contacts.map(({ displayName }) => displayName));
  for (const { key, keyPlace } of calls.entries) {
    if (numbers.has(key) || names.has(key)) continue;
    const who = /^[+0-9][0-9 -]+$/.test(key) ? 'this number' : `"${key}"`;
    problems.error('nobody', keyPlace, `the policy never calls ${who}${suggestion(key, names, 'people it calls')}`);
  }
}

function whomItMayCall({ callflow, callflowId, callees }: StepCall, people: People) {
  if (callees === undefined) return callflow?.contacts ?? [{ displayName: callflowId ?? '', phones: [] }];
  const persons = callees.contacts.flatMap((callee) =>
    typeof callee === 'string' ? (callees.local[callee] ?? people.get(callee) ?? []) : [...people.values()],
  );
  return persons.map(({ name, phones }) => ({
    displayName: name,
    phones: phones.map((phoneNumber) => ({ phoneNumber })),
  }));
}

/** As with people: the workflow that is not named ends well. */
function checkWorkflows(located: Located, policy: Policy, problems: Problems): void {
  const runs = childOf(located, 'runs');
  if (runs?.kind !== 'map') return;
  const actions = Object.values(policy.steps).flatMap(({ keys }) => Object.values(keys));
  const workflows = new Set(actions.flatMap((action) => (action.kind === 'run' ? [action.workflow] : [])));
  for (const { key, keyPlace } of runs.entries) {
    if (workflows.has(key)) continue;
    const instead = suggestion(key, workflows, 'workflows that its keys start');
    problems.error('no-workflow', keyPlace, `no key of the policy starts the workflow "${shortened(key)}"${instead}`);
  }
}

function placeOf(located: Located, path: readonly (string | number)[]): Place {
  let place = located.place;
  let current: Located | undefined = located;
  for (const part of path) {
    current = current && childOf(current, part);
    if (current === undefined) break;
    place = current.place;
  }
  return place;
}

function childOf(located: Located, part: string | number): Located | undefined {
  if (located.kind === 'map') return located.entries.find(({ key }) => key === String(part))?.value;
  return located.kind === 'list' && typeof part === 'number' ? located.items[part] : undefined;
}

function pathOf(path: readonly (string | number)[]): string {
  return path.length === 0 ? 'the script' : path.join('.');
}
