import { describeMs } from '../contract/duration.js';
import { describeCallout } from './callees.js';
import type { CallOutcome, LevelEnding, Owner } from './state.js';
import type { AutomationResult, TimelineEntry, WaitReason } from './timeline.js';

/** One entry of the timeline in plain words, without its own time, which anyone who shows it puts before it. */
export function describeEntry(entry: TimelineEntry): string {
  const until = (time: number): string => describeMs(time - entry.at);
  switch (entry.kind) {
    case 'opened':
      return `Opened (${entry.alert.severity}): ${entry.alert.summary}. Policy "${entry.policy}".`;
    case 'alertChanged':
      return `Reported again, changed: ${entry.to.summary} (${entry.from.severity} → ${entry.to.severity}).`;
    case 'policyUnreadable':
      return `BLOCKED: the policy "${entry.policy}" cannot be read, and nobody is called: ${entry.reason}`;
    case 'policyRead':
      return `The policy "${entry.policy}" can be read.`;
    case 'policyGivenUp':
      return `NOBODY WAS CALLED: the policy "${entry.policy}" could not be read for a day; it is no longer tried.`;
    case 'levelBegan':
      return `Level ${entry.level}: "${entry.step}" is called.`;
    case 'levelEnded':
      return `Level ${entry.level} ("${entry.step}") is over after ${count(entry.calls, 'telephone call')}: ${describeEnding(entry)}.`;
    case 'callsPlaced':
      return `Attempt ${entry.attempt}${entry.attempts === 'unlimited' ? '' : ` of ${entry.attempts}`} of "${entry.step}": ${count(entry.calls.length, 'call')} placed.`;
    case 'callEnded':
      return `A call of "${entry.step}" ended after ${count(entry.calls, 'telephone call')}: ${describeCallEnd(entry)}.`;
    case 'callBlocked':
      return `Blocked: a call of "${entry.step}" cannot continue: ${entry.reason}. It continues by itself and uses no attempt.`;
    case 'callUnblocked':
      return `No longer blocked: the call of "${entry.step}" continues.`;
    case 'callWaiting':
      return `WAITING: a call of "${entry.step}" has no place: ${entry.reason} It asks again and uses no attempt.`;
    case 'callTaken':
      return `The call of "${entry.step}" waits for a place no longer.`;
    case 'calleesFound':
      return describeCallout(entry);
    case 'levelLost':
      return `LOST: the level "${entry.step}" is gone: ${entry.message}. What it had placed may keep ringing; the policy continues.`;
    case 'levelCancelled':
      return `Somebody cancelled the level "${entry.step}": it is hung up, and the policy continues.`;
    case 'hangingUp':
      return `Hanging up ${count(entry.calls.length, 'call')}.`;
    case 'keyLate':
      return `${pressed(entry)} at "${entry.step}", but that level was over: it changes nothing.`;
    case 'alsoAcknowledged':
      return `${pressed(entry)} at "${entry.step}" to acknowledge, but that level was over: it changes nothing. Tell them.`;
    case 'waiting':
      return `"${entry.step}" is called in ${until(entry.until)}: ${WAITS[entry.reason]}.`;
    case 'snoozed':
      return `Snoozed by ${entry.by}: nobody is called for ${until(entry.until)}, then "${entry.step}" again.`;
    case 'acknowledged':
      return `${describeOwner(entry.owner)} owns the incident. ${describeDue(entry.until, entry.at)}${noted(entry.note)}`;
    case 'takenOver':
      return `${describeOwner(entry.owner)} takes over from ${entry.from.by}.${noted(entry.note)}`;
    case 'snoozeEnded':
      return `The snooze is over: "${entry.step}" is called again.`;
    case 'notResolvedInTime':
      return `${entry.owner.by} did not resolve the incident in time: the calls start again.`;
    case 'released':
      return `${entry.owner.by} no longer owns the incident.`;
    case 'worseNews':
      return entry.owner === null
        ? `It has got worse (${entry.severity}): the snooze ends.`
        : `It has got worse (${entry.severity}): ${entry.owner.by} owns it, and people are called again.`;
    case 'newsNotTaken':
      return `Nobody took the news: ${entry.owner.by} still owns the incident.`;
    case 'escalated':
      return `Escalated by ${entry.by} from "${entry.from}" to "${entry.to}".`;
    case 'hangUpAsked':
      return `${entry.by} asked to hang up, without owning the incident.`;
    case 'runStarted':
      return `${describeOwner(entry.owner)} starts the workflow ${entry.workflow}, and owns the incident until it has ended, at most ${until(entry.until)}.`;
    case 'runEnded':
      return `The workflow ${describeResult(entry.result)}.`;
    case 'resolved':
      return `Resolved by ${entry.by}${entry.via === 'key' ? ', by key' : ''}.${noted(entry.note)}`;
    case 'exhausted':
      return entry.until === undefined
        ? 'EXHAUSTED: the policy has ended, and nobody was reached.'
        : `EXHAUSTED: the policy has ended, and nobody was reached. The incident stays open, unattended: its next report calls again; without one it closes in ${until(entry.until)}.`;
    case 'nothingRang':
      return `BLOCKED: the policy has ended and no telephone rang (${entry.reason}). It begins again with "${entry.step}" in ${until(entry.until)}.`;
    case 'neverRang':
      return `NOBODY WAS CALLED in ${describeMs(entry.at - entry.since)}, in whatever round (${entry.reason}): it is no longer tried.`;
    case 'begunAgain':
      return `Reported again while nobody attended to it: the policy begins again with "${entry.step}".`;
    case 'leftUnattended':
      return 'Nobody has attended to it, and it was not reported again: it closes.';
    case 'cancelled':
      return 'The incident was cancelled.';
    case 'closed':
      return `Closed as ${entry.state} after ${count(entry.placedCalls, 'telephone call')}.`;
    default:
      // Of another version.
      return (entry satisfies never as { kind: string }).kind;
  }
}

/** `田中 (key 1 at "primary")`. */
export function describeOwner(owner: Owner): string {
  return owner.via === 'key' ? `${owner.by} (key ${owner.keyInput} at "${owner.step}")` : owner.by;
}

const WAITS: Readonly<Record<WaitReason, string>> = {
  nextAttempt: 'the next attempt',
  budget: 'the budget of calls is used up until then',
  nothingRang: 'every step was tried and no telephone rang',
};

const OUTCOMES: Readonly<Record<CallOutcome, string>> = {
  answered: 'answered',
  unanswered: 'nobody pressed a key that decides',
  rejected: 'the queue of Pigeon stayed full',
  aborted: 'somebody aborted it in Pigeon',
  timedOut: 'its time was over',
  unknown: 'nobody knows whether it rang',
  refused: 'Pigeon refuses what it asks for',
  hungUp: 'we hung up',
  nobody: 'NOBODY WAS CALLED',
};

export type CallEnded = Extract<TimelineEntry, { kind: 'callEnded' }>;

/** What one call came to. */
export function describeCallEnd({ outcome, keyInput, contact, message }: CallEnded): string {
  const key = keyInput === null ? '' : `, ${contact ?? 'somebody'} pressed ${keyInput}`;
  return `${OUTCOMES[outcome]}${key}${message === null ? '' : ` (${message})`}`;
}

function describeEnding({ outcome, keyInput, contact }: LevelEnding): string {
  switch (outcome) {
    case 'answered':
      return `${contact ?? 'somebody'} pressed ${keyInput}`;
    case 'unanswered':
      return 'its attempts are used up';
    case 'notPlaced':
      return 'Pigeon had no place for it, or no line; it gives way, and is called again in the next round';
    case 'nobody':
      return 'there was nobody to call';
    case 'stoodDown':
      return 'it was stopped';
    default:
      return outcome satisfies never;
  }
}

function describeResult(result: AutomationResult): string {
  switch (result.kind) {
    case 'ended':
      return 'has ended';
    case 'failed':
      return `failed: ${result.message}`;
    case 'tookTooLong':
      return 'did not end in time and is cancelled';
    case 'cancelled':
      return 'was cancelled';
    default:
      return result satisfies never;
  }
}

function describeDue(until: number | null, at: number): string {
  return until === null
    ? 'That is all this incident was opened for.'
    : `Nobody is called; not resolved within ${describeMs(until - at)}, the calls start again.`;
}

function pressed({ contact, keyInput }: { contact: string | null; keyInput: string }): string {
  return `${contact ?? 'Somebody'} pressed ${keyInput}`;
}

const noted = (note: string | null): string => (note === null ? '' : ` Note: ${note}`);
const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** `2026-11-23 01:38:17 UTC`: a time for people, of epoch milliseconds. */
export const clock = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
