import { deferred } from './deferred.js';
import type { Endpoint } from './endpoint.js';
import type { Fault, Moment } from './fault.js';

/** Holds one request at a moment of its handling, until it is released. */
export interface Gate {
  /** Resolves when a request stands at the gate. */
  readonly reached: Promise<void>;
  release(): void;
}

/** A fault that waits for its requests. */
export interface InjectedFault {
  remove(): void;
}

/** Shuts and opens the listening socket of the server. */
export interface Listener {
  shut(): Promise<void>;
  open(): Promise<void>;
}

interface Pending {
  readonly endpoint: Endpoint;
  readonly fault: Fault;
  remaining: number;
}

interface Waiting {
  readonly endpoint: Endpoint;
  readonly moment: Moment;
  readonly pass: () => Promise<void>;
}

/** Faults on demand. Those of one endpoint befall its requests in the order in which they were injected. */
export class Faults {
  readonly #listener: Listener;
  readonly #pending: Pending[] = [];
  readonly #gates: Waiting[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Lets a fault befall the next requests of an endpoint: `times` of them (default 1), or all until it is removed. */
  inject(endpoint: Endpoint, fault: Fault, options: { readonly times?: number | 'always' } = {}): InjectedFault {
    const times = options.times ?? 1;
    const pending: Pending = { endpoint, fault, remaining: times === 'always' ? Number.POSITIVE_INFINITY : times };
    this.#pending.push(pending);
    return { remove: () => void (pending.remaining = 0) };
  }

  /** Holds the next request of an endpoint that no other gate holds. */
  hold(endpoint: Endpoint, moment: Moment): Gate {
    const reached = deferred<void>();
    const released = deferred<void>();
    const pass = async (): Promise<void> => {
      reached.resolve();
      await released.promise;
    };
    this.#gates.push({ endpoint, moment, pass });
    return { reached: reached.promise, release: () => released.resolve() };
  }

  /** Stops listening: connections are refused. Requests that are being handled still get their answers. */
  async refuse(): Promise<void> {
    await this.#listener.shut();
  }

  /** Listens again, on the same port. */
  async restore(): Promise<void> {
    await this.#listener.open();
  }

  /** Removes every fault that has not befallen a request yet. */
  clear(): void {
    this.#pending.length = 0;
  }

  /** For the server: the fault of a request that has just come. */
  take(endpoint: Endpoint): Fault | undefined {
    const found = this.#pending.find((pending) => pending.endpoint === endpoint && pending.remaining > 0);
    if (found === undefined) return undefined;
    found.remaining -= 1;
    return found.fault;
  }

  /** For the server: lets a request through the gate that was set for it, if there is one. */
  async pass(endpoint: Endpoint, moment: Moment): Promise<void> {
    const index = this.#gates.findIndex((gate) => gate.endpoint === endpoint && gate.moment === moment);
    const [gate] = index < 0 ? [] : this.#gates.splice(index, 1);
    await gate?.pass();
  }
}
