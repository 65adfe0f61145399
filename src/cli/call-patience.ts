import type { Blocker } from '../contract/pigeon-call-schema.js';
import { ExitCode } from './exit-code.js';
import type { Sighting } from './call-watch.js';

/** Why nothing rings, as long as nobody corrects it. */
export interface Hindrance {
  readonly kind: 'gaveUp';
  readonly exitCode: ExitCode;
  /** Nobody is there to hang up. */
  readonly unserved: boolean;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Counts how long a call has been blocked, or has waited for its first worker, without a break. A call that a worker has
 * begun and that then lost all workers is not given up: nobody could hang it up, and a worker that comes continues with it.
 */
export class Patience {
  #hindrance: Hindrance | null = null;
  #timer: NodeJS.Timeout | undefined;
  #hasRun = false;
  #end: (hindrance: Hindrance) => void = () => undefined;
  /** Resolves when the time is over. */
  readonly exhausted = new Promise<Hindrance>((resolve) => (this.#end = resolve));

  /** @param limitMs null: endless. */
  constructor(readonly limitMs: number | null) {}

  /** Whether this sighting began a hindrance: the moment to say how long it is borne. */
  saw(sighting: Sighting): boolean {
    if (sighting.kind === 'silence') return false; // neither better nor worse
    if (sighting.kind === 'status' && sighting.status.resultId !== null) this.#hasRun = true;
    const before = this.#hindrance;
    this.#hindrance = hindranceIn(sighting, this.#hasRun);
    if (this.#hindrance === null) this.close();
    if (this.#hindrance === null || before !== null || this.limitMs === null) return false;
    this.#timer = setTimeout(() => this.#giveUp(), Math.min(this.limitMs, LONGEST_TIMER_MS));
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #giveUp(): void {
    if (this.#hindrance !== null) this.#end(this.#hindrance);
  }
}

function hindranceIn(sighting: Sighting, hasRun: boolean): Hindrance | null {
  if (sighting.kind === 'unserved') {
    return hasRun ? null : { kind: 'gaveUp', exitCode: ExitCode.unreachable, unserved: true };
  }
  if (sighting.kind !== 'status' || sighting.status.state !== 'blocked') return null;
  const exitCode = EXIT_CODE_OF_BLOCKER[sighting.status.blockedBy ?? 'unreachable'];
  return { kind: 'gaveUp', exitCode, unserved: false };
}

const EXIT_CODE_OF_BLOCKER: Readonly<Record<Blocker, ExitCode>> = {
  refused: ExitCode.refused,
  unreachable: ExitCode.unreachable,
  paused: ExitCode.notAllowed,
  pauseUnknown: ExitCode.unreachable,
};
