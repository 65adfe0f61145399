import type {
  Escalate,
  Exhausted,
  KeyAction,
  Policy,
  AutomationOutcome,
  Step,
  StepCall,
} from '../contract/policy-schema.js';
import type {
  ActionOfFile,
  CallOfFile,
  EscalateOfFile,
  OutcomeOfFile,
  PolicyFile,
  StepOfFile,
} from './policy-file-schema.js';
import { callsOf, keysOf, type KeyOfFile } from './parts.js';
import { diallable } from './telephone-number.js';

type Callees = NonNullable<StepCall['callees']>;

/** The policy that a file without errors means, with every default filled in. */
export function toPolicy(file: PolicyFile): Policy {
  const { name, start, parameters = [], contacts = {}, steps, acknowledged, rounds, worse = 'call', budget } = file;
  const mapped = <T, R>(of: Readonly<Record<string, T>>, map: (value: T, key: string) => R) =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value, key)]));
  return {
    version: 1,
    name,
    start,
    parameters,
    contacts: mapped(contacts, ({ name }, handle) => ({ name: name ?? handle })),
    steps: mapped(steps, (step) => toStep(step, contacts)),
    acknowledged: {
      resolveWithin: acknowledged?.resolveWithin ?? '4h',
      otherwise: { kind: 'escalate', step: acknowledged?.otherwise?.escalate ?? start },
    },
    ...(rounds !== undefined && { rounds: { times: rounds.times, every: rounds.every } }),
    worse,
    budget: { calls: budget.calls, within: budget.within },
  };
}

type Contacts = NonNullable<PolicyFile['contacts']>;

function toStep(step: StepOfFile, contacts: Contacts): Step {
  const { attempts = 1, every = '1m', otherwise = 'exhausted' } = step;
  const then: Escalate | Exhausted = typeof otherwise === 'string' ? { kind: otherwise } : toEscalate(otherwise);
  const keys = keysOf(step);
  return {
    call: callsOf(step).map((call) => toCall(call, keys, contacts)),
    attempts,
    every,
    keys: Object.fromEntries(keys.map(({ key, action }) => [key, toAction(action, then)])),
    otherwise: then,
    ...(step.after !== undefined && { after: toAfter(step.after) }),
  };
}

const toEscalate = ({ escalate: step, after }: EscalateOfFile): Escalate => ({
  kind: 'escalate',
  step,
  ...(after !== undefined && { after }),
});

/** Without a severity it is for all but the one for which nobody waits. */
function toAfter(after: NonNullable<StepOfFile['after']>): NonNullable<Step['after']> {
  return typeof after === 'string' ? { error: after, warning: after, info: after } : { ...after };
}

function toCall(call: CallOfFile, keys: readonly KeyOfFile[], contacts: Contacts): StepCall {
  const { callflowId, guidanceId, say = '', parameters = {}, waitTime } = call;
  return {
    ...(callflowId === undefined ? toCallees(call, contacts) : { callflowId }),
    ...(guidanceId === undefined
      ? { guidance: { messageTemplate: say, reactions: toReactions(keys) } }
      : { guidanceId }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(waitTime !== undefined && { waitTime }),
  };
}

/** A call flow where the policy has all contacts itself; else who they are is read when the call is placed. */
function toCallees({ contacts: called = [], loops = 1 }: CallOfFile, contacts: Contacts): StepCall {
  const persons = new Map(
    Object.entries(contacts).map(([handle, { name = handle, phone }]) => [
      handle,
      { name, phones: [diallable(phone)] },
    ]),
  );
  const own = called.flatMap((callee) => (typeof callee === 'string' ? (persons.get(callee) ?? []) : []));
  if (own.length < called.length)
    return { callees: { loopLimit: loops, contacts: called, local: localOf(called, persons) } };
  return {
    callflow: {
      loopLimit: loops,
      contacts: own.map(({ name, phones }) => ({
        displayName: name,
        phones: phones.map((phoneNumber) => ({ phoneNumber })),
      })),
    },
  };
}

function localOf(
  called: Callees['contacts'],
  persons: ReadonlyMap<string, Callees['local'][string]>,
): Callees['local'] {
  // Anybody may be on duty.
  const asksDuty = called.some((callee) => typeof callee !== 'string');
  return Object.fromEntries([...persons].filter(([handle]) => asksDuty || called.includes(handle)));
}

type Reactions = NonNullable<StepCall['guidance']>['reactions'];

function toReactions(keys: readonly KeyOfFile[]): Reactions {
  return Object.fromEntries(
    keys.map(({ key, say, action }) => [
      key,
      { behavior: behaviorOf(action), ...(say !== undefined && { messageTemplate: say }) },
    ]),
  );
}

/** Pigeon's word: everything that decides has to end the run, since only a run that has ended is read. */
function behaviorOf(action: ActionOfFile): string {
  if (action === 'next') return 'continue';
  return action === 'leave' ? 'leave' : 'terminate';
}

function toAction(action: ActionOfFile, otherwise: Escalate | Exhausted): KeyAction {
  if (typeof action === 'string') return { kind: action };
  if (!('run' in action)) return toForm(action);
  const { workflow, taskQueue, input = null, within = '15m', then = 'acknowledge', onFailure } = action.run;
  return {
    kind: 'run',
    workflow,
    taskQueue,
    input,
    within,
    then: toOutcome(then),
    onFailure: onFailure === undefined ? otherwise : toOutcome(onFailure),
  };
}

function toOutcome(outcome: OutcomeOfFile): AutomationOutcome {
  if (typeof outcome === 'string') return { kind: outcome };
  return toForm(outcome);
}

function toForm(outcome: Exclude<OutcomeOfFile, string>) {
  return 'escalate' in outcome ? toEscalate(outcome) : { kind: 'snooze' as const, for: outcome.snooze };
}
