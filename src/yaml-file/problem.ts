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

/** More are of no use to anybody, and a file made of mistakes would take minutes. */
const MOST_PROBLEMS = 100;

/** Collects what is found while a file is read: reading continues after an error, so that one run shows them all. */
export class Problems {
  readonly #kept = new Map<string, Problem>();
  /** The worst of those that are not kept. */
  #beyond: Severity | null = null;

  error(code: string, place: Place, message: string): void {
    this.#add({ severity: 'error', code, message, place });
  }

  warning(code: string, place: Place, message: string): void {
    this.#add({ severity: 'warning', code, message, place });
  }

  /** In the order of the file. */
  get found(): readonly Problem[] {
    const kept = [...this.#kept.values()].toSorted((a, b) => a.place.start - b.place.start);
    if (this.#beyond === null) return kept;
    const message = `there are more than ${MOST_PROBLEMS} problems; correct some, and the rest is shown`;
    const place: Place = { start: 0, end: 0, path: '' };
    return [...kept, { severity: this.#beyond, code: 'too-many-problems', message, place }];
  }

  get hasErrors(): boolean {
    return this.found.some(({ severity }) => severity === 'error');
  }

  #add(problem: Problem): void {
    const { severity, code, place } = problem;
    // A name may have a line break in it.
    const message = problem.message.replaceAll(/\p{Cc}+/gu, ' ');
    // What an alias repeats is read at each use, and is wrong only once.
    const id = JSON.stringify([place.start, code, message]);
    if (this.#kept.has(id)) return;
    if (this.#kept.size < MOST_PROBLEMS || (severity === 'error' && this.#leaveOutAWarning()))
      this.#kept.set(id, { ...problem, message });
    else if (this.#beyond !== 'error') this.#beyond = severity;
  }

  /** What keeps the file from being used comes first. */
  #leaveOutAWarning(): boolean {
    const last = [...this.#kept].findLast(([, problem]) => problem.severity === 'warning');
    if (last === undefined) return false;
    this.#beyond ??= 'warning';
    return this.#kept.delete(last[0]);
  }
}
