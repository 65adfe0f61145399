import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { utf8Length } from '../contract/describe-errors.js';
import type { AlertInput } from '../contract/incident-schema.js';
import { MAX_CARRIED_BYTES } from '../contract/limits.js';
import { CHECK_SIGNAL, FailureType, STATUS_QUERY } from '../contract/names.js';
import { Patch } from '../contract/patches.js';
import type { Policy } from '../contract/policy-schema.js';
import { validateAlertUpdate } from '../contract/validators.generated.js';
import { type LevelAction, levelActionsBetween } from '../incident/actions.js';
import { alertOf } from '../incident/check-incident.js';
import { decideLevel, givesWay, type LevelDecision, type LevelEvent } from '../incident/level.js';
import type { Alert, Level } from '../incident/state.js';
import type { TimelineEntry } from '../incident/timeline.js';
import { historyIsLong, summaryOf } from './call/wait.js';
import { describeLevel, nextOfLevel, peopleOfStep } from './incident/describe-now.js';
import {
  ALERT_SIGNAL,
  type EscalationInput,
  type EscalationResult,
  HAND_BACK_SIGNAL,
  HANG_UP_SIGNAL,
  LEVEL_SIGNAL,
  type LevelReport,
  STAND_DOWN_SIGNAL,
} from './incident/level-messages.js';
import { levelDetails } from './incident/show.js';
import { type CarriedCall, Telephones } from './incident/telephones.js';
import { Timers } from './incident/timers.js';

/**
 * One further level of an incident: calls the people of a step, attempt by attempt, by the same rules as the incident
 * itself, and reports to it what happens. Started by `incident` alone. Ends normally when it is stood down; cancelled, it hangs
 * up and closes as cancelled.
 */
export async function escalation(input: EscalationInput, carried?: LevelProgress): Promise<EscalationResult> {
  const { parent, continuedFromExecutionRunId } = workflowInfo();
  if (parent === undefined) throw notOurs();
  const run =
    continuedFromExecutionRunId !== undefined && carried ? LevelRun.fromProgress(input, carried) : begin(input);
  handleSignals(run);
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    // The last report can overtake the result: the incident then closes first, and its end asks this level to cancel.
    if (run.isOver) return;
    cancelled = true;
    run.happened({ kind: 'levelCancelled', at: Date.now() });
  });
  return CancellationScope.nonCancellable(async () => {
    do {
      await condition(() => run.allReported && (run.hasEnded || run.shouldContinueAsNew));
      // What else came in the same activation may have begun something since.
      const continues = run.allReported && !run.hasEnded && run.shouldContinueAsNew;
      if (continues) await continueAsNew<typeof escalation>(run.input, run.progress);
    } while (!run.allReported || !run.hasEnded);
    if (!cancelled) return run.result;
    await run.report();
    throw new CancelledFailure(`The level "${run.level.step}" was cancelled; its telephones were hung up`);
  });
}

function begin(input: EscalationInput): LevelRun {
  try {
    return LevelRun.begin(input);
  } catch {
    throw notOurs();
  }
}

function notOurs(): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    'An escalation is started by its incident alone: start the workflow "incident"',
    FailureType.InvalidInput,
  );
}

/** Signals of the incident to its level, and what operators ask of it. */
function handleSignals(run: LevelRun): void {
  setHandler(defineSignal(STAND_DOWN_SIGNAL), () => run.happened({ kind: 'standDown', at: Date.now() }), {
    description: 'End this level and hang up. Of its incident; people use `escalate` or `acknowledge` there.',
  });
  setHandler(defineSignal(HANG_UP_SIGNAL), () => run.happened({ kind: 'hangUpLive', at: Date.now() }), {
    description: 'Hang up and continue with the next attempt.',
  });
  setHandler(defineSignal<[Alert]>(ALERT_SIGNAL), (alert) => run.alertChanged(alert), {
    description: 'What is said in the calls from now on.',
  });
  setHandler(defineSignal<[unknown]>(HAND_BACK_SIGNAL), (wanted) => run.handBack(wanted), {
    description: 'Close: the incident continues as new, and continues with this level and its calls in another child.',
  });
  setHandler(defineSignal(CHECK_SIGNAL), () => run.telephones.lookNow(), {
    description: 'Look at the results now, not at the next poll.',
  });
  setHandler(defineQuery<unknown>(STATUS_QUERY), () => run.status, { description: 'What this level is doing.' });
}

/** What continue-as-new carries. */
export interface LevelProgress {
  readonly level: Level;
  readonly alert: Alert;
  readonly posts: number;
  readonly calls: readonly CarriedCall[];
  readonly untold: readonly TimelineEntry[];
  readonly handBack: boolean;
  /** Whether it is wanted back also while it rings. */
  readonly ringingBack?: boolean;
}

/** A level in a workflow of its own: decided by the same rules as in its incident, to which it reports what happens. */
class LevelRun {
  level: Level;
  readonly telephones: Telephones;
  readonly #policy: Policy;
  readonly #posts: { posts: number };
  readonly #timers = new Timers((timer) => this.happened({ kind: 'timerFired', at: Date.now(), timer }));
  readonly #shield = new CancellationScope({ cancellable: false });
  readonly #newest: TimelineEntry[] = [];
  #alert: Alert;
  #untold: TimelineEntry[];
  #handBack: boolean;
  #ringingBack: boolean;
  #reporting: Promise<void> | null = null;
  #reportMore = false;
  /** Who rings, as it was reported last. */
  #words = '';

  private constructor(
    readonly input: EscalationInput,
    { level, alert, posts, untold, handBack, ringingBack = false }: LevelProgress,
  ) {
    this.level = level;
    this.#alert = alert;
    this.#policy = policyOf(input);
    this.#posts = { posts };
    this.#untold = [...untold];
    this.#handBack = handBack;
    this.#ringingBack = ringingBack;
    this.telephones = new Telephones({
      happened: (event) => this.happened(event),
      changed: () => this.#wordsChanged(),
      posts: this.#posts,
      alert: () => this.#alert,
      incident: () => ({ id: input.incident.id, run: input.incident.run, level: level.number, step: level.step }),
      givesWay: () => givesWay(this.#policy, this.level),
      directory: () => input.directory,
      called: () => this.level.called ?? [],
    });
  }

  static begin(input: EscalationInput): LevelRun {
    const { alert, posts } = input;
    const { carried = [], ...level } = input.level;
    const calls = carried as readonly CarriedCall[];
    const run = new LevelRun({ ...input, level }, { level, alert, posts, calls: [], untold: [], handBack: false });
    const ringing = new Set(calls.map(({ id }) => id));
    const before = { ...level, live: level.live.filter(({ id }) => ringing.has(id)), waiting: null };
    run.#shielded(() => calls.forEach((call) => run.telephones.take(call)));
    run.#carryOut(levelActionsBetween(run.#policy, before, level));
    // Decided while it was on its way from one child to the next.
    if (calls.length > 0 && level.status.kind === 'ending') run.happened({ kind: 'hangUpLive', at: Date.now() });
    else if (calls.length > 0) run.#shielded(() => void run.report());
    run.#show();
    return run;
  }

  /** In a new run of the workflow. */
  static fromProgress(input: EscalationInput, carried: LevelProgress): LevelRun {
    const run = new LevelRun(input, carried);
    const { waiting } = carried.level;
    run.#shielded(() => {
      for (const call of carried.calls) run.telephones.take(call);
      if (waiting !== null) run.#startTimer(waiting.id, waiting.at);
    });
    run.#show();
    return run;
  }

  happened(event: LevelEvent): void {
    this.#follow(decideLevel(this.#policy, this.level, event));
  }

  alertChanged(alert: unknown): void {
    if (!validateAlertUpdate({ alert })) return;
    this.#alert = alertOf(alert as AlertInput);
    this.telephones.alertChanged();
  }

  /** The incident wants to continue as new, which it cannot while a child of it lives. */
  handBack(wanted: unknown): void {
    this.#handBack = true;
    this.#ringingBack = typeof wanted === 'object' && wanted !== null && 'ringing' in wanted;
  }

  /** The level is over, or it is wanted back and is between two attempts, or all of its calls can be carried. */
  get hasEnded(): boolean {
    const { status, waiting } = this.level;
    if (this.isOver || !this.#handBack || status.kind !== 'running') return this.isOver;
    return waiting !== null || this.#canBeHandedBackRinging;
  }

  get #canBeHandedBackRinging(): boolean {
    if (!this.#ringingBack || this.level.live.length === 0) return false;
    const { canBeCarried, carried } = this.telephones;
    // Of a call that has just ended nothing can be carried, and its end is not decided yet.
    const isWhole = this.level.live.every(({ id }) => carried.some((call) => call.id === id));
    if (!canBeCarried || !isWhole || utf8Length(carried) > MAX_HANDED_BACK_BYTES) return false;
    return patched(Patch.HandBackWhileRinging);
  }

  get isOver(): boolean {
    return this.level.status.kind === 'over';
  }

  get shouldContinueAsNew(): boolean {
    if (this.#timers.oneIsDue || !this.telephones.canBeCarried || !historyIsLong()) return false;
    return utf8Length(this.input) + utf8Length(this.progress) <= MAX_CARRIED_BYTES;
  }

  get progress(): LevelProgress {
    const { level, telephones } = this;
    return {
      level,
      alert: this.#alert,
      posts: this.#posts.posts,
      calls: telephones.carried,
      untold: this.#untold,
      handBack: this.#handBack,
      ringingBack: this.#ringingBack,
    };
  }

  get status() {
    const { number, step, attempts, calls } = this.level;
    const message = describeLevel(this.#policy, this.level);
    return { level: number, step, attempts, calls, message, ringing: this.telephones.words };
  }

  get result(): EscalationResult {
    const { level } = this;
    const { step, calls, status } = level;
    const ending = status.kind === 'running' ? HANDED_BACK : status;
    const { outcome, keyInput, contact } = ending;
    const { carried } = this.telephones;
    return {
      step,
      outcome,
      keyInput,
      contact,
      calls,
      level: carried.length === 0 ? level : { ...level, carried },
      timeline: this.#untold,
      posts: this.#posts.posts,
    };
  }

  /** Every report has arrived: the server drops those of a run that has closed. */
  get allReported(): boolean {
    return this.#reporting === null;
  }

  /** Reports to the incident what was not reported yet; one report after another, so that none overtakes. */
  async report(): Promise<void> {
    if (this.#reporting !== null) {
      this.#reportMore = true;
      return this.#reporting;
    }
    this.#reporting = this.#sendReports();
    await this.#reporting;
    this.#reporting = null;
    // Asked for when the last one was known to have arrived, and this had not continued yet.
    if (this.#reportMore && patched(Patch.ReportAgain)) await this.report();
  }

  async #sendReports(): Promise<void> {
    do {
      this.#reportMore = false;
      const { incident } = this.input;
      const timeline = this.#untold;
      this.#untold = [];
      const report: LevelReport = { run: incident.run, level: this.level, timeline, ringing: this.telephones.words };
      try {
        await getExternalWorkflowHandle(incident.id).signal(LEVEL_SIGNAL, report);
      } catch {
        // The incident was terminated, and this level is being cancelled as well; or it takes no more signals: its next
        // run does, and hears this then.
        this.#untold = [...timeline, ...this.#untold].slice(-MAX_UNTOLD);
      }
    } while (this.#reportMore);
  }

  #follow({ level, actions, timeline }: LevelDecision): void {
    const changed = level !== this.level;
    this.level = level;
    this.#untold.push(...timeline);
    this.#newest.push(...timeline);
    this.#newest.splice(0, this.#newest.length - SHOWN);
    this.#carryOut(actions);
    // Over, it says so with its result.
    if (changed && !this.isOver) this.#shielded(() => void this.report());
    this.#show();
  }

  /** Who is ringing now, as the incident shows it. */
  #wordsChanged(): void {
    this.#show();
    const words = this.telephones.news;
    // Where nobody rings any more, what follows is reported at once.
    if (words === '' || words === this.#words) return;
    this.#words = words;
    this.#shielded(() => void this.report());
  }

  #carryOut(actions: readonly LevelAction[]): void {
    this.#shielded(() => {
      for (const action of actions) {
        switch (action.kind) {
          case 'placeCalls':
            for (const { id, call } of action.calls) this.telephones.place(id, call);
            break;
          case 'hangUpCalls':
            this.telephones.hangUp(action.calls);
            break;
          case 'startTimer':
            this.#startTimer(action.timer, action.at);
            break;
          case 'cancelTimer':
            this.#timers.cancel(action.timer);
            break;
          default:
            action satisfies never;
        }
      }
    });
  }

  #startTimer(timer: number, at: number): void {
    const { words, step } = nextOfLevel(this.#policy, this.level);
    this.#timers.start(timer, at, summaryOf(`${words}${peopleOfStep(this.#policy, step)}`));
  }

  #shielded(begin: () => void): void {
    void this.#shield.run(() => Promise.resolve(begin()));
  }

  #show(): void {
    const { level, telephones, input } = this;
    const shown = { incidentId: input.incident.id, policy: this.#policy, level, ringing: telephones.words };
    setCurrentDetails(levelDetails(shown, this.#newest));
  }
}

const SHOWN = 20;
/** As many as the incident keeps. */
const MAX_UNTOLD = 500;
/** The next child and the incident carry it beside the policy. */
const MAX_HANDED_BACK_BYTES = 700_000;
const HANDED_BACK = { outcome: 'handedBack', keyInput: null, contact: null } as const;

/** As much of the policy as one level needs. */
function policyOf({ incident, step, budget, rounds, level, directory }: EscalationInput): Policy {
  return {
    version: 1,
    name: incident.policy,
    start: incident.start ?? '',
    parameters: [],
    contacts: Object.fromEntries(
      Object.entries(directory?.people ?? {}).map(([handle, { name }]) => [handle, { name }]),
    ),
    steps: { [level.step]: step },
    acknowledged: { resolveWithin: '1h', otherwise: { kind: 'escalate', step: level.step } },
    budget,
    ...(rounds !== undefined && { rounds }),
    ...(directory !== undefined && { directory }),
  };
}
