import { CancellationScope, log, patched, workflowInfo } from '@temporalio/workflow';
import { utf8Length } from '../../contract/describe-errors.js';
import type { IncidentInput, IncidentResult, IncidentStatus } from '../../contract/incident-schema.js';
import { MAX_CARRIED_BYTES } from '../../contract/limits.js';
import { Patch } from '../../contract/patches.js';
import type { Policy } from '../../contract/policy-schema.js';
import type { Action, Close } from '../../incident/actions.js';
import { type CheckedIncident, checkIncidentInput } from '../../incident/check-incident.js';
import { type Answer, decide, type Decision, openIncident } from '../../incident/decide.js';
import type { IncidentEvent, Update } from '../../incident/events.js';
import { currentHold } from '../../incident/hold.js';
import { givesWay } from '../../incident/level.js';
import { stepOf } from '../../incident/policy.js';
import {
  contractState,
  holdsIn,
  type IncidentState,
  isInChild,
  ownerOf,
  timerOf,
  unattendedOf,
} from '../../incident/state.js';
import type { TimelineEntry } from '../../incident/timeline.js';
import { furtherRounds } from '../../incident/transitions.js';
import { RunRoom } from '../../incident/updates.js';
import { timeOf } from '../call/call.js';
import { historyIsLong } from '../call/wait.js';
import { count } from '../metrics.js';
import { Automations } from './automations.js';
import type { AwaitedPolicy } from './awaited-policy.js';
import { ChildLevel } from './child-level.js';
import { describeNow } from './describe-now.js';
import { countBudget, Journal, type JournalPages, measureFirstOwner } from './journal.js';
import type { EscalationResult } from './level-messages.js';
import { showIncident } from './show.js';
import { type CarriedCall, Telephones } from './telephones.js';
import { Timers } from './timers.js';

/** All that an incident has come to know, as plain data: it is what continue-as-new carries. */
export interface IncidentProgress {
  readonly policy: Policy;
  readonly state: IncidentState;
  readonly journal: JournalPages;
  /** POSTs so far, of all its calls. */
  readonly posts: number;
  readonly calls: readonly CarriedCall[];
  /** POSTs of the level that a child has handed back, and that continues in another. */
  readonly handedBackPosts: number | null;
}

/** An open incident: `decide` decides, this carries out what it says and brings it what happened. */
export class IncidentRun {
  readonly policy: Policy;
  state: IncidentState;
  readonly journal: Journal;
  /** What the child of a level last reported of its calls. */
  ringingInChild: readonly string[] = [];
  result: IncidentResult | null = null;
  /** How many updates this run has taken. */
  readonly room: RunRoom;

  /** What was begun continues until the decision ends it, also when the workflow itself is being cancelled. */
  readonly #shield = new CancellationScope({ cancellable: false });
  readonly #posts: { posts: number };
  readonly telephones: Telephones;
  readonly #childLevel: ChildLevel;
  #handedBackPosts: number | null = null;
  /** This run has decided what a worker of an earlier version would not: such a worker can only take up its next run. */
  #isOfToday = false;
  readonly #automations: Automations;
  readonly #timers = new Timers((timer) => this.happened({ kind: 'timerFired', at: Date.now(), timer }));

  /** With which the next run begins. */
  readonly input: IncidentInput;

  private constructor(
    input: IncidentInput,
    policy: Policy,
    state: IncidentState,
    journal: Journal,
    posts: number,
    room = new RunRoom(),
  ) {
    this.input = withoutLargePolicy(input, policy);
    this.policy = policy;
    this.state = state;
    this.journal = journal;
    this.room = room;
    this.#posts = { posts };
    const happened = (event: IncidentEvent) => void this.happened(event);
    this.telephones = new Telephones({
      happened,
      changed: () => showIncident(this),
      posts: this.#posts,
      alert: () => this.state.alert,
      // Further levels have telephones of their own.
      incident: () => ({ ...ofThisIncident(), level: 1, step: policy.start }),
      givesWay: () => givesWay(this.policy, this.state.level),
      directory: () => this.policy.directory,
      called: () => this.state.level.called ?? [],
    });
    this.#childLevel = new ChildLevel(policy, {
      happened,
      handedBack: (result) => this.#takeBack(result),
      alert: () => this.state.alert,
      furtherRounds: () => furtherRounds(this.policy, this.state),
    });
    this.#automations = new Automations({ happened, alert: () => this.state.alert });
  }

  /**
   * @param awaited where its policy could not be read at once: it is open, and the person who has taken it keeps it.
   * @param atOnce calls the first step without its delay.
   */
  static open(
    input: IncidentInput,
    { alert, until, holds: given }: CheckedIncident,
    policy: Policy,
    awaited: AwaitedPolicy | null = null,
    atOnce = awaited !== null,
  ): IncidentRun {
    const at = Date.now();
    const known = awaited?.state.alert ?? alert;
    const owner = awaited?.owner ?? null;
    const holds = awaited?.holds ?? given;
    const opening = { at, alert: known, until, branches: 'elsewhere', owner, atOnce } as const;
    const wanted = openIncident(policy, { ...opening, holds });
    const isHeld = holdsIn(wanted.state.phase) !== null && patched(Patch.Holds);
    // A worker of the version before has called somebody.
    const decision = holds.length === 0 || isHeld ? wanted : openIncident(policy, opening);
    const run = new IncidentRun(input, policy, decision.state, awaited?.journal ?? new Journal(), 0, awaited?.room);
    run.#isOfToday = isHeld;
    if (awaited === null) {
      count('incidentsOpened', alert.severity);
      run.#follow(decision);
    } else {
      const read: TimelineEntry = { at, kind: 'policyRead', policy: policy.name };
      count('policyReads', 'read');
      run.#follow({ ...decision, timeline: [read, ...decision.timeline.filter(({ kind }) => kind !== 'opened')] });
    }
    return run;
  }

  /** In a new run of the workflow. */
  static fromProgress(
    input: IncidentInput,
    { policy, state, journal, posts, calls, handedBackPosts }: IncidentProgress,
  ): IncidentRun {
    const run = new IncidentRun(input, policy, state, new Journal(journal), posts);
    run.#handedBackPosts = handedBackPosts;
    run.#shielded(() => {
      for (const call of calls) run.telephones.take(call);
      if (handedBackPosts !== null) return run.#restartChild();
      const timer = timerOf(state);
      if (timer !== null) run.#timers.start(timer.id, timer.at, describeNow(run).next);
    });
    showIncident(run);
    return run;
  }

  /** Everything that happens to an incident comes in here. */
  happened(event: IncidentEvent): Answer | null {
    return this.#follow(this.#decide(event));
  }

  /** What it is answered if it happens now. Changes nothing. */
  foresee(update: Update): Answer | null {
    return decide(this.policy, this.state, update).answer;
  }

  /** What was recorded by an earlier version continues by its rules. */
  #decide(event: IncidentEvent): Decision {
    const decision = decide(this.policy, this.state, event);
    if (decision.differs !== true) return decision;
    const isHeld = holdsIn(this.state.phase) !== null || holdsIn(decision.state.phase) !== null;
    if (!patched(isHeld ? Patch.Holds : Patch.Unattended)) return decide(this.policy, this.state, event, 'before');
    this.#isOfToday = true;
    return decision;
  }

  /** A level that runs in a child has come further. */
  reported(event: Extract<IncidentEvent, { kind: 'levelReported' }>, ringing: readonly string[]): void {
    this.ringingInChild = ringing;
    this.happened(event);
  }

  /** The child ended before its level was over, so that this workflow can continue as new. */
  #takeBack({ level, timeline, posts }: EscalationResult): void {
    // The child may not have heard of it any more.
    const hangsUp = this.state.level.live.some(({ hangingUp }) => hangingUp);
    this.happened({ kind: 'levelReported', at: Date.now(), level, timeline });
    this.#handedBackPosts = posts;
    // What was decided meanwhile came too late for the child.
    const { status } = this.state.level;
    if (status.kind === 'running' && !hangsUp && this.shouldContinueAsNew) return;
    this.#shielded(() => {
      this.#restartChild();
      if (status.kind === 'ending') this.#childLevel.standDown();
      else if (hangsUp) this.#childLevel.hangUp();
    });
  }

  #restartChild(): void {
    if (this.#handedBackPosts === null) return;
    this.#childLevel.start(this.state.level, this.#handedBackPosts);
    this.#handedBackPosts = null;
  }

  /** Looks at the results now, not at the next poll, wherever it rings. */
  lookNow(): void {
    const { level } = this.state;
    this.telephones.lookNow();
    if (isInChild(level) && level.status.kind !== 'over') this.#childLevel.lookNow();
  }

  /** Decided; perhaps something still rings. */
  get isOver(): boolean {
    return this.state.phase.kind === 'over' || this.isClosed;
  }

  get isClosed(): boolean {
    return this.result !== null;
  }

  /** Whether a new run can take everything up: no child lives, and each call can be carried. */
  get shouldContinueAsNew(): boolean {
    const { level, runs: automations } = this.state;
    const levelLives = isInChild(level) && level.status.kind !== 'over' && this.#handedBackPosts === null;
    const noChild = automations.length === 0 && !levelLives;
    const canBe = noChild && !this.isOver && !this.#timers.oneIsDue && this.telephones.canBeCarried;
    return canBe && (this.#isOfToday || historyIsLong()) && this.#fits;
  }

  /** The server would end what it cannot take. */
  get #fits(): boolean {
    return utf8Length(this.input) + utf8Length(this.#carriedWithin(0)) <= MAX_CARRIED_BYTES;
  }

  get progress(): IncidentProgress {
    // The newest of what happened, as much as is left beside all else.
    const rest = utf8Length(this.input) + utf8Length(this.#carriedWithin(0));
    return this.#carriedWithin(MAX_CARRIED_BYTES - rest);
  }

  #carriedWithin(journalBytes: number): IncidentProgress {
    const { policy, state, journal, telephones } = this;
    return {
      policy,
      state,
      journal: journal.pagesWithin(journalBytes),
      posts: this.#posts.posts,
      calls: telephones.carried,
      handedBackPosts: this.#handedBackPosts,
    };
  }

  get status(): IncidentStatus {
    const { state, policy } = this;
    const { message, next, ringing } = describeNow(this);
    const { number, step, attempts } = state.level;
    const steps = stepOf(policy, step);
    return {
      state: contractState(state),
      since: timeOf(state.since),
      message,
      next,
      owner: ownerOf(state),
      summary: state.alert.summary,
      severity: state.alert.severity,
      policy: policy.name,
      level: number,
      step,
      attempt: Math.min(attempts + 1, steps.attempts === 'unlimited' ? Infinity : steps.attempts),
      attempts: steps.attempts,
      ringing: [...ringing],
      nextAt: ((timer) => (timer === null ? null : timeOf(timer.at)))(timerOf(state)),
      ...heldOf(state),
      placedCalls: state.placedCalls,
      result: this.result,
    };
  }

  #follow({ state, actions, timeline, answer }: Decision): Answer | null {
    // Whatever else came in the activation in which the level was handed back needs the child again.
    if (this.#handedBackPosts !== null) this.#shielded(() => this.#restartChild());
    const { alert, level } = this.state;
    this.#reportUnattended(this.state, state);
    if (alert !== state.alert && isInChild(level)) this.#childLevel.alertChanged();
    this.state = state;
    if (alert !== state.alert) this.telephones.alertChanged();
    measureFirstOwner(this.journal, timeline, state);
    countBudget(timeline, state);
    this.journal.add(timeline);
    this.#shielded(() => actions.forEach((action) => this.#carryOut(action)));
    this.#askBackIfLong();
    showIncident(this);
    return answer;
  }

  /** Once, when it comes to it: monitoring hears of it now, not when it closes. */
  #reportUnattended(before: IncidentState, after: IncidentState): void {
    const unattended = unattendedOf(after);
    if (unattended === null || unattended === unattendedOf(before)) return;
    count('incidentsUnattended', unattended.kind);
    const { placedCalls } = after;
    const about = { policy: this.policy.name, placedCalls };
    if (unattended.kind === 'exhausted') {
      log.error('EXHAUSTED: nobody was reached; the incident stays open, and nobody is called', about);
    } else {
      log.error('NOBODY IS CALLED: a whole round of the policy has ended, and no telephone rang', {
        ...about,
        reason: unattended.reason,
      });
    }
  }

  #askBackIfLong(): void {
    const { level, runs: automations } = this.state;
    if (automations.length > 0 || this.#handedBackPosts !== null) return;
    const isRunning = isInChild(level) && level.status.kind === 'running';
    if (isRunning && historyIsLong()) this.#shielded(() => this.#childLevel.takeBack());
  }

  #shielded(begin: () => void): void {
    void this.#shield.run(() => Promise.resolve(begin()));
  }

  #carryOut(action: Action): void {
    switch (action.kind) {
      case 'placeCalls':
        for (const { id, call } of action.calls) this.telephones.place(id, call);
        return;
      case 'hangUpCalls':
        return this.telephones.hangUp(action.calls);
      case 'startLevel':
        this.ringingInChild = [];
        return this.#childLevel.start(action.level);
      case 'standDownLevel':
        return this.#childLevel.standDown();
      case 'hangUpLevel':
        return this.#childLevel.hangUp();
      case 'startTimer':
        return this.#timers.start(action.timer, action.at, describeNow(this).next);
      case 'cancelTimer':
        return this.#timers.cancel(action.timer);
      case 'startAutomation':
        return this.#automations.start(action);
      case 'cancelAutomation':
        return this.#automations.cancel(action.run);
      case 'close':
        return this.#close(action);
      default:
        return action satisfies never;
    }
  }

  #close({ state, owner, keyInput, placedCalls }: Close): void {
    const { levels, alsoAcknowledged } = this.journal.pages;
    const timeline = this.journal.timeline.entries;
    this.result = { state, owner, keyInput, placedCalls, levels, alsoAcknowledged, timeline };
    count('incidentsClosed', state);
    if (this.journal.has('neverRang')) {
      log.error('NOBODY WAS CALLED for a day: the incident closes', { policy: this.policy.name, placedCalls });
    }
    if (state !== 'exhausted') return;
    log.error('EXHAUSTED: an incident has ended and nobody was reached', {
      policy: this.policy.name,
      placedCalls,
    });
  }
}

function heldOf({ phase, alert, since }: IncidentState): Pick<IncidentStatus, 'held'> {
  const hold = currentHold(holdsIn(phase) ?? [], alert.severity, since);
  if (hold === null) return {};
  const { by, reason, until, silence } = hold;
  return { held: { by, reason, until: timeOf(until), silence } };
}

function ofThisIncident() {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return { id: workflowId, run: firstExecutionRunId };
}

/** What is carried beside it has the policy as well; twice, a large one would not fit into a payload. */
function withoutLargePolicy(input: IncidentInput, policy: Policy): IncidentInput {
  const isLarge = typeof input.policy !== 'string' && utf8Length(policy) > LARGE_BYTES;
  const named = { ...input, policy: policy.name };
  return isLarge && checkIncidentInput(named).ok ? named : input;
}
const LARGE_BYTES = 131_072;
