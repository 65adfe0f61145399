import { cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities, RunView, WantedCallees } from '../contract/activities.js';
import type { CallingPause } from '../contract/calling-pause.js';
import type { FoundShifts, ShiftSearch } from '../contract/duty-schema.js';
import type { SilenceChange } from '../contract/silence-schema.js';
import { DEFAULT_SEVERITY } from '../contract/rejected-calls.js';
import { FailureType } from '../contract/names.js';
import { schedulesOf, withDirectory } from '../people/directory.js';
import type { People } from '../people/read-people.js';
import { type DutyRoster, resolveCallees } from '../people/resolve-callees.js';
import type { PigeonClient } from '../pigeon/client.js';
import type { KnownNames } from '../policy/read-policy.js';
import {
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonNotSent,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from '../pigeon/errors.js';
import { createRunFinder } from './find-run.js';
import { QueueTurns } from './queue-turns.js';
import { policyByName } from './read-policy.js';
import type { RunResult } from '../pigeon/answers.js';
import { describePause } from '../words/describe-pause.js';
import { en, words } from '../words/words.js';

/** A POST leaves within this time after its activity was started, or not at all: the workflow continues after 15 s. */
const SEND_TIMEOUT_MS = 5_000;

/** How Pigeon may say, in its own words, that a run cannot be aborted any more. */
const IS_OVER: ReadonlySet<number> = new Set([409, 410]);

/** A poll goes into the history: 20 calls keep it near 3 KB. */
const CALLS_WHILE_ACTIVE = 20;
/** 500 calls are about 100 KB, far below Temporal's 2 MiB for one payload. */
const CALLS_AT_THE_END = 500;

export interface ActivityDependencies {
  readonly pigeon: PigeonClient;
  readonly sleepWatch: SleepWatch;
  /** Folder of the policies that incidents name. Default `policies`. */
  readonly policies?: string;
  /** Whether somebody has paused all calling; where it throws, that is not known, and nothing is sent. Default: nobody can. */
  readonly callingPause?: () => CallingPause | null | Promise<CallingPause | null>;
  /** What this worker remembers of a full queue. Default: its own. */
  readonly queueTurns?: QueueTurns;
  /** The people whom calls may name, as their file is now; null where it has never been read. Default: there is no file. */
  readonly people?: () => Promise<People | null>;
  /** Who is on duty by these schedules, as they are now. Default: there are none. */
  readonly roster?: (schedules: readonly string[]) => Promise<DutyRoster | null>;
  /** The shifts that an override is for. Default: there are no schedules. */
  readonly findShifts?: (search: ShiftSearch, known: ReadonlyMap<string, string> | null) => Promise<FoundShifts>;
  /** How often the workflow of this id was started since then and has ended. Default: never. */
  readonly countOpenings?: (id: string, since: number) => Promise<number>;
  /** Tells what a silence may hold that it ends at another time. Default: nothing is told, and holds end at the time that was known. */
  readonly tellSilence?: (change: SilenceChange) => Promise<void>;
  /** The time, in milliseconds since 1970, of the schedules, and that paces retries after a rejection. Default: of this machine. */
  readonly now?: () => number | Promise<number>;
  /** Tells an outside monitor that all is well. Default: there is none. */
  readonly heartbeat?: () => Promise<void>;
}

/** The activities of all workflows, for a worker's `activities` option. */
export function createActivities({
  pigeon,
  sleepWatch,
  policies = 'policies',
  callingPause = () => null,
  queueTurns = new QueueTurns(),
  people = () => Promise.resolve(new Map()),
  roster = () => Promise.resolve(null),
  findShifts = ({ schedule }) => Promise.resolve({ found: 'nothing', message: words().duty.noSchedule(schedule) }),
  countOpenings = () => Promise.resolve(0),
  tellSilence = () => Promise.resolve(),
  now = Date.now,
  heartbeat: tellMonitor,
}: ActivityDependencies): Activities {
  const finder = createRunFinder(pigeon);
  return {
    invoke: reporting(async ({ params, place, callees }) => {
      // Cancellation is not passed on: a POST that has left is read to its end, or nobody knows which run to hang up.
      const latestSendAt = sleepWatch.trustedNow() + SEND_TIMEOUT_MS;
      await continueUnlessPaused(callingPause);
      const sentAt = await now();
      const found = callees && resolve(callees, await people(), await roster(schedulesIn(callees)), sentAt);
      if (found?.callflow === null) return { status: 'nobody', missing: found.missing };
      const callout = found && { callout: { people: found.people, missing: found.missing } };
      const heldBackMs = place === undefined ? null : queueTurns.admit(place, sentAt);
      if (heldBackMs !== null) return { status: 'heldBack', againInMs: heldBackMs };
      const whole = found === undefined ? params : { ...params, callflow: found.callflow };
      const answer = await pigeon.invoke(whole, { latestSendAt });
      const sent = { sentAt, answeredAt: await now() };
      const by = place ?? { call: params.parameters['pigeonflowRef'] ?? '', severity: DEFAULT_SEVERITY, rejections: 0 };
      if (answer.status === 'accepted') {
        queueTurns.accepted(by.call, sent);
        return { status: 'accepted', resultId: answer.resultId, ...callout };
      }
      const { message, reason = null } = answer;
      return { status: 'rejected', message, reason, ...queueTurns.rejected(by, reason, sent), ...callout };
    }),

    getResult: reporting(async ({ resultId }) =>
      viewOf(await pigeon.result(resultId, { signal: cancellationSignal() })),
    ),

    abort: reporting(async ({ resultId }) => {
      try {
        await pigeon.abort(resultId, { signal: cancellationSignal() });
        return 'asked';
      } catch (error) {
        // How an ended run answers is not documented; either word says that nothing is left to abort.
        if (error instanceof PigeonNotFound || error instanceof PigeonRefused) return 'gone';
        if (error instanceof PigeonNotReached && IS_OVER.has(error.statusCode) && error.detail !== null) return 'gone';
        throw error;
      }
    }),

    heartbeat: async () => {
      await tellMonitor?.();
      return tellMonitor === undefined ? 'none' : 'sent';
    },

    countOpenings: ({ id, since }) => countOpenings(id, since),

    readPolicy: async ({ name }) => {
      const known = await people();
      const unusable = (why: string) =>
        log.error('a policy cannot be used: what was read before stays in use', { policy: name, why });
      const names: KnownNames = { people: known === null ? 'unknown' : [...known.keys()] };
      const read = await policyByName(policies, name, unusable, names);
      const schedules = schedulesOf(read);
      const duty = schedules.length === 0 ? null : await roster(schedules);
      const { policy, tooLarge } = withDirectory(read, known, duty, await now());
      if (tooLarge !== undefined) log.error(tooLarge, { policy: name });
      return policy;
    },

    findShifts: async (search) => {
      const names = new Map([...((await people()) ?? [])].map(([handle, { name }]) => [handle, name]));
      // Without a file of people they are in the policies, which are not asked here.
      return await findShifts(search, names.size === 0 ? null : names);
    },

    tellSilence,

    findRun: reporting((mark) => finder.find(mark, { signal: cancellationSignal(), progress: () => heartbeat() })),
  };
}

const schedulesIn = ({ contacts }: WantedCallees): readonly string[] => [
  ...new Set(contacts.flatMap((callee) => (typeof callee === 'string' ? [] : [callee.onDuty]))),
];

/** @throws ApplicationFailure `CalleesUnreadable` where that alone is why there is nobody. */
function resolve(wanted: WantedCallees, people: People | null, roster: DutyRoster | null, at: number) {
  const found = resolveCallees(wanted, people, roster, at);
  if (found.missing.length === 0) return found;
  // Logs and errors are in English.
  const { missing } = resolveCallees(wanted, people, roster, at, en.callees);
  if (found.callflow === null && found.unreadable) {
    throw ApplicationFailure.nonRetryable(
      `${missing.join('; ')}: correct the files of people and schedules of the workers`,
      FailureType.CalleesUnreadable,
    );
  }
  if (found.callflow === null) log.error('NOBODY IS CALLED by this level: there is nobody to call', { missing });
  else log.warn('somebody is missing in a call', { missing });
  return found;
}

async function continueUnlessPaused(
  callingPause: () => CallingPause | null | Promise<CallingPause | null>,
): Promise<void> {
  let pause: CallingPause | null;
  try {
    pause = await callingPause();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw ApplicationFailure.nonRetryable(
      `it cannot be read whether calling is paused (${why}): correct the worker's access to Temporal`,
      FailureType.CallingPaused,
      // Workflows of an earlier version take it for a pause, which is right: nothing was sent.
      { known: false },
    );
  }
  if (pause !== null) throw ApplicationFailure.nonRetryable(describePause(pause), FailureType.CallingPaused);
}

/** The part of a result that a history keeps. */
function viewOf(run: RunResult): RunView {
  const { isActive, status, ended, keyInput, receivedContactName } = run;
  const calls = run.calls.slice(isActive ? -CALLS_WHILE_ACTIVE : -CALLS_AT_THE_END);
  const view = { isActive, status, ended, keyInput, receivedContactName, calls };
  return isActive ? view : { ...view, callflow: run.callflow, guidance: run.guidance };
}

/** An activity whose errors of the Pigeon client reach the workflow as failures of a `FailureType`. */
export function reporting<Request, Reply>(
  activity: (request: Request) => Promise<Reply>,
): (request: Request) => Promise<Reply> {
  return async (request) => {
    try {
      return await activity(request);
    } catch (error) {
      throw failureOf(error);
    }
  };
}

function failureOf(error: unknown): unknown {
  const type = failureTypeOf(error);
  if (type === null || !(error instanceof Error)) return error;
  const retryAfterMs = error instanceof PigeonRateLimited ? error.retryAfterMs : null;
  return ApplicationFailure.create({
    type,
    message: error.message,
    // The detail is for the POST, which has one attempt and so no next one; the delay is for all others.
    details: retryAfterMs === null ? [] : [{ retryAfterMs }],
    ...(retryAfterMs !== null && { nextRetryDelay: Math.min(retryAfterMs, 60_000) }),
  });
}

function failureTypeOf(error: unknown): FailureType | null {
  const nothingDone = [PigeonNotSent, PigeonRedirected, PigeonNotReached];
  if (nothingDone.some((kind) => error instanceof kind)) return FailureType.PigeonNotSent;
  if (error instanceof PigeonUnauthorized) return FailureType.PigeonUnauthorized;
  if (error instanceof PigeonForbidden) return FailureType.PigeonForbidden;
  if (error instanceof PigeonNotFound) return FailureType.PigeonNotFound;
  if (error instanceof PigeonRateLimited) return FailureType.PigeonRateLimited;
  if (error instanceof PigeonRefused) return FailureType.PigeonRefused;
  if (error instanceof PigeonUnconfirmed) return FailureType.PigeonUnconfirmed;
  return null;
}

/** A gap of more than this between two ticks means that the process was suspended or starved. */
const GAP_MS = 5_000;
const TICK_MS = 500;

/**
 * Knows whether this process has just slept (SIGSTOP, a suspended machine, a starved container). A task that was handed
 * out before the sleep looks new after it, and Temporal's TypeScript SDK does not tell an activity when the server
 * started it; so for a moment after waking no start is trusted.
 */
export interface SleepWatch {
  /**
   * The time that an activity which begins now may take for its start: now, or, for some seconds after a sleep, the
   * time when the sleep began. Epoch milliseconds.
   */
  trustedNow(): number;
  stop(): void;
}

export function watchSleep(now: () => number = Date.now): SleepWatch {
  let lastTick = now();
  let sleptSince = Number.NEGATIVE_INFINITY;
  let wokeAt = Number.NEGATIVE_INFINITY;
  const tick = () => {
    const at = now();
    if (at - lastTick > GAP_MS) [sleptSince, wokeAt] = [lastTick, at];
    // A clock that was set back tells nothing about a sleep.
    if (at < lastTick) wokeAt = Number.NEGATIVE_INFINITY;
    lastTick = at;
  };
  const timer = setInterval(tick, TICK_MS);
  timer.unref();
  return {
    trustedNow() {
      tick(); // the activity may run before the timer that notices the gap
      return lastTick - wokeAt < GAP_MS ? sleptSince : lastTick;
    },
    stop: () => clearInterval(timer),
  };
}
