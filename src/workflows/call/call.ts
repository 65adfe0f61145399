/** One call while it runs: what is known of it, and what each answer of Pigeon changes. */
import type { Callout, RunView, WantedCallees } from '../../contract/activities.js';
import type { CheckedCallInput } from '../../contract/check-input.js';
import { DEFAULT_SEVERITY, GIVE_WAY_TIMEOUT_MS, type Place } from '../../contract/rejected-calls.js';
import type { Severity } from '../../contract/severity.js';
import type { Blocker, CallState, PigeonCallResult } from '../../contract/pigeon-call-schema.js';
import { en, stamp, type Words, words } from '../../words/words.js';

/** A POST that was sent, or perhaps sent, and never confirmed. */
export interface UnconfirmedPost {
  readonly reference: string;
  /** When it was scheduled; epoch milliseconds. */
  readonly scheduledAt: number;
  /** Looks for its run that Pigeon answered, and that did not find it; those that `check` added do not count. */
  readonly looks: number;
  /** When the newest of them began; absent before the first, and in runs that were continued by a version before this field. */
  readonly countedAt?: number;
}

/** All that a call has come to know, as plain data: it is what continue-as-new carries. */
export interface CallProgress {
  /** Under which its POSTs are marked, also when another workflow takes it up. Absent where none of ours can. */
  workflowRun?: string;
  state: CallState;
  /** Epoch milliseconds. */
  since: number;
  message: string;
  /** Who blocks it while it is blocked; absent in runs that were continued by a version before this field. */
  blockedBy?: Blocker | null;
  readonly deadlineAt: number;
  /** POSTs so far. */
  posts: number;
  /** The n in the reference of the newest POST, where others count as well. */
  newest?: number;
  /** The POST whose fate is open; nothing else is sent until it is decided. */
  unconfirmed: UnconfirmedPost | null;
  /** References of POSTs after which we called again: their runs may still turn up. */
  readonly lost: string[];
  /** When the first of them was scheduled; absent in runs that were continued by a version before this field. */
  lostAt?: number;
  /** Pigeon refused to call again while one was lost: that one is looked for, and nothing is posted any more. */
  refusedAgain?: boolean;
  /** Runs beside ours that must be hung up, until Pigeon has taken it. */
  readonly doubles: string[];
  /** The run that Pigeon has for us, and the reference that it carries. */
  run: { readonly resultId: string; readonly reference: string } | null;
  invokedAt: number | null;
  /** What the last look saw. */
  view: RunView | null;
  /** When that was last something new, in epoch milliseconds; absent before, and in runs of a version before this field. */
  changedAt?: number;
  polls: number;
  /** Tries in a row that the space refused, or (before the patch `full-queue`) had no room for; drives the back-off. */
  refusals: number;
  readonly notes: string[];
  /** POSTs in a row that Pigeon rejected, and since when; absent where none was, or by a version before these fields. */
  rejections?: number;
  rejectedSince?: number;
  /** The n of a POST that was held back before it was sent: the next one carries it. */
  unsent?: number;
  /** Until then it waits for a place; a new run of its workflow waits on. */
  askAgainAt?: number;
}

/** What is shown of a call, in each language. */
export type Say = (said: Words) => string;

/** What the workflow to which a call belongs does for it. */
export interface CallHost {
  /** Shows a change. */
  readonly changed: (call: Call) => void;
  /**
   * Continues in a new run, since the history has grown long; carries {@link CallProgress}. Absent where the host itself
   * sees that all of its calls wait.
   */
  readonly continueAsNew?: (call: Call) => Promise<never>;
  /** Asked at each POST. Default: of the call's input. */
  readonly severity?: () => Severity;
  /** Its number among the calls of a workflow that places more than this one. */
  readonly id?: number;
  /** Whether somebody else is called when it cannot be placed for long. Default: nobody. */
  readonly givesWay?: () => boolean;
  /** Whether a run that is stuck in Pigeon is hung up, so that somebody else is called. Default: it has until its deadline. */
  readonly hangsUpStuckRuns?: boolean;
  /** Asked at each POST of a call whose callees are known only then. */
  readonly wantedCallees?: (call: Call) => WantedCallees | undefined;
  /** Whom a POST calls that Pigeon took. */
  readonly calleesFound?: (call: Call, callout: Callout) => void;
  /** Counts the POSTs of a workflow that places more calls than this one. Default: this call counts for itself. */
  readonly posts?: { posts: number };
}

/** The state of one call, without a word of Temporal: workflows carry it out, this remembers and describes it. */
export class Call {
  /** Set by the signal `check`, cleared by the look that it asked for. */
  lookNow = false;
  /** Its run has stalled, and is to be hung up. */
  isStuck = false;
  /** What is waited for and until when; null while something is under way. */
  next: string | null = null;
  /** When that wait ends, in epoch milliseconds. */
  private nextAt = 0;
  /** The end, once it is known. */
  ended: PigeonCallResult | null = null;
  /** It is being hung up, and there is no more to say of that. */
  isPlainlyHangingUp = false;
  /** The message in English: what is reported of it must not depend on the language of the worker. */
  #english: string | null = null;

  constructor(
    readonly input: CheckedCallInput,
    readonly workflowId: string,
    /** See `RunMark`. */
    readonly workflowRun: string,
    readonly progress: CallProgress,
    private readonly host: CallHost,
  ) {}

  static begin(input: CheckedCallInput, now: number): CallProgress {
    return {
      state: 'invoking',
      since: now,
      message: words().call.onItsWay,
      deadlineAt: now + input.deadlineMs,
      posts: 0,
      unconfirmed: null,
      lost: [],
      doubles: [],
      run: null,
      invokedAt: null,
      view: null,
      polls: 0,
      refusals: 0,
      notes: [],
    };
  }

  /** POSTs that may have made a run which nobody has found. */
  get unfound(): readonly string[] {
    const { lost, unconfirmed } = this.progress;
    return unconfirmed === null ? lost : [...lost, unconfirmed.reference];
  }

  /** Of the run that is followed; before there is one, of the newest POST. */
  get reference(): string {
    const { run, newest, posts } = this.progress;
    return run?.reference ?? this.referenceOf(newest ?? Math.max(posts, 1));
  }

  /** The caller's workflow id makes the n-th POST findable from Pigeon's side. */
  private referenceOf(n: number): string {
    return `${this.workflowId}#${n}`;
  }

  /** Null: nobody gave one. */
  get severity(): Severity | null {
    return this.host.severity?.() ?? this.input.severity ?? null;
  }

  get place(): Place {
    const { workflowRun, host, progress } = this;
    return {
      call: host.id === undefined ? workflowRun : `${workflowRun}/${host.id}`,
      severity: this.severity ?? DEFAULT_SEVERITY,
      rejections: progress.rejections ?? 0,
    };
  }

  /** Whom a POST is to call; undefined where that is in the input. */
  get wantedCallees(): WantedCallees | undefined {
    return this.host.wantedCallees?.(this);
  }

  get isActive(): boolean {
    return this.progress.view?.isActive ?? true;
  }

  enter(state: CallState, say: Say): void {
    this.#enter(state, say);
  }

  hangsUp(why: Say): void {
    this.#enter('hangingUp', (said) => said.call.hangingUp(why(said)), true);
  }

  #enter(state: CallState, say: Say, isPlainlyHangingUp = false): void {
    const { progress } = this;
    if (progress.state !== state) {
      const lasted = Date.now() - progress.since;
      if (progress.state === 'blocked') this.note(words().call.noLongerBlocked(lasted));
      progress.since = Date.now();
    }
    progress.state = state;
    progress.message = say(words());
    this.#english = say(en);
    this.isPlainlyHangingUp = isPlainlyHangingUp;
    this.host.changed(this);
  }

  /** The same words for every worker; after a continuation those with which it came. */
  get messageOfAll(): string {
    return this.#english ?? this.progress.message;
  }

  note(text: string): void {
    this.progress.notes.push(`${stamp(Date.now())} ${text}`);
    if (this.progress.notes.length > MAX_NOTES) this.progress.notes.shift();
    this.host.changed(this);
  }

  /** Counts one more POST and says what it carries. */
  nextPost(): { readonly reference: string; readonly scheduledAt: number } {
    if (this.progress.unsent === undefined) this.#countPost();
    delete this.progress.unsent;
    return { reference: this.referenceOf(this.#newest), scheduledAt: Date.now() };
  }

  #countPost(): void {
    this.progress.posts += 1;
    const counter = this.host.posts;
    if (counter === undefined) return;
    counter.posts += 1;
    this.progress.newest = counter.posts;
  }

  get #newest(): number {
    return this.progress.newest ?? this.progress.posts;
  }

  /** The newest POST was not sent: others go first. It counts when it is. */
  heldBack(): void {
    this.progress.unsent = this.#newest;
    if (this.progress.state === 'waiting') return;
    this.progress.blockedBy = null;
    this.enter('waiting', (said) => said.call.othersFirst);
  }

  /** Refused while another POST is lost, which may still ring: what matters is that one's fate again. */
  refusedAgain(message: string): void {
    const { progress } = this;
    this.note(words().call.refusedAgain(this.reference, message));
    const [reference, ...others] = progress.lost.splice(0);
    if (reference === undefined) return;
    progress.lost.push(...others);
    progress.unconfirmed = { reference, scheduledAt: progress.lostAt ?? Date.now(), looks: 0 };
    progress.refusedAgain = true;
  }

  /** Before the run is taken, so that it is first said who rings. */
  calls(callout: Callout): void {
    this.host.calleesFound?.(this, callout);
  }

  /** Pigeon has a run for us. */
  taken(resultId: string, reference: string): void {
    this.progress.run = { resultId, reference };
    this.progress.unconfirmed = null;
    this.progress.refusals = 0;
    this.#endRejections();
    this.progress.invokedAt ??= Date.now();
    this.enter(this.progress.state === 'hangingUp' ? 'hangingUp' : 'calling', (said) => said.call.taken);
  }

  /** What a look at the result saw. */
  saw(view: RunView): void {
    if (!isSame(view, this.progress.view)) this.progress.changedAt = Date.now();
    this.progress.view = view;
    this.progress.refusals = 0;
    if (this.progress.state !== 'hangingUp') this.enter('calling', (said) => describeRun(view, said));
    else this.host.changed(this);
  }

  waits(next: string, until: number): void {
    this.next = next;
    this.nextAt = until;
    this.host.changed(this);
  }

  continues(): void {
    this.next = null;
    this.host.changed(this);
  }

  /** Not in the instant in which the wait ends either: what follows it begins some promises later. */
  get isWaiting(): boolean {
    return this.next !== null && !this.lookNow && Date.now() < this.nextAt;
  }

  /** A host of several calls decides itself when to continue as new. */
  get ownsItsRun(): boolean {
    return this.host.continueAsNew !== undefined;
  }

  /** Long histories are left behind: the call continues in a new run of its workflow. Then this does not return. */
  async continueAsNew(): Promise<void> {
    await this.host.continueAsNew?.(this);
  }

  /** The space refuses us or has no room: noted once an episode, shown as long as it lasts. */
  held(state: 'blocked' | 'waiting', say: Say, blockedBy: Blocker | null = null): void {
    if (this.progress.state !== state) this.note(say(words()));
    this.progress.refusals += 1;
    this.progress.blockedBy = blockedBy;
    this.enter(state, say);
  }

  /** Pigeon rejected the POST. Noted once; the same words are shown as long as it lasts, however often it asks. */
  rejected(say: Say): void {
    const { progress } = this;
    progress.rejections = (progress.rejections ?? 0) + 1;
    progress.rejectedSince ??= Date.now();
    if (progress.state === 'waiting') return this.host.changed(this);
    this.note(say(words()));
    progress.blockedBy = null;
    this.enter('waiting', say);
  }

  get rejectedForMs(): number {
    const { rejectedSince } = this.progress;
    return rejectedSince === undefined ? 0 : Date.now() - rejectedSince;
  }

  get msUntilGivingWay(): number {
    return this.host.givesWay?.() === true ? GIVE_WAY_TIMEOUT_MS - this.rejectedForMs : Infinity;
  }

  /** It could not be placed for so long that somebody else is called. */
  get shouldGiveWay(): boolean {
    return this.progress.state === 'waiting' && this.msUntilGivingWay <= 0;
  }

  #endRejections(): void {
    const { rejectedSince } = this.progress;
    if (rejectedSince === undefined) return;
    this.note(words().call.takenAfter(this.rejectedForMs));
    delete this.progress.rejections;
    delete this.progress.rejectedSince;
  }

  /** It became more urgent: what waits for a place does not wait longer than that. */
  hasten(ms: number): void {
    const waits = this.progress.state === 'waiting' && this.progress.rejectedSince !== undefined && this.isWaiting;
    if (waits && this.nextAt - Date.now() > ms) this.lookNow = true;
  }

  /** Nothing has happened in its run for so long that nothing will; to be asked when Pigeon has just answered. */
  get hasStalled(): boolean {
    const { view, changedAt, invokedAt } = this.progress;
    const since = changedAt ?? invokedAt;
    if (this.host.hangsUpStuckRuns !== true || since === null) return false;
    return (
      this.isActive &&
      Date.now() - since >= (view === null || view.calls.length === 0 ? QUEUED_TIMEOUT_MS : CALLED_TIMEOUT_MS)
    );
  }
}

/** Pigeon's queue holds thirty runs: six minutes for each. */
const QUEUED_TIMEOUT_MS = 3 * 3_600_000;
/** Pigeon ends a telephone call that is held open after ten minutes. */
const CALLED_TIMEOUT_MS = 30 * 60_000;

const isSame = (view: RunView, before: RunView | null): boolean => JSON.stringify(view) === JSON.stringify(before);

/** The newest; notes travel with each continuation. */
const MAX_NOTES = 100;

export const timeOf = (epochMs: number): string => new Date(epochMs).toISOString();

/** Pigeon's probable word for a run that has no line yet (開始待ち); another word says nothing of lines. */
export const WAITING = 'waiting';

function describeRun({ status, isActive, calls }: RunView, { call }: Words): string {
  const last = calls.at(-1);
  if (!isActive) return call.runEnded(status);
  if (last === undefined) return status === WAITING ? call.waitsForLine(status) : call.nobodyYet(status);
  return last.finishedAt === null
    ? call.beingCalled(last.contact, last.status, last.loop)
    : call.nextContact(last.contact, last.status);
}
