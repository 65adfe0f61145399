import type { Agenda } from './agenda.js';
import type { ChangeTold } from './change.js';
import type { Person } from './person.js';
import type { Switches } from './switches.js';

/** What runs and calls need of the space around them. */
export interface Exchange {
  readonly agenda: Agenda;
  readonly switches: Switches;
  newId(): string;
  /** Who is at the telephone that this call rings. */
  personAt(call: PlacedAt): Person;
  publish(change: ChangeTold): void;
}

export interface PlacedAt {
  readonly callId: string;
  readonly resultId: string;
  readonly contact: string;
  readonly phoneNumber: string;
}
