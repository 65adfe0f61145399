import type { Step, StepCall } from '../policy/policy.js';
import type { Behaviour } from './behaviour.js';
import { SILENCE } from './behaviour.js';
import type { Script } from './script.js';

/** Somebody whom a run may call; a stored call flow, whose contacts nobody knows, is one somebody. */
export interface Callee {
  readonly who: string;
  /** Null for a stored call flow. */
  readonly contact: string | null;
  /** Under which the script may name it. */
  readonly names: readonly string[];
}

/** In the order of the calls, pass after pass. */
export function whomToCall({ callflow, callflowId = '' }: StepCall): readonly Callee[] {
  if (callflow === undefined) return [{ who: `call flow ${callflowId}`, contact: null, names: [callflowId] }];
  const pass = callflow.contacts.map(({ displayName, phones }) => {
    const numbers = phones.map(({ phoneNumber }) => phoneNumber);
    return { who: displayName, contact: displayName, names: [displayName, ...numbers] };
  });
  return Array.from({ length: callflow.loopLimit }, () => pass).flat();
}

/** What the script says about each of somebody's calls in turn. */
export class Behaviours {
  readonly #calls = new Map<string, number>();

  constructor(private readonly script: Script['calls']) {}

  next({ names }: Callee): Behaviour {
    const name = names.find((name) => Object.hasOwn(this.script, name));
    const behaviours = name === undefined ? undefined : this.script[name];
    if (name === undefined || behaviours === undefined) return SILENCE;
    const call = this.#calls.get(name) ?? 0;
    this.#calls.set(name, call + 1);
    return behaviours[Math.min(call, behaviours.length - 1)] ?? SILENCE;
  }
}

/** What Pigeon does with a key. */
export type KeyEffect =
  | 'endsRun'
  | 'nextContact'
  | 'leaves'
  /** Not assigned: the guidance is read again, until the call ends without a key. */
  | 'readsAgain';

export function keyEffect({ guidance }: StepCall, { keys }: Step, key: string): KeyEffect {
  // Of a stored guidance we know only what the policy says of its keys.
  const behavior =
    guidance === undefined
      ? keys[key]?.kind
      : Object.hasOwn(guidance.reactions, key)
        ? guidance.reactions[key]?.behavior
        : null;
  switch (behavior) {
    case 'continue':
    case 'next':
      return 'nextContact';
    case 'leave':
      return 'leaves';
    case null:
      return 'readsAgain';
    default:
      return 'endsRun';
  }
}
