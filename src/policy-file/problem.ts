/** From where to where in the file, in UTF-16 units, and which part of the policy that is: `steps.primary.keys.1`. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

export type Severity = 'error' | 'warning';

/** What is wrong with a policy file, where, and what to do about it. Never holds a whole telephone number. */
export interface Problem {
  readonly severity: Severity;
  /** Names the kind of problem for programs; the words of `message` may change, this does not. */
  readonly code: string;
  readonly message: string;
  readonly place: Place;
}

export interface Placed<T> {
  readonly value: T;
  readonly place: Place;
}

/** Collects what is found while a file is read: reading goes on after an error, so that one run shows them all. */
export class Problems {
  readonly #found: Problem[] = [];

  error(code: string, place: Place, message: string): void {
    this.#add({ severity: 'error', code, message, place });
  }

  warning(code: string, place: Place, message: string): void {
    this.#add({ severity: 'warning', code, message, place });
  }

  /** In the order of the file. */
  get found(): readonly Problem[] {
    return this.#found.toSorted((a, b) => a.place.start - b.place.start);
  }

  get hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'error');
  }

  // What an alias repeats is read at each use, and is wrong only once.
  #add(problem: Problem): void {
    const known = this.#found.some(
      ({ code, message, place }) =>
        code === problem.code && message === problem.message && place.start === problem.place.start,
    );
    if (!known) this.#found.push(problem);
  }
}
