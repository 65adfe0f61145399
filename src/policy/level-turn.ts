import { durationMs } from '../contract/duration.js';
import type { Level, LevelEnding, Timer } from './level-state.js';
import type { Policy } from './policy.js';
import type { Happening, TimelineEntry } from './timeline.js';

/** One decision about a level in the making: the level as it stands by now, and what was told on the way. */
export class LevelTurn {
  #level: Level;

  constructor(
    readonly policy: Policy,
    level: Level,
    readonly at: number,
    readonly told: TimelineEntry[],
  ) {
    this.#level = level;
  }

  get level(): Level {
    return this.#level;
  }

  change(part: Partial<Level>): void {
    this.#level = { ...this.#level, ...part };
  }

  tell(happening: Happening): void {
    this.told.push({ at: this.at, ...happening });
  }

  newId(): number {
    const serial = this.level.serial + 1;
    this.change({ serial });
    return serial;
  }

  /** A timer until this moment, or for this duration of the policy. */
  timer(until: number | string): Timer {
    return { id: this.newId(), at: typeof until === 'number' ? until : this.at + durationMs(until) };
  }

  /** Nothing new begins any more and nothing may ring. Does nothing when it is over, or ending, already. */
  end(ending: LevelEnding): void {
    if (this.level.status.kind !== 'running') return;
    this.change({ status: { kind: 'ending', ...ending }, waiting: null });
    this.hangUp();
  }

  /** Every call that may still ring. */
  hangUp(): void {
    const ringing = this.level.live.filter(({ hangingUp }) => !hangingUp).map(({ id }) => id);
    if (ringing.length === 0) return;
    this.change({ live: this.level.live.map((call) => ({ ...call, hangingUp: true })) });
    this.tell({ kind: 'hangingUp', calls: ringing });
  }
}
