import { ApplicationFailure, CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import { type CheckedCallInput, checkStepCall } from '../../contract/check-input.js';
import { retryIntervalMs } from '../../contract/rejected-calls.js';
import type { TelephoneCall } from '../../contract/pigeon-call-schema.js';
import type { Directory, StepCall } from '../../contract/policy-schema.js';
import { wantedCallees } from '../../incident/callees.js';
import type { CallEnded, CallEvent } from '../../incident/events.js';
import { maxCallsOfRun } from '../../incident/level.js';
import { inOneLine } from '../../incident/markdown.js';
import { callParameters } from '../../incident/policy.js';
import type { Alert } from '../../incident/state.js';
import { clock } from '../../words/clock.js';
import { en, type Words, words } from '../../words/words.js';
import { Call, type CallProgress, WAITING } from '../call/call.js';
import { type IncidentOfCall, leaveLostRuns } from '../call/look-for-run.js';
import { pressedKeyOf, resultOf } from '../call/result.js';
import { count } from '../metrics.js';
import { callUntilOver } from '../pigeon-call.js';

/** What the workflow in which they ring does for its telephones. */
export interface TelephonesHost {
  readonly happened: (event: CallEvent) => void;
  /** Something to be shown has changed. */
  readonly changed: () => void;
  /** Counts the POSTs of the whole workflow. */
  readonly posts: { posts: number };
  readonly alert: () => Alert;
  /** To which its calls belong. */
  readonly incident: () => IncidentOfCall;
  /** Whether somebody else is called when a call cannot be placed for long. */
  readonly givesWay: () => boolean;
  /** People and shifts that travel with the policy. */
  readonly directory: () => Directory | undefined;
  /** Whom the level has called. */
  readonly called: () => readonly string[];
}

/** What continue-as-new carries of a call. */
export interface CarriedCall {
  readonly id: number;
  readonly input: CheckedCallInput;
  readonly progress: CallProgress;
}

/** The calls of one workflow that ring, or may ring: each is the job flow of `pigeonCall`, alongside the others. */
export class Telephones {
  readonly #live = new Map<number, { readonly call: Call; readonly scope: CancellationScope }>();

  constructor(private readonly host: TelephonesHost) {}

  /** Begins a call; its end, and what keeps it from ringing, are reported. Returns at once. */
  place(id: number, stepCall: StepCall): void {
    const { parameters = {} } = this.host.alert();
    const checked = checkStepCall({
      ...stepCall,
      parameters: callParameters(stepCall, parameters),
      onUnknownOutcome: 'callAgain',
    });
    if (checked.ok) this.take({ id, input: checked.input, progress: Call.begin(checked.input, Date.now()) });
    else void this.#report(id, Promise.resolve(refused(checked.errors.join('; '))));
  }

  /** Takes over a call that an earlier run of this workflow placed. */
  take({ id, input, progress }: CarriedCall): void {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const call = new Call(input, workflowId, (progress.workflowRun ??= firstExecutionRunId), progress, {
      changed: () => this.#changed(id),
      posts: this.host.posts,
      severity: () => this.host.alert().severity,
      id,
      givesWay: this.host.givesWay,
      hangsUpStuckRuns: true,
      wantedCallees: () => this.#wantedCallees(input),
      calleesFound: (_, callout) => this.host.happened({ kind: 'calleesFound', at: Date.now(), call: id, ...callout }),
    });
    const scope = new CancellationScope();
    this.#live.set(id, { call, scope });
    if (progress.state === 'blocked') this.#blockedCalls.add(id);
    // Also where it was blocked in between.
    if (progress.rejectedSince !== undefined) this.#waitingCalls.add(id);
    void this.#report(id, endOf(call, scope, this.host.incident()));
  }

  #wantedCallees({ callees }: CheckedCallInput) {
    if (callees === undefined) return undefined;
    const directory = this.host.directory() ?? { people: {}, schedules: {} };
    return wantedCallees(callees, directory, this.host.called(), Date.now());
  }

  hangUp(ids: readonly number[]): void {
    for (const id of ids) this.#live.get(id)?.scope.cancel();
  }

  /** Looks at the results now, not at the next poll. */
  lookNow(): void {
    for (const { call } of this.#live.values()) call.lookNow = true;
  }

  /** What is called for may have become more urgent. */
  alertChanged(): void {
    const { severity } = this.host.alert();
    for (const { call } of this.#live.values()) call.hasten(retryIntervalMs(severity, 1));
  }

  /** A new run of the workflow can take up each call: it waits, begins its wait again there, and is not being hung up. */
  get canBeCarried(): boolean {
    return [...this.#live.values()].every(
      ({ call, scope }) => call.isWaiting && !scope.consideredCancelled && Date.now() < call.progress.deadlineAt,
    );
  }

  get carried(): readonly CarriedCall[] {
    return [...this.#live].map(([id, { call }]) => ({ id, input: call.input, progress: call.progress }));
  }

  /** Whether Pigeon has been asked to call at least once. */
  get asked(): boolean {
    return this.host.posts.posts > 0;
  }

  /** Each call that may ring, in words. */
  get words(): readonly string[] {
    return this.#ringing.map((call) => inOneLine(describeCall(call)) + words().general.reference(call.reference));
  }

  /**
   * Changes when there is something to report: a call that waits for a place has another reference at each try. In one language,
   * since what is reported is in the history, and may be replayed by a worker of another.
   */
  get news(): string {
    return this.#ringing
      .map((call) => inOneLine(newsOf(call)) + (waitsForPlace(call) ? '' : en.general.reference(call.reference)))
      .join();
  }

  get #ringing(): readonly Call[] {
    return [...this.#live.values()].map(({ call }) => call).filter((call) => call.isActive);
  }

  async #report(id: number, end: Promise<End>): Promise<void> {
    const ended = await end;
    this.#live.delete(id);
    count('callsEnded', ended.outcome);
    this.host.happened({ kind: 'callEnded', at: Date.now(), call: id, ...ended });
  }

  #changed(id: number): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    const { state, message } = live.call.progress;
    if (state === 'blocked') this.#blocked(id, live.call);
    else this.#unblocked(id);
    if (waitsForPlace(live.call)) this.#waits(id, message);
    else if (state === 'calling' || state === 'looking') this.#taken(id);
    this.host.changed();
  }

  /** Once an episode: the words may change from try to try. */
  readonly #blockedCalls = new Set<number>();

  #blocked(id: number, { progress: { message: reason, blockedBy: by = null, run, unconfirmed } }: Call): void {
    if (this.#blockedCalls.has(id)) return;
    this.#blockedCalls.add(id);
    const nothingRings = run === null && unconfirmed === null;
    this.host.happened({ kind: 'callBlocked', at: Date.now(), call: id, reason, by, nothingRings });
  }

  /** Also once: while the queue is full it may be blocked in between. */
  readonly #waitingCalls = new Set<number>();

  #waits(id: number, reason: string): void {
    if (this.#waitingCalls.has(id)) return;
    this.#waitingCalls.add(id);
    this.host.happened({ kind: 'callWaiting', at: Date.now(), call: id, reason });
  }

  #taken(id: number): void {
    if (this.#waitingCalls.delete(id)) this.host.happened({ kind: 'callTaken', at: Date.now(), call: id });
  }

  #unblocked(id: number): void {
    if (this.#blockedCalls.delete(id)) this.host.happened({ kind: 'callUnblocked', at: Date.now(), call: id });
  }
}

type End = Omit<CallEnded, 'kind' | 'at' | 'call'>;

async function endOf(call: Call, scope: CancellationScope, incident: IncidentOfCall): Promise<End> {
  try {
    const ending = await scope.run(() => callUntilOver(call));
    if (ending === 'nobody') return { ...NOT_CALLED, outcome: 'nobody', ...recordOf(call) };
    await leaveLostRuns(call, incident);
    const { outcome, keyInput, answeredBy, calls } = resultOf(call, ending);
    // Why nobody pressed a key is what is asked first.
    const message = [outcome === 'unanswered' ? describeCalls(calls) : '', notesOf(call)].filter(Boolean).join('. ');
    const neverCalled = outcome === 'timedOut' && call.isStuck && calls.length === 0;
    const hadNoRoom = (outcome === 'rejected' && waitsForPlace(call)) || neverCalled;
    return { outcome, keyInput, contact: answeredBy, ...(hadNoRoom && { hadNoRoom }), ...recordOf(call, message) };
  } catch (error) {
    if (isCancellation(error)) {
      await leaveLostRuns(call, incident);
      // One note says no more than that it was hung up.
      const message = call.progress.notes.length > 1 ? notesOf(call) : '';
      return { outcome: 'hungUp', keyInput: null, contact: null, ...pressedKeyOf(call), ...recordOf(call, message) };
    }
    if (error instanceof ApplicationFailure) return { ...refused(error.message), ...recordOf(call, error.message) };
    throw error;
  }
}

const NOT_CALLED = { keyInput: null, contact: null, calls: 0 } as const;
const refused = (message: string): End => ({ ...NOT_CALLED, outcome: 'refused', message });

/** `message`: what was not plain. */
function recordOf(call: Call, message = notesOf(call)) {
  const { view, run } = call.progress;
  const { wantedCallees: callees } = call;
  return {
    // A run whose result was never read may have rung everybody.
    calls:
      view?.calls.length ??
      (run === null ? 0 : maxCallsOfRun(callees === undefined ? call.input : { callees }, callees?.directory)),
    reference: call.reference,
    resultId: run?.resultId ?? null,
    ...(call.unfound.length > 0 && { unfound: call.unfound.length }),
    ...(message !== '' && { message: message.slice(-MAX_MESSAGE_LENGTH) }),
  };
}

const notesOf = ({ progress: { notes } }: Call): string => notes.join(' ');

/** The timeline travels with each continuation. */
const MAX_MESSAGE_LENGTH = 1_000;

/** Not so where a version before this rule rejected it: what follows in that run is as it was. */
const waitsForPlace = ({ progress: { state, rejectedSince } }: Call): boolean =>
  state === 'waiting' && rejectedSince !== undefined;

/** A live call in one sentence. A contact is named only when Pigeon has begun to call them. Pure. */
const describeCall = (call: Call): string => {
  const said = words();
  return inWords(call, call.progress.message, said.incident.waitsForLine, said);
};

/** Changes when there is something to report. That a run got its line is none: what follows is that somebody is called. */
const newsOf = (call: Call): string => inWords(call, call.messageOfAll, en.incident.nobodyRings, en);

function inWords(call: Call, message: string, waitsForLine: string, { incident }: Words): string {
  const { state, view } = call.progress;
  const last = view?.calls.at(-1);
  if (state === 'hangingUp' && call.isPlainlyHangingUp) {
    return last === undefined ? incident.hangingUpCall : incident.hangingUpWhom(last.contact);
  }
  if (state !== 'calling' || view === null || !view.isActive) return message;
  if (last === undefined) return view.status === WAITING ? waitsForLine : incident.nobodyRings;
  if (last.finishedAt !== null) return incident.nextContact(whoDid(last, incident), last.loop);
  const since = Date.parse(last.startedAt ?? '');
  return incident.beingCalled(last.contact, Number.isNaN(since) ? null : clock(since), last.loop);
}

/** What came of each telephone call of a run: `田中 did not pick up (2×); 山田 picked up, but pressed no key`. */
function describeCalls(calls: readonly TelephoneCall[]): string {
  const { incident } = words();
  const counts = new Map<string, number>();
  for (const call of calls) {
    const text = whoDid(call, incident);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, times]) => (times === 1 ? text : incident.times(text, times))).join('; ');
}

function whoDid({ contact, status, keyInput }: TelephoneCall, incident: Words['incident']): string {
  const { did } = incident;
  if (keyInput !== null) return incident.whoDid(contact, incident.didPress(keyInput));
  const what = Object.hasOwn(did, status) ? incident.did[status as keyof typeof did] : incident.didOther(status);
  return incident.whoDid(contact, what);
}
