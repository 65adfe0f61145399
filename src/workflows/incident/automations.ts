import {
  CancellationScope,
  isCancellation,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { StartRun } from '../../policy/decision.js';
import type { Alert } from '../../policy/alert.js';
import type { RunEvent } from '../../policy/incident-event.js';
import { childId, run8 } from './child-id.js';

export interface AutomationsOwner {
  readonly happened: (event: RunEvent) => void;
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
  /** Display name of whoever pressed it. */
  readonly contact: string;
  /** What the policy says. */
  readonly input: unknown;
}

/** The workflows of other teams that keys have started. */
export class Automations {
  readonly #scopes = new Map<number, CancellationScope>();

  constructor(private readonly owner: AutomationsOwner) {}

  start(action: StartRun): void {
    const scope = new CancellationScope();
    this.#scopes.set(action.run, scope);
    void this.#follow(action, scope);
  }

  /** Its end is waited for, but not for ever: where no worker serves its queue it would never come. */
  cancel(run: number): void {
    this.#scopes.get(run)?.cancel();
    void this.#giveUp(run);
  }

  async #giveUp(run: number): Promise<void> {
    await sleep(ENDS_WITHIN_MS, { summary: 'for the cancelled workflow to end' });
    this.#ended(run, `it was cancelled and did not end within ${ENDS_WITHIN_MS / 1000} s; it is left to itself`);
  }

  async #follow({ run, action, keyInput, contact }: StartRun, scope: CancellationScope): Promise<void> {
    const { workflowId } = workflowInfo();
    const { summary, severity, parameters = {} } = this.owner.alert();
    const incident = { id: workflowId, summary, severity, parameters };
    const input: AutomationInput = { incident, keyInput, contact, input: action.input ?? null };
    try {
      await scope.run(async () => {
        const child = await startChild(action.workflow, {
          workflowId: childId(`${workflowId}/${run8()}`, `${run}-run-${keyInput}`),
          taskQueue: action.taskQueue,
          args: [input],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: `Key ${keyInput} starts ${action.workflow}`.slice(0, 60),
        });
        await child.result();
      });
      this.#ended(run, null);
    } catch (error) {
      this.#ended(run, isCancellation(error) ? 'it was cancelled' : reasonOf(error));
    }
  }

  /** Once, whichever comes first. */
  #ended(run: number, failure: string | null): void {
    if (!this.#scopes.delete(run)) return;
    const at = Date.now();
    this.owner.happened(
      failure === null ? { kind: 'runEnded', at, run } : { kind: 'runFailed', at, run, message: failure },
    );
  }
}

const ENDS_WITHIN_MS = 60_000;

/** A child's failure says only that it failed; its cause says why. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause;
  const text = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  return text.slice(0, 500);
}
