import { durationMs } from '../contract/duration.js';
import { type IncidentState, type LevelEnding, ownerOf, type Phase, type Timer } from './incident-state.js';
import type { Policy } from './policy.js';
import type { Happening, TimelineEntry } from './timeline.js';

/** One decision in the making: the state as it stands by now, and what was told on the way. Lives only inside `decide`. */
export class Turn {
  readonly told: TimelineEntry[] = [];
  #state: IncidentState;

  constructor(
    readonly policy: Policy,
    state: IncidentState,
    readonly at: number,
  ) {
    this.#state = state;
  }

  get state(): IncidentState {
    return this.#state;
  }

  change(part: Partial<IncidentState>): void {
    this.#state = { ...this.#state, ...part };
  }

  tell(happening: Happening): void {
    this.told.push({ at: this.at, ...happening });
  }

  newId(): number {
    const serial = this.state.serial + 1;
    this.change({ serial });
    return serial;
  }

  /** A timer until this moment, or for this duration of the policy. */
  timer(until: number | string): Timer {
    return { id: this.newId(), at: typeof until === 'number' ? until : this.at + durationMs(until) };
  }

  /**
   * The only way from one phase to another. What belongs to the phase that is left ends with it: calls ring only while
   * `calling`, workflows of keys go on only while `running`, a level runs only while it calls or waits, an owner owns
   * only in the phases that name one.
   */
  enter(phase: Phase): void {
    const owner = ownerOf(this.state);
    this.change({ phase });
    if (owner !== null && ownerOf(this.state) === null) this.tell({ kind: 'released', owner });
    if (phase.kind !== 'calling' && phase.kind !== 'waiting') {
      this.endLevel({ outcome: 'stoodDown', keyInput: null, contact: null });
    }
    if (phase.kind !== 'calling') this.hangUp();
    if (phase.kind !== 'running') this.#cancelRuns();
  }

  /** Does nothing when it is over, or ending, already. */
  endLevel(ending: LevelEnding): void {
    const { level } = this.state;
    if (level.status.kind === 'running') this.change({ level: { ...level, status: { kind: 'ending', ...ending } } });
  }

  /** Every call that may still ring. */
  hangUp(): void {
    const ringing = this.state.calls.filter(({ hangingUp }) => !hangingUp).map(({ id }) => id);
    if (ringing.length === 0) return;
    this.change({ calls: this.state.calls.map((call) => ({ ...call, hangingUp: true })) });
    this.tell({ kind: 'hangingUp', calls: ringing });
  }

  #cancelRuns(): void {
    this.change({ runs: this.state.runs.map((run) => ({ ...run, cancelling: true })) });
  }
}
