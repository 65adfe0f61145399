import { type Words, words } from '../words/words.js';
import { describeCallout } from './callees.js';
import type { LevelEnding, Owner } from './state.js';
import type { AutomationResult, TimelineEntry } from './timeline.js';

/** One entry of the timeline in the words of people, without its own time, which anyone who shows it puts before it. */
export const describeEntry = (entry: TimelineEntry): string => describeEntryIn(words(), entry);

/** In one language, where all workers must find the same. */
export function describeEntryIn(said: Words, entry: TimelineEntry): string {
  const { timeline } = said;
  const until = (time: number): number => time - entry.at;
  const owner = (one: Owner): string => describeOwner(one, said);
  const note = (given: string | null): string => (given === null ? '' : timeline.note(given));
  switch (entry.kind) {
    case 'opened':
      return timeline.opened(entry.alert.severity, entry.alert.summary, entry.policy);
    case 'alertChanged':
      return timeline.alertChanged(entry.to.summary, entry.from.severity, entry.to.severity);
    case 'policyUnreadable':
      return timeline.policyUnreadable(entry.policy, entry.reason);
    case 'policyRead':
      return timeline.policyRead(entry.policy);
    case 'policyGivenUp':
      return timeline.policyGivenUp(entry.policy);
    case 'levelBegan':
      return entry.later === true
        ? timeline.levelBeganLater(entry.level, entry.step)
        : timeline.levelBegan(entry.level, entry.step);
    case 'levelEnded':
      return timeline.levelEnded(entry.level, entry.step, entry.calls, describeEnding(entry, said));
    case 'callsPlaced':
      return timeline.callsPlaced(entry.attempt, limitOf(entry.attempts), entry.step, entry.calls.length);
    case 'callEnded':
      return timeline.callEnded(entry.step, entry.calls, describeCallEnd(entry, said));
    case 'callBlocked':
      return timeline.callBlocked(entry.step, entry.reason);
    case 'callUnblocked':
      return timeline.callUnblocked(entry.step);
    case 'callWaiting':
      return timeline.callWaiting(entry.step, entry.reason);
    case 'callTaken':
      return timeline.callTaken(entry.step);
    case 'calleesFound':
      return describeCallout(entry, said);
    case 'levelLost':
      return timeline.levelLost(entry.step, entry.message);
    case 'levelCancelled':
      return timeline.levelCancelled(entry.step);
    case 'hangingUp':
      return timeline.hangingUp(entry.calls.length);
    case 'keyLate':
      return timeline.keyLate(entry.contact, entry.keyInput, entry.step);
    case 'alsoAcknowledged':
      return timeline.alsoAcknowledged(entry.contact, entry.keyInput, entry.step);
    case 'waiting':
      return timeline.waiting(entry.step, until(entry.until), timeline.waitReasons[entry.reason]);
    case 'snoozed':
      return timeline.snoozed(entry.by, until(entry.until), entry.step);
    case 'acknowledged': {
      const noTime = entry.stays === true ? timeline.dueWhenever : timeline.dueNever;
      const due = entry.until === null ? noTime : timeline.due(until(entry.until));
      return timeline.acknowledged(owner(entry.owner), due, note(entry.note));
    }
    case 'takenOver':
      return timeline.takenOver(owner(entry.owner), entry.from.by, note(entry.note));
    case 'held':
      return timeline.held(entry.by, entry.reason, until(entry.until), entry.step);
    case 'holdEnded':
      return timeline.holdEnded(timeline.holdEnds[entry.why](entry.by ?? ''), entry.step);
    case 'snoozeEnded':
      return timeline.snoozeEnded(entry.step);
    case 'notResolvedInTime':
      return timeline.notResolvedInTime(entry.owner.by);
    case 'released':
      return timeline.released(entry.owner.by);
    case 'worseNews':
      return entry.owner === null
        ? timeline.worseWhileSnoozed(entry.severity)
        : timeline.worseWhileOwned(entry.severity, entry.owner.by);
    case 'newsNotTaken':
      return timeline.newsNotTaken(entry.owner.by);
    case 'escalated':
      return timeline.escalated(entry.by, entry.from, entry.to);
    case 'hangUpAsked':
      return timeline.hangUpAsked(entry.by);
    case 'runStarted':
      return timeline.runStarted(owner(entry.owner), entry.workflow, until(entry.until));
    case 'runEnded':
      return describeResult(entry.result, said);
    case 'resolved': {
      const { by, via } = entry;
      return via === 'key' ? timeline.resolvedByKey(by, note(entry.note)) : timeline.resolved(by, note(entry.note));
    }
    case 'exhausted':
      return entry.until === undefined ? timeline.exhausted : timeline.exhaustedAndOpen(until(entry.until));
    case 'nothingRang':
      return timeline.nothingRang(entry.reason, entry.step, until(entry.until));
    case 'neverRang':
      return timeline.neverRang(entry.at - entry.since, entry.reason);
    case 'roundEnded':
      return timeline.roundEnded(entry.round, entry.times);
    case 'begunAgain':
      return timeline.begunAgain(entry.step);
    case 'leftUnattended':
      return timeline.leftUnattended;
    case 'cancelled':
      return timeline.cancelled;
    case 'closed':
      return timeline.closed(entry.state, entry.placedCalls);
    default:
      // Of another version.
      return (entry satisfies never as { kind: string }).kind;
  }
}

/** `田中 (key 1 at "primary")`, in a sentence. */
export const describeOwner = ({ by, keyInput, step }: Owner, said: Words = words()): string =>
  said.general.owner(by, keyInput, step);

/** The same in a table. */
export const ownerInTable = ({ by, keyInput, step }: Owner): string => words().general.ownerInTable(by, keyInput, step);

export type CallEnded = Extract<TimelineEntry, { kind: 'callEnded' }>;

/** What one call came to. */
export function describeCallEnd(
  { outcome, keyInput, contact, message }: CallEnded,
  { timeline }: Words = words(),
): string {
  const key = keyInput === null ? '' : timeline.pressedToo(contact, keyInput);
  return `${timeline.callOutcomes[outcome]}${key}${message === null ? '' : timeline.because(message)}`;
}

function describeEnding({ outcome, keyInput, contact }: LevelEnding, { timeline }: Words): string {
  switch (outcome) {
    case 'answered':
      return timeline.levelAnswered(contact, keyInput);
    case 'unanswered':
      return timeline.levelUnanswered;
    case 'notPlaced':
      return timeline.levelNotPlaced;
    case 'nobody':
      return timeline.levelNobody;
    case 'stoodDown':
      return timeline.levelStoodDown;
    default:
      return outcome satisfies never;
  }
}

function describeResult(result: AutomationResult, { timeline }: Words): string {
  switch (result.kind) {
    case 'ended':
      return timeline.runEnded;
    case 'failed':
      return timeline.runFailed(result.message);
    case 'tookTooLong':
      return timeline.runTookTooLong;
    case 'cancelled':
      return timeline.runCancelled;
    default:
      return result satisfies never;
  }
}

/** Null: as often as it takes. */
export const limitOf = (attempts: number | 'unlimited'): number | null => (attempts === 'unlimited' ? null : attempts);
