import type { Escalate, Exhausted, KeyAction, Policy, AutomationOutcome, Step, StepCall } from '../contract/policy.js';
import type {
  DescribedCallflow,
  Draft,
  DraftAction,
  DraftCall,
  DraftEscalate,
  DraftKey,
  DraftOutcome,
  DraftStep,
} from './draft.js';

/** The policy that a file without errors means, with every default filled in. */
export function toPolicy(draft: Draft): Policy {
  const { name, start, parameters, contacts, steps, acknowledged, worse = 'call', budget } = draft;
  return {
    version: 1,
    name: name.value,
    start: start.value,
    parameters: parameters.map(({ value }) => value),
    contacts: Object.fromEntries([...contacts].map(([handle, { name }]) => [handle, { name: name.value }])),
    steps: Object.fromEntries([...steps].map(([name, step]) => [name, toStep(step, draft)])),
    acknowledged: {
      resolveWithin: acknowledged.resolveWithin,
      otherwise:
        acknowledged.otherwise === undefined
          ? { kind: 'escalate', step: start.value }
          : toEscalate(acknowledged.otherwise),
    },
    worse,
    budget: { calls: budget.calls.value, within: budget.within.value },
  };
}

function toStep(step: DraftStep, draft: Draft): Step {
  const otherwise = step.otherwise?.value;
  const after: Escalate | Exhausted = otherwise?.kind === 'escalate' ? toEscalate(otherwise) : { kind: 'exhausted' };
  return {
    call: step.calls.map((call) => toCall(call, step.keys, draft)),
    attempts: step.attempts.value,
    every: step.every?.value ?? '1m',
    keys: Object.fromEntries(step.keys.map(({ key, action }) => [key.value, toAction(action, after)])),
    otherwise: after,
  };
}

function toCall(call: DraftCall, keys: readonly DraftKey[], draft: Draft): StepCall {
  const { callees, guidance, parameters, waitTime } = call;
  return {
    ...(callees.kind === 'stored' ? { callflowId: callees.id.value } : { callflow: toCallflow(callees, draft) }),
    ...(guidance.kind === 'stored'
      ? { guidanceId: guidance.id.value }
      : { guidance: { messageTemplate: guidance.text.value, reactions: toReactions(keys) } }),
    ...(parameters.length > 0 && {
      parameters: Object.fromEntries(parameters.map(({ name, value }) => [name.value, value])),
    }),
    ...(waitTime !== undefined && { waitTime: waitTime.value }),
  };
}

function toCallflow({ contacts, loops }: DescribedCallflow, draft: Draft): NonNullable<StepCall['callflow']> {
  return {
    loopLimit: loops?.value ?? 1,
    contacts: contacts.flatMap(({ value }) => {
      const contact = draft.contacts.get(value);
      return contact === undefined
        ? []
        : [{ displayName: contact.name.value, phones: [{ phoneNumber: contact.phone.value }] }];
    }),
  };
}

type Reactions = NonNullable<StepCall['guidance']>['reactions'];

function toReactions(keys: readonly DraftKey[]): Reactions {
  return Object.fromEntries(
    keys.map(({ key, say, action }) => [
      key.value,
      { behavior: behaviorOf(action), ...(say !== undefined && { messageTemplate: say.value }) },
    ]),
  );
}

/** Pigeon's word: everything that decides has to end the run, since only a run that has ended is read. */
function behaviorOf({ kind }: DraftAction): string {
  switch (kind) {
    case 'next':
      return 'continue';
    case 'leave':
      return 'leave';
    case 'acknowledge':
    case 'resolve':
    case 'escalate':
    case 'snooze':
    case 'run':
      return 'terminate';
    default:
      return kind satisfies never;
  }
}

function toAction(action: DraftAction, otherwise: Escalate | Exhausted): KeyAction {
  switch (action.kind) {
    case 'acknowledge':
    case 'resolve':
    case 'next':
    case 'leave':
      return { kind: action.kind };
    case 'escalate':
      return toEscalate(action);
    case 'snooze':
      return { kind: 'snooze', for: action.for };
    case 'run':
      return {
        kind: 'run',
        workflow: action.workflow,
        taskQueue: action.taskQueue,
        input: action.input,
        within: action.within ?? '15m',
        then: action.then === undefined ? { kind: 'acknowledge' } : toOutcome(action.then),
        onFailure: action.onFailure === undefined ? otherwise : toOutcome(action.onFailure),
      };
    default:
      return action satisfies never;
  }
}

function toOutcome(outcome: DraftOutcome): AutomationOutcome {
  if (outcome.kind === 'escalate') return toEscalate(outcome);
  if (outcome.kind === 'snooze') return { kind: 'snooze', for: outcome.for };
  return { kind: outcome.kind };
}

function toEscalate({ step }: DraftEscalate): Escalate {
  return { kind: 'escalate', step: step.value };
}
