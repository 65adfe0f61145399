import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { StartAutomation } from '../../incident/actions.js';
import type { AutomationEvent } from '../../incident/events.js';
import type { Alert } from '../../incident/state.js';
import { words } from '../../words/words.js';
import { childId, run8 } from './child-id.js';

export interface AutomationsHost {
  readonly happened: (event: AutomationEvent) => void;
  readonly alert: () => Alert;
}

/** What a workflow that a key starts is given. */
export interface AutomationInput {
  readonly incident: {
    readonly id: string;
    readonly summary: string;
    readonly severity: Alert['severity'];
    readonly parameters: Readonly<Record<string, string>>;
  };
  readonly keyInput: string;
  /** Display name of the person who pressed it. */
  readonly contact: string;
  /** What the policy says. */
  readonly input: unknown;
}

/** The workflows of other teams that keys have started. */
export class Automations {
  readonly #live = new Map<number, { readonly id: string; readonly scope: CancellationScope }>();

  constructor(private readonly host: AutomationsHost) {}

  start(action: StartAutomation): void {
    const id = childId(workflowInfo().workflowId, `${run8()}/${action.run}-run-${action.keyInput}`);
    const scope = new CancellationScope();
    this.#live.set(action.run, { id, scope });
    void this.#follow(action, id, scope);
  }

  /** Its end is waited for, but not for ever: where no worker serves its queue it would never come. */
  cancel(run: number): void {
    const live = this.#live.get(run);
    if (live === undefined) return;
    live.scope.cancel();
    void this.#giveUp(run, live.id);
  }

  async #giveUp(run: number, id: string): Promise<void> {
    await sleep(CANCEL_TIMEOUT_MS, { summary: words().incident.summaryOfCancelledRun });
    const message = words().timeline.runLeft(CANCEL_TIMEOUT_MS / 1000, id);
    this.#ended({ kind: 'automationFailed', at: Date.now(), run, message });
  }

  async #follow(
    { run, action, keyInput, contact }: StartAutomation,
    workflowId: string,
    scope: CancellationScope,
  ): Promise<void> {
    const { summary, severity, parameters = {} } = this.host.alert();
    const incident = { id: workflowInfo().workflowId, summary, severity, parameters };
    const input: AutomationInput = { incident, keyInput, contact, input: action.input ?? null };
    try {
      await scope.run(async () => {
        const child = await startChild(action.workflow, {
          workflowId,
          taskQueue: action.taskQueue,
          args: [input],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: words().incident.summaryOfRun(keyInput, action.workflow).slice(0, 60),
        });
        await child.result();
      });
      this.#ended({ kind: 'automationEnded', at: Date.now(), run });
    } catch (error) {
      const at = Date.now();
      if (isCancellation(error)) this.#ended({ kind: 'automationCancelled', at, run });
      else this.#ended({ kind: 'automationFailed', at, run, message: reasonOf(error) });
    }
  }

  /** Once, whichever comes first. */
  #ended(event: AutomationEvent): void {
    if (this.#live.delete(event.run)) this.host.happened(event);
  }
}

const CANCEL_TIMEOUT_MS = 60_000;

/** A child's failure says only that it failed; its cause says why. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause;
  const text = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  return text.slice(0, 500);
}
