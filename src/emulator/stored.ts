import type { WireContact, WireGuidance } from '../pigeon/wire.js';

/** A contact as the web UI of Pigeon keeps it. */
export interface StoredContact extends WireContact {
  readonly contactId: string;
}

/** An ordered list of contacts: ids of stored ones, or contacts of its own. */
export interface StoredCallflow {
  readonly callflowId: string;
  readonly name: string;
  readonly loopLimit: number;
  readonly contacts: readonly (string | WireContact)[];
}

export interface StoredGuidance extends WireGuidance {
  readonly guidanceId: string;
  readonly name: string;
}

export interface StoredItems {
  readonly contacts?: readonly StoredContact[];
  readonly callflows?: readonly StoredCallflow[];
  readonly guidances?: readonly StoredGuidance[];
}

/** What the users of the space have stored. A run keeps what it started with: later changes do not touch it. */
export class Stored {
  readonly #contacts = new Map<string, StoredContact>();
  readonly #callflows = new Map<string, StoredCallflow>();
  readonly #guidances = new Map<string, StoredGuidance>();

  constructor(items: StoredItems = {}) {
    for (const contact of items.contacts ?? []) this.putContact(contact);
    for (const callflow of items.callflows ?? []) this.putCallflow(callflow);
    for (const guidance of items.guidances ?? []) this.putGuidance(guidance);
  }

  putContact(contact: StoredContact): void {
    this.#contacts.set(contact.contactId, contact);
  }

  putCallflow(callflow: StoredCallflow): void {
    this.#callflows.set(callflow.callflowId, callflow);
  }

  putGuidance(guidance: StoredGuidance): void {
    this.#guidances.set(guidance.guidanceId, guidance);
  }

  removeContact(contactId: string): void {
    this.#contacts.delete(contactId);
  }

  removeCallflow(callflowId: string): void {
    this.#callflows.delete(callflowId);
  }

  removeGuidance(guidanceId: string): void {
    this.#guidances.delete(guidanceId);
  }

  contacts(): readonly StoredContact[] {
    return [...this.#contacts.values()];
  }

  callflows(): readonly StoredCallflow[] {
    return [...this.#callflows.values()];
  }

  guidances(): readonly StoredGuidance[] {
    return [...this.#guidances.values()];
  }

  callflow(callflowId: string): StoredCallflow | undefined {
    return this.#callflows.get(callflowId);
  }

  guidance(guidanceId: string): StoredGuidance | undefined {
    return this.#guidances.get(guidanceId);
  }

  /** The contacts of a call flow in its order; those that were removed since are gone from it. */
  contactsOf(callflow: StoredCallflow): readonly WireContact[] {
    return callflow.contacts.flatMap((contact) => {
      if (typeof contact !== 'string') return [contact];
      const stored = this.#contacts.get(contact);
      return stored === undefined ? [] : [{ displayName: stored.displayName, phones: stored.phones }];
    });
  }
}
