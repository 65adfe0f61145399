import { deferred } from './deferred.js';
import type { Endpoint, PigeonRequest } from './endpoint.js';

/** Holds requests at a moment of their handling, until they are released. */
export interface Gate {
  /** Resolves when a request is at the gate. */
  readonly reached: Promise<void>;
  /** Lets through what stands there, where a fault may befall it, and holds nothing more. */
  release(fault?: Fault): void;
}

/** Which requests of the endpoint are meant. */
export interface Befallen {
  /** So many of them, or all until it is removed or released. Default 1. */
  readonly times?: number | 'always';
  /** Default: every request of the endpoint. */
  readonly only?: (request: PigeonRequest) => boolean;
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

interface Awaiting {
  readonly endpoint: Endpoint;
  readonly only: (request: PigeonRequest) => boolean;
  remaining: number;
}

interface Pending extends Awaiting {
  readonly fault: Fault;
}

interface Waiting extends Awaiting {
  readonly moment: Moment;
  readonly pass: () => Promise<Fault | undefined>;
}

/** Faults on demand. Those of one endpoint befall its requests in the order in which they were injected. */
export class Faults {
  readonly #listener: Listener;
  readonly #pending: Pending[] = [];
  readonly #gates: Waiting[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Lets a fault befall the next requests of an endpoint. */
  inject(endpoint: Endpoint, fault: Fault, befallen: Befallen = {}): InjectedFault {
    const pending: Pending = { ...awaiting(endpoint, befallen), fault };
    this.#pending.push(pending);
    return { remove: () => void (pending.remaining = 0) };
  }

  /** Holds the next requests of an endpoint that no other gate holds. */
  hold(endpoint: Endpoint, moment: Moment, befallen: Befallen = {}): Gate {
    const reached = deferred<void>();
    const released = deferred<Fault | undefined>();
    const pass = (): Promise<Fault | undefined> => {
      reached.resolve();
      return released.promise;
    };
    const gate: Waiting = { ...awaiting(endpoint, befallen), moment, pass };
    this.#gates.push(gate);
    return {
      reached: reached.promise,
      release(fault) {
        gate.remaining = 0;
        released.resolve(fault);
      },
    };
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
  take(endpoint: Endpoint, request: PigeonRequest): Fault | undefined {
    return next(this.#pending, endpoint, request)?.fault;
  }

  /** For the server: lets a request through the gate that was set for it, and says what befalls it there. */
  async pass(endpoint: Endpoint, moment: Moment, request: PigeonRequest): Promise<Fault | undefined> {
    const gates = this.#gates.filter((gate) => gate.moment === moment);
    return await next(gates, endpoint, request)?.pass();
  }
}

function awaiting(endpoint: Endpoint, { times = 1, only = () => true }: Befallen): Awaiting {
  return { endpoint, only, remaining: times === 'always' ? Number.POSITIVE_INFINITY : times };
}

function next<T extends Awaiting>(list: readonly T[], endpoint: Endpoint, request: PigeonRequest): T | undefined {
  const found = list.find((each) => each.endpoint === endpoint && each.remaining > 0 && each.only(request));
  if (found !== undefined) found.remaining -= 1;
  return found;
}

/** A fault that befalls one request or its answer. `Before`: the space never hears of it. `After`: it has done its part. */
export type Fault =
  /** The request is read, and that is all. */
  | { readonly kind: 'hangBeforeHandling' | 'hangAfterHandling' }
  /** The connection is reset without an answer. */
  | { readonly kind: 'resetBeforeHandling' | 'resetAfterHandling' }
  /** Another answer than the space's own. */
  | ({ readonly kind: 'status' | 'statusAfterHandling' } & StatusFault)
  /** 200 with a body that is no JSON. */
  | { readonly kind: 'garbage' | 'garbageAfterHandling' }
  /** Half of the space's answer, then the connection ends. */
  | { readonly kind: 'cutOff' }
  /** The space's answer, so many real milliseconds late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** 302 to another place, `/login` by default. */
  | { readonly kind: 'redirect'; readonly location?: string };

interface StatusFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: for 4xx the words of the space itself, else empty. */
  readonly body?: string;
}

export type FaultKind = Fault['kind'];

export type Moment = 'beforeHandling' | 'afterHandling';

/** Whether the space has handled the request when the fault befalls it. */
export function momentOf(fault: Fault): Moment {
  switch (fault.kind) {
    case 'hangBeforeHandling':
    case 'resetBeforeHandling':
    case 'status':
    case 'garbage':
    case 'redirect':
      return 'beforeHandling';
    case 'hangAfterHandling':
    case 'resetAfterHandling':
    case 'statusAfterHandling':
    case 'garbageAfterHandling':
    case 'cutOff':
    case 'slow':
      return 'afterHandling';
    default:
      return fault satisfies never;
  }
}
