import type { Person } from './person.js';
import { BUSY_MS } from './timing.js';

/** The telephone in front of a person, while it rings and during the call. */
export interface Telephone {
  /** Does something later, unless the call has ended by then. */
  later(delayMs: number, action: () => void): void;
  pickUp(): void;
  press(key: string): void;
  hangUp(): void;
  /** The network says that this telephone cannot ring. */
  fail(): void;
}

/** Called at the first ring. */
export function atRing(person: Person, telephone: Telephone): void {
  switch (person.kind) {
    case 'answers':
    case 'answeringMachine':
    case 'hangsUp':
      telephone.later(person.afterMs, () => telephone.pickUp());
      return;
    case 'busy':
      telephone.later(BUSY_MS, () => telephone.fail());
      return;
    case 'neverPicksUp':
    case 'manual':
      return;
    default:
      person satisfies never;
  }
}

/** Called at the pick-up, whoever did it. */
export function atPickUp(person: Person, telephone: Telephone): void {
  switch (person.kind) {
    case 'answers':
      for (const { key, afterMs } of person.keys) telephone.later(afterMs, () => telephone.press(key));
      return;
    case 'answeringMachine':
      telephone.later(person.recordsMs, () => telephone.hangUp());
      return;
    case 'hangsUp':
      telephone.later(person.listensMs, () => telephone.hangUp());
      return;
    case 'busy':
    case 'neverPicksUp':
    case 'manual':
      return;
    default:
      person satisfies never;
  }
}
