import { describeErrors } from '../contract/describe-errors.js';
import { validatePolicy } from '../contract/validators.generated.js';
import type { Escalate, KeyAction, Policy, RunOutcome, Step } from './policy.js';
import { hasStep } from './step-of.js';

export type PolicyChecked =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly errors: readonly string[] };

/** Checks a policy in its normal form, whoever made it, so that the decision never meets a name that it does not have. */
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

function targetsOf(path: string, action: KeyAction): readonly (readonly [string, KeyAction | RunOutcome])[] {
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
  const { callflowId, callflow, guidanceId, guidance } = call;
  const errors: string[] = [];
  if ((callflowId === undefined) === (callflow === undefined))
    errors.push(`${path}: exactly one of callflowId and callflow must be given`);
  if ((guidanceId === undefined) === (guidance === undefined))
    errors.push(`${path}: exactly one of guidanceId and guidance must be given`);
  const ends = Object.values(guidance?.reactions ?? {}).some(({ behavior }) => behavior === 'terminate');
  if (guidance !== undefined && !ends)
    errors.push(`${path}.guidance.reactions: at least one key must have the behavior "terminate"`);
  return errors;
}
