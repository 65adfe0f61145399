import { randomUUID } from 'node:crypto';
import { Agenda } from './agenda.js';
import { Call, type ActEffect } from './call.js';
import { callsPage } from './calls-page.js';
import type { Change } from './change.js';
import type { KeyEffect } from './conversation.js';
import type { Exchange, PlacedAt } from './exchange.js';
import { readAbortBody, readInvokeBody } from './invoke-body.js';
import type { JsonObject } from './json-value.js';
import type { Order } from './order.js';
import { People, type PeopleScripts, type Strangers } from './people.js';
import { RequestRefused } from './request-refused.js';
import { resultJson } from './result-json.js';
import { Run } from './run.js';
import { Stored, type StoredItems } from './stored.js';
import { switchesWith, type Switches, type SwitchSettings } from './switches.js';
import {
  viewCall,
  viewRun,
  viewTelephones,
  type CallView,
  type RunView,
  type TelephoneView,
} from './telephone-view.js';

export interface SpaceOptions extends StoredItems {
  /** Milliseconds since 1970. Default 0. */
  readonly startAt?: number;
  /** Runs that can call at the same time. Default 1. */
  readonly lines?: number;
  readonly switches?: SwitchSettings;
  /** Who is at which number. */
  readonly people?: PeopleScripts;
  /** Who is at every other number. Default `unexpected`. */
  readonly strangers?: Strangers;
  /** Makes the ids of runs and calls. Default: random UUIDs. */
  readonly newId?: () => string;
}

interface Rejection {
  readonly title: string;
  readonly detail: string;
}
const QUEUE_FULL: Rejection = { title: 'Queue limit exceeded', detail: 'The queue is full.' };
const NEVER_PLACED: Rejection = {
  title: 'Call cannot be placed',
  detail: 'None of the telephone numbers can be called.',
};

/** A call to a number that has no script, or whose script is used up: nobody picks up, and a test should fail. */
export interface UnexpectedCall extends PlacedAt {
  readonly at: number;
}

/** Pigeon without HTTP: what it holds and what it does, in a time that `advanceTo` alone moves. */
export class Space {
  readonly switches: Switches;
  readonly stored: Stored;
  readonly people: People;
  readonly #agenda: Agenda;
  readonly #exchange: Exchange;
  readonly #lines: Lines<Run>;
  readonly #runs = new Map<string, Run>();
  readonly #calls = new Map<string, { readonly call: Call; readonly run: Run }>();
  readonly #unexpectedCalls: UnexpectedCall[] = [];
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(options: SpaceOptions = {}) {
    this.switches = switchesWith(options.switches);
    this.stored = new Stored(options);
    this.people = new People(options.people, options.strangers);
    this.#agenda = new Agenda(options.startAt ?? 0);
    this.#lines = new Lines(options.lines ?? 1);
    this.#exchange = {
      agenda: this.#agenda,
      switches: this.switches,
      newId: options.newId ?? randomUUID,
      personAt: (call) => this.#personAt(call),
      publish: (change) => {
        for (const listener of this.#listeners) listener({ at: this.now, ...change });
      },
    };
  }

  get now(): number {
    return this.#agenda.now;
  }

  /** Calls that no script expected, oldest first. */
  get unexpectedCalls(): readonly UnexpectedCall[] {
    return this.#unexpectedCalls;
  }

  nextEventAt(): number | undefined {
    return this.#agenda.nextAt();
  }

  /** Lets everything happen that is due until then, each at its exact time. A time in the past changes nothing. */
  advanceTo(timeMs: number): void {
    this.#agenda.advanceTo(timeMs);
  }

  /** Hears of every change as it happens; returns the way to stop. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Hears when something new will happen, so that `nextEventAt` may be earlier than before. */
  onAppointment(listener: () => void): () => void {
    return this.#agenda.onAppointment(listener);
  }

  /** `POST chain/invoke`: the body of the answer, which is 201 for a full queue as well. Throws `RequestRefused`. */
  invoke(body: unknown): JsonObject {
    const order = readInvokeBody(body, this.stored, this.switches);
    const rejection = this.#rejectionOf(order);
    if (rejection !== null) {
      const { rejectedMessageKey: key } = this.switches;
      const why = key === 'errorDescriptor' ? rejection : rejection.detail;
      return { params: order.params, status: 'rejected', [key]: why };
    }
    const run = new Run(order, this.#exchange, {
      called: (call) => void this.#calls.set(call.placed.callId, { call, run }),
      ended: () => this.#lines.leave(run),
    });
    this.#runs.set(run.resultId, run);
    this.#exchange.publish({ kind: 'run', resultId: run.resultId, status: run.status });
    this.#lines.enter(run);
    return { params: order.params, resultId: run.resultId, status: 'requested' };
  }

  #rejectionOf({ callflow }: Order): Rejection | null {
    const never = this.switches.neverPlaced.split(',');
    const numbers = callflow.contacts.flatMap(({ phones }) => phones.map(({ phoneNumber }) => phoneNumber));
    if (numbers.every((number) => never.includes(number))) return NEVER_PLACED;
    return this.#lines.held >= this.switches.queueSize ? QUEUE_FULL : null;
  }

  /** `GET results/{resultId}`. Throws `RequestRefused`. */
  result(resultId: string): JsonObject {
    const run = this.#runs.get(resultId);
    if (run === undefined) throw new RequestRefused('unknownId', 'no such result');
    return resultJson(run, this.switches);
  }

  /** `POST chain/abort`. Throws `RequestRefused`. */
  abort(body: unknown): JsonObject {
    const resultId = readAbortBody(body, this.switches);
    const run = this.#runs.get(resultId);
    const { abortOfEnded, abortOfUnknown } = this.switches;
    if (run === undefined) {
      if (abortOfUnknown === 'accepted') return { resultId };
      throw new RequestRefused('unknownId', 'no such result', { status: abortOfUnknown });
    }
    if (run.finishedAt === undefined) run.abort();
    else if (abortOfEnded !== 'accepted') throw new RequestRefused('runEnded', 'ended', { status: abortOfEnded });
    return { resultId };
  }

  /** `GET calls`. Throws `RequestRefused`. */
  callsPage(query: URLSearchParams): JsonObject {
    const calls = [...this.#calls.values()].map(({ call }) => call);
    return callsPage(calls, this.#lines.waiting, query, this.switches);
  }

  runs(): readonly RunView[] {
    return [...this.#runs.values()].map(viewRun);
  }

  run(resultId: string): RunView | undefined {
    const run = this.#runs.get(resultId);
    return run === undefined ? undefined : viewRun(run);
  }

  calls(): readonly CallView[] {
    return [...this.#calls.values()].map(({ call, run }) => viewCall(call, run));
  }

  telephones(): readonly TelephoneView[] {
    const stored = this.stored
      .contacts()
      .flatMap(({ displayName, phones }) => phones.map(({ phoneNumber }) => ({ phoneNumber, name: displayName })));
    const scripted = this.people.numbers().map((phoneNumber) => ({ phoneNumber }));
    return viewTelephones([...stored, ...scripted], this.calls());
  }

  /** Somebody picks up the telephone that rings. Throws where there is no such call. */
  pickUp(callId: string): ActEffect {
    return this.#call(callId).pickUp();
  }

  /** Somebody presses `0` to `9`, `*` or `#`. Throws where there is no such call. */
  press(callId: string, key: string): KeyEffect {
    return this.#call(callId).press(key);
  }

  /** Somebody hangs up, or declines a call that rings. Throws where there is no such call. */
  hangUp(callId: string): ActEffect {
    return this.#call(callId).hangUp();
  }

  #call(callId: string): Call {
    const found = this.#calls.get(callId);
    if (found === undefined) throw new Error(`There is no call ${callId}; calls() of the space lists them.`);
    return found.call;
  }

  #personAt({ callId, resultId, contact, phoneNumber }: PlacedAt) {
    const { kind, person } = this.people.take(phoneNumber);
    if (kind === 'unexpected') this.#unexpectedCalls.push({ at: this.now, callId, resultId, contact, phoneNumber });
    return person;
  }
}

/** Something that occupies a line from its start until it leaves. */
export interface LineUser {
  start(): void;
}

/** The lines of a space and the runs that wait for one, in the order in which they came. */
export class Lines<Run extends LineUser> {
  readonly #lines: number;
  readonly #calling = new Set<Run>();
  readonly #waiting: Run[] = [];

  constructor(lines: number) {
    this.#lines = lines;
  }

  /** Runs that the space holds, those being called included. */
  get held(): number {
    return this.#calling.size + this.#waiting.length;
  }

  get waiting(): readonly Run[] {
    return this.#waiting;
  }

  enter(run: Run): void {
    this.#waiting.push(run);
    this.#startWaiting();
  }

  leave(run: Run): void {
    this.#calling.delete(run);
    const place = this.#waiting.indexOf(run);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#startWaiting();
  }

  #startWaiting(): void {
    while (this.#calling.size < this.#lines) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#calling.add(next);
      next.start();
    }
  }
}
