import type { CallStatus, RunStatus } from '../pigeon/wire.js';
import type { Call, CallPhase } from './call.js';
import type { PlacedCall } from './change.js';
import type { Utterance } from './conversation.js';
import type { Run } from './run.js';

/** A telephone call as one sees and hears it at the telephone. */
export interface CallView extends PlacedCall {
  readonly status: CallStatus;
  readonly phase: CallPhase;
  /** The key that ends this call, from the moment it is pressed. */
  readonly keyInput: string | undefined;
  /** What has been read out so far, the present sentence last; times in milliseconds of the space. */
  readonly transcript: readonly Utterance[];
  /** Keys that have a reaction, with its behaviour. */
  readonly keys: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
}

export interface RunView {
  readonly resultId: string;
  readonly status: RunStatus;
  readonly keyInput: string | undefined;
  readonly receivedContactName: string | undefined;
  readonly requestedAt: number;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  readonly calls: readonly CallView[];
}

/** A telephone that the space knows of: from a stored contact, from a script, or because it was called. */
export interface TelephoneView {
  readonly phoneNumber: string;
  /** Display names under which this number was stored or called. */
  readonly names: readonly string[];
  /** Calls to it that have not ended, oldest first. */
  readonly calls: readonly CallView[];
}

export function viewCall(call: Call, run: Run): CallView {
  const { reactions } = run.order.guidance;
  return {
    ...call.placed,
    status: call.status,
    phase: call.phase,
    keyInput: call.choice?.key,
    transcript: [...call.transcript],
    keys: Object.fromEntries(Object.entries(reactions).map(([key, reaction]) => [key, reaction.behavior])),
    createdAt: call.createdAt,
    finishedAt: call.finishedAt,
  };
}

export function viewRun(run: Run): RunView {
  const { resultId, status, keyInput, receivedContactName, requestedAt, startedAt, finishedAt } = run;
  const calls = run.calls.map((call) => viewCall(call, run));
  return { resultId, status, keyInput, receivedContactName, requestedAt, startedAt, finishedAt, calls };
}

/** Telephones in the order in which they became known. */
export function viewTelephones(
  known: readonly { readonly phoneNumber: string; readonly name?: string }[],
  calls: readonly CallView[],
): readonly TelephoneView[] {
  const names = new Map<string, Set<string>>();
  const heard = [...known, ...calls.map((call) => ({ phoneNumber: call.phoneNumber, name: call.contact }))];
  for (const { phoneNumber, name } of heard) {
    const those = names.get(phoneNumber) ?? new Set();
    if (name !== undefined) those.add(name);
    names.set(phoneNumber, those);
  }
  return [...names].map(([phoneNumber, those]) => ({
    phoneNumber,
    names: [...those],
    calls: calls.filter((call) => call.phoneNumber === phoneNumber && call.phase !== 'ended'),
  }));
}
