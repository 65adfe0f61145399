import type { CancelRun, StartRun } from '../policy/decision.js';
import type { RunEvent } from '../policy/incident-event.js';
import type { Agenda } from './agenda.js';
import type { RunBehaviour } from './behaviour.js';
import type { Script } from './script.js';

/** Whom the script does not name ends well at once. */
const ENDS: RunBehaviour = { kind: 'ends', afterMs: 1_000 };

/** The workflows that keys start, played by the script. */
export class SimulatedWorkflows {
  readonly #starts = new Map<string, number>();
  readonly #live = new Set<number>();

  constructor(
    private readonly script: Script['runs'],
    private readonly agenda: Agenda,
    private readonly report: (event: RunEvent) => void,
  ) {}

  start({ run, action }: StartRun, now: number): void {
    this.#live.add(run);
    const behaviour = this.#next(action.workflow);
    if (behaviour.kind === 'hangs') return;
    const at = now + behaviour.afterMs;
    this.#endAt(
      behaviour.kind === 'ends'
        ? { kind: 'runEnded', at, run }
        : { kind: 'runFailed', at, run, message: 'as the script says' },
    );
  }

  cancel({ run }: CancelRun, now: number): void {
    this.#endAt({ kind: 'runCancelled', at: now, run });
  }

  #next(workflow: string): RunBehaviour {
    const behaviours = Object.hasOwn(this.script, workflow) ? this.script[workflow] : undefined;
    const start = this.#starts.get(workflow) ?? 0;
    this.#starts.set(workflow, start + 1);
    return behaviours?.[Math.min(start, behaviours.length - 1)] ?? ENDS;
  }

  #endAt(event: RunEvent): void {
    this.agenda.schedule(event.at, () => {
      if (this.#live.delete(event.run)) this.report(event);
    });
  }
}
