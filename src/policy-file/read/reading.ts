import { Problems, type Placed } from '../problem.js';

/** What comes out of reading beside the draft: the problems, and every name that stands for something elsewhere. */
export class Reading extends Problems {
  readonly #steps: Placed<string>[] = [];
  readonly #contacts: Placed<string>[] = [];

  mentionsStep(name: Placed<string>): void {
    this.#steps.push(name);
  }

  mentionsContact(handle: Placed<string>): void {
    this.#contacts.push(handle);
  }

  get steps(): readonly Placed<string>[] {
    return this.#steps;
  }

  get contacts(): readonly Placed<string>[] {
    return this.#contacts;
  }
}
