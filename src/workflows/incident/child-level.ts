import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  type ChildWorkflowHandle,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  patched,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { CHECK_SIGNAL, ESCALATION } from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import type { Policy } from '../../contract/policy-schema.js';
import type { ChildLevelEvent } from '../../incident/events.js';
import { stepOf } from '../../incident/policy.js';
import type { Alert, Level } from '../../incident/state.js';
import { words } from '../../words/words.js';
import { summaryOf } from '../call/wait.js';
import type { escalation } from '../escalation.js';
import { reasonOf } from './automations.js';
import { childId, run8 } from './child-id.js';
import { peopleOfStep } from './describe-now.js';
import {
  ALERT_SIGNAL,
  type EscalationResult,
  HAND_BACK_SIGNAL,
  type HandBack,
  HANG_UP_SIGNAL,
  STAND_DOWN_SIGNAL,
} from './level-messages.js';

export interface ChildLevelHost {
  readonly happened: (event: ChildLevelEvent) => void;
  /** The level is not over, but its child is. */
  readonly handedBack: (result: EscalationResult) => void;
  readonly alert: () => Alert;
  /** Those that may follow this one; null: none. */
  readonly furtherRounds: () => NonNullable<Policy['rounds']> | null;
}

type Child = Promise<ChildWorkflowHandle<typeof escalation>>;

const WITH_ITS_CALLS: HandBack = { ringing: true };

/** The level that runs in a child: levels follow one another, so there is at most one. */
export class ChildLevel {
  #child: Child | null = null;
  /** The same, until its end has come. */
  #living: Child | null = null;
  #isWantedBack = false;
  /** Signals that did not reach it, and are sent again. */
  readonly #unsent = new Set<string>();

  constructor(
    private readonly policy: Policy,
    private readonly host: ChildLevelHost,
  ) {}

  /** `posts`: of earlier children of this level. */
  start(level: Level, posts = 0): void {
    this.#isWantedBack = false;
    this.#unsent.clear();
    this.#child = this.#living = this.#begin(level, posts);
    void this.#follow(level.number, this.#child);
  }

  async #begin(level: Level, posts: number): Promise<ChildWorkflowHandle<typeof escalation>> {
    try {
      return await this.#startUnder(run8(), level, posts);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // Run ids of the same minute begin alike: the level of an incident that was terminated just now still hangs up.
      return await this.#startUnder(workflowInfo().firstExecutionRunId, level, posts);
    }
  }

  #startUnder(run: string, level: Level, posts: number): Promise<ChildWorkflowHandle<typeof escalation>> {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const { name, budget, start, directory } = this.policy;
    const step = stepOf(this.policy, level.step);
    const needsIt = step.call.some(({ callees }) => callees !== undefined);
    const { summary, severity, parameters } = this.host.alert();
    const rounds = this.host.furtherRounds();
    return startChild<typeof escalation>(ESCALATION, {
      workflowId: childId(workflowId, `${run}/${level.number}-${level.step}`),
      args: [
        {
          incident: { id: workflowId, run: firstExecutionRunId, policy: name, start },
          alert: { summary, severity, ...(parameters !== undefined && { parameters }) },
          step,
          budget,
          ...(rounds !== null && { rounds }),
          ...(needsIt && directory !== undefined && { directory }),
          level,
          posts,
        },
      ],
      // An incident that is terminated hangs up as well.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: summaryOf(
        words().incident.summaryOfLevel(level.number, level.step, peopleOfStep(this.policy, level.step)),
      ),
    });
  }

  standDown(): void {
    void this.#signal(STAND_DOWN_SIGNAL);
  }

  hangUp(): void {
    void this.#signal(HANG_UP_SIGNAL);
  }

  /** Wants the level back, with the calls that ring. A child of an earlier version gives it back when nothing rings. */
  takeBack(): void {
    if (this.#isWantedBack) return;
    this.#isWantedBack = true;
    void this.#signal(HAND_BACK_SIGNAL, () => WITH_ITS_CALLS);
  }

  /** Looks at the results now, not at the next poll. */
  lookNow(): void {
    void this.#signal(CHECK_SIGNAL);
  }

  /** What is said in its calls from now on. */
  alertChanged(): void {
    void this.#signal(ALERT_SIGNAL, () => this.host.alert());
  }

  /** `argument` is read when it is sent: what is sent again must not undo what was sent since. */
  async #signal(signal: string, argument?: () => Alert | HandBack): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    for (let refusals = 1; !this.#unsent.has(signal); refusals += 1) {
      try {
        const { workflowId } = await child;
        // Not by its own handle: the server lets that reach it from the run which started it alone, and not after a reset.
        await getExternalWorkflowHandle(workflowId).signal(signal, ...(argument === undefined ? [] : [argument()]));
        return;
      } catch {
        // It is over, and its end comes; or it was between two of its runs, and would never hear of it.
        if (this.#living !== child || !patched(Patch.TellAgain)) return;
      }
      this.#unsent.add(signal);
      await CancellationScope.nonCancellable(() => sleep(Math.min(60, 2 ** (refusals - 1)) * 1_000));
      if (this.#living !== child) return;
      this.#unsent.delete(signal);
    }
  }

  async #follow(level: number, child: Child): Promise<void> {
    try {
      const result = await (await child).result();
      this.#ended(child);
      if (result.outcome === 'handedBack') return this.host.handedBack(result);
      this.host.happened({ kind: 'levelReported', at: Date.now(), level: result.level, timeline: result.timeline });
    } catch (error) {
      this.#ended(child);
      const message = isCancellation(error) ? words().timeline.cancelledBySomebody : reasonOf(error);
      this.host.happened({ kind: 'levelLost', at: Date.now(), level, message });
    }
  }

  #ended(child: Child): void {
    if (this.#living === child) this.#living = null;
  }
}
