import type { KeyAction, Policy, AutomationAction, AutomationOutcome, Step } from '../contract/policy-schema.js';

/** Why a step follows another. */
export type Via =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'runEnded'; readonly key: string }
  | { readonly kind: 'runFailed'; readonly key: string }
  | { readonly kind: 'otherwise' };

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly via: Via;
}

/** All ways from step to step. `acknowledged.otherwise` is not among them: it leads on from any. */
export function edgesOf(policy: Policy): readonly Edge[] {
  return Object.entries(policy.steps).flatMap(([from, step]) =>
    exitsOf(step).flatMap(({ via, outcome }) => (outcome.kind === 'escalate' ? [{ from, to: outcome.step, via }] : [])),
  );
}

export interface Exit {
  readonly via: Via;
  readonly outcome: AutomationOutcome | Exclude<KeyAction, AutomationAction>;
}

/** Everything that can end or continue after a call of this step, in the order of the keys. */
export function exitsOf(step: Step): readonly Exit[] {
  const exits: Exit[] = [];
  for (const [key, action] of Object.entries(step.keys)) {
    if (action.kind === 'run') {
      exits.push({ via: { kind: 'runEnded', key }, outcome: action.then });
      exits.push({ via: { kind: 'runFailed', key }, outcome: action.onFailure });
    } else {
      exits.push({ via: { kind: 'key', key }, outcome: action });
    }
  }
  return [...exits, { via: { kind: 'otherwise' }, outcome: step.otherwise }];
}

/** Steps that an incident can come to, from its start and from an acknowledge that nobody resolved. */
export function reachableSteps(policy: Policy): ReadonlySet<string> {
  const reached = new Set<string>();
  const ahead = [policy.start, policy.acknowledged.otherwise.step];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const step = policy.steps[name];
    if (step === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const { outcome } of exitsOf(step)) if (outcome.kind === 'escalate') ahead.push(outcome.step);
  }
  return reached;
}

/** What follows when nobody presses a key that decides. */
export interface UnansweredPath {
  readonly steps: readonly string[];
  readonly end:
    | { readonly kind: 'exhausted' }
    /** The last step is repeated for ever. */
    | { readonly kind: 'unlimited' }
    /** Continues with this step, which it has been through before. */
    | { readonly kind: 'again'; readonly step: string };
}

export function unansweredPath(policy: Policy, from: string): UnansweredPath {
  const passed = new Set<string>();
  let name = from;
  while (!passed.has(name)) {
    passed.add(name);
    const step = policy.steps[name];
    if (step?.attempts === 'unlimited') return { steps: [...passed], end: { kind: 'unlimited' } };
    if (step?.otherwise.kind !== 'escalate') return { steps: [...passed], end: { kind: 'exhausted' } };
    name = step.otherwise.step;
  }
  return { steps: [...passed], end: { kind: 'again', step: name } };
}
