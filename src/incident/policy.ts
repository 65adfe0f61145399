import { describeErrors } from '../contract/describe-errors.js';
import type { AutomationOutcome, Escalate, KeyAction, Policy, Step, StepCall } from '../contract/policy-schema.js';
import { validatePolicy } from '../contract/validators.generated.js';
import { cutAltogether, secondsToSpeak, SPOKEN_SECONDS, spokenText } from './spoken.js';
import type { Owner } from './state.js';

export type PolicyChecked =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly errors: readonly string[] };

/** Checks a policy in its normal form, no matter who made it, so that the decision never meets a name that it does not have. */
export function checkPolicy(value: unknown): PolicyChecked {
  if (!isPolicy(value)) return { ok: false, errors: describeErrors(validatePolicy.errors ?? []).map(inPolicy) };
  const errors = [
    ...unknownStep(value, value.start, 'start'),
    ...unknownStep(value, value.acknowledged.otherwise.step, 'acknowledged.otherwise.step'),
    ...Object.entries(value.steps).flatMap(([name, step]) => stepErrors(value, `steps.${name}`, step)),
  ].map(inPolicy);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, policy: value };
}

function isPolicy(value: unknown): value is Policy {
  return validatePolicy(value);
}

const inPolicy = (error: string): string => `policy.${error}`.replace('policy.input:', 'policy:');

function stepErrors(policy: Policy, path: string, step: Step): readonly string[] {
  const targets: readonly (readonly [string, Escalate | { readonly kind: string }])[] = [
    [`${path}.otherwise`, step.otherwise],
    ...Object.entries(step.keys).flatMap(([key, action]) => targetsOf(`${path}.keys.${key}`, action)),
  ];
  return [
    ...targets.flatMap(([where, target]) =>
      'step' in target ? unknownStep(policy, target.step, `${where}.step`) : [],
    ),
    ...step.call.flatMap((call, index) => callErrors(`${path}.call.${index}`, call)),
  ];
}

function targetsOf(path: string, action: KeyAction): readonly (readonly [string, KeyAction | AutomationOutcome])[] {
  if (action.kind !== 'run') return [[path, action]];
  return [
    [`${path}.then`, action.then],
    [`${path}.onFailure`, action.onFailure],
  ];
}

function unknownStep(policy: Policy, step: string, path: string): readonly string[] {
  const steps = Object.keys(policy.steps).join(', ');
  return hasStep(policy, step)
    ? []
    : [`${path}: there is no step "${step}"; there are ${steps === '' ? 'none' : steps}`];
}

function callErrors(path: string, call: Step['call'][number]): readonly string[] {
  const { callflowId, callflow, callees, guidanceId, guidance } = call;
  const errors: string[] = [];
  if ([callflowId, callflow, callees].filter((whom) => whom !== undefined).length !== 1)
    errors.push(`${path}: exactly one of callflowId and callflow must be given`);
  if ((guidanceId === undefined) === (guidance === undefined))
    errors.push(`${path}: exactly one of guidanceId and guidance must be given`);
  const ends = Object.values(guidance?.reactions ?? {}).some(({ behavior }) => behavior === 'terminate');
  if (guidance !== undefined && !ends)
    errors.push(`${path}.guidance.reactions: at least one key must have the behavior "terminate"`);
  return errors;
}

/**
 * A step by its name.
 *
 * @throws RangeError for a name that the policy does not have; a checked policy names none.
 */
export function stepOf(policy: Policy, name: string): Step {
  const step = findStep(policy, name);
  if (step === undefined) throw new RangeError(`The policy "${policy.name}" has no step "${name}"`);
  return step;
}

export function findStep(policy: Policy, name: string): Step | undefined {
  return hasStep(policy, name) ? policy.steps[name] : stepOfOne(policy, name);
}

/** `primary@tanaka`: one telephone of the step `primary`, once; then the policy begins at its start. Null: it is not known. */
export function ownersStep(policy: Policy, owner: Owner): string | null {
  const handle = Object.entries(policy.contacts).find(([one, { name }]) => owner.by === one || owner.by === name)?.[0];
  const steps = [...(owner.step === null ? [] : owner.step.split('@', 1)), ...Object.keys(policy.steps)];
  return steps.map((step) => `${step}@${handle}`).find((name) => stepOfOne(policy, name) !== undefined) ?? null;
}

function stepOfOne(policy: Policy, name: string): Step | undefined {
  const [base = '', handle = ''] = name.split('@');
  const contact = policy.contacts[handle]?.name;
  const step = hasStep(policy, base) ? policy.steps[base] : undefined;
  for (const call of step?.call ?? []) {
    const one = contact === undefined ? null : withOne(call, handle, contact);
    if (step === undefined || one === null) continue;
    const { every, keys } = step;
    const otherwise = { kind: 'escalate', step: policy.start } as const;
    return { call: [one], attempts: 1, every, keys, otherwise };
  }
  return undefined;
}

/** The call with this contact alone; null where it cannot reach them. */
function withOne(call: StepCall, handle: string, name: string): StepCall | null {
  const { callflow, callees } = call;
  const one = callflow?.contacts.find(({ displayName }) => displayName === name);
  if (one !== undefined) return { ...call, callflow: { loopLimit: 1, contacts: [one] } };
  // Anybody can be on duty.
  const reaches = callees?.contacts.some((callee) => typeof callee !== 'string' || callee === handle) ?? false;
  if (callees === undefined || !reaches) return null;
  return { ...call, callees: { ...callees, loopLimit: 1, contacts: [handle] } };
}

/** Whether the policy itself has it. */
export function hasStep(policy: Policy, name: string): boolean {
  return Object.hasOwn(policy.steps, name);
}

type Parameters = NonNullable<StepCall['parameters']>;

/**
 * What fills {{name}} in the guidance of a call: the incident's parameters, as a voice can say them and no longer than people
 * listen before they hear the keys; and the step's own, which win.
 */
export function callParameters(call: StepCall, incident: Parameters): Parameters {
  return { ...incident, ...Object.fromEntries(spokenOf(call, incident)), ...call.parameters };
}

/** The parameters of the incident of which a call leaves out what would take too long. */
export function cutForSpeech(call: StepCall, incident: Parameters): readonly string[] {
  return spokenOf(call, incident)
    .filter(([name, text]) => text !== spokenText(String(incident[name])))
    .map(([name]) => name);
}

/** Whether a text that speaks of all of them once leaves something out. */
export function saysTooMuch(incident: Parameters): boolean {
  const texts = Object.values(incident).map((value) => spokenText(String(value)));
  return secondsToSpeak(texts.join('')) > SPOKEN_SECONDS;
}

/** Those of the incident that are spoken. Of a guidance stored in Pigeon nobody knows which those are: all, once each. */
function spokenOf(call: StepCall, incident: Parameters): readonly (readonly [string, string])[] {
  const texts = textsOf(call);
  const brought = Object.entries(incident)
    .filter(([name]) => !Object.hasOwn(call.parameters ?? {}, name))
    .map(([name, value]) => ({ name, text: spokenText(String(value)), used: texts.map(timesIn(name)) }))
    .filter(({ used }) => used.some((times) => times > 0));
  const kept = new Map(brought.map(({ name, text }) => [name, text]));
  // What follows a key is a text of its own.
  for (const index of texts.keys()) {
    const here = brought.filter(({ used }) => (used[index] ?? 0) > 0);
    const cut = cutAltogether(
      here.map(({ name, used }) => ({ text: kept.get(name) ?? '', times: used[index] ?? 1 })),
      SPOKEN_SECONDS,
    );
    for (const [at, { name }] of here.entries()) kept.set(name, cut[at] ?? '');
  }
  return [...kept];
}

/** Null: a text that nobody knows. */
function textsOf({ guidance }: StepCall): readonly (string | null)[] {
  if (guidance === undefined) return [null];
  return [
    guidance.messageTemplate,
    ...Object.values(guidance.reactions).flatMap(({ messageTemplate }) => messageTemplate ?? []),
  ];
}

/** How often a text names a parameter. */
const timesIn =
  (name: string) =>
  (text: string | null): number =>
    text === null ? 1 : [...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].filter(([, named]) => named === name).length;
