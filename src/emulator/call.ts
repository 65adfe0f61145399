import type { CallStatus } from '../pigeon/wire.js';
import type { Appointment } from './agenda.js';
import type { PlacedCall } from './change.js';
import { Conversation, type Choice, type KeyEffect, type TalkPhase, type Utterance } from './conversation.js';
import type { Exchange } from './exchange.js';
import type { Order } from './order.js';
import type { Person } from './person.js';
import { ABORTING_MS, LONGEST_CALL_MS, PREPARING_MS, BUSY_MS } from './timing.js';

/** Finer than the status: Pigeon's `calling` does not tell ringing from talking. */
export type CallPhase = 'preparing' | 'ringing' | TalkPhase | 'ended';

/** Whether an act at a telephone had any effect. */
export type ActEffect = 'done' | 'tooLate';

/** One telephone call inside a run, from its record to its end. */
export class Call {
  readonly placed: PlacedCall;
  readonly createdAt: number;
  readonly #order: Order;
  readonly #exchange: Exchange;
  readonly #onEnd: (call: Call) => void;
  readonly #appointments = new Set<Appointment>();
  #status: CallStatus = 'preparing';
  #ringing: Appointment | undefined;
  #person: Person = { kind: 'neverPicksUp' };
  #conversation: Conversation | undefined;
  #finishedAt: number | undefined;

  constructor(placed: PlacedCall, order: Order, exchange: Exchange, onEnd: (call: Call) => void) {
    this.placed = placed;
    this.createdAt = exchange.agenda.now;
    this.#order = order;
    this.#exchange = exchange;
    this.#onEnd = onEnd;
    this.later(PREPARING_MS, () => this.#ring());
  }

  get status(): CallStatus {
    return this.#status;
  }

  get phase(): CallPhase {
    if (this.#finishedAt !== undefined) return 'ended';
    if (this.#conversation !== undefined) return this.#conversation.phase;
    return this.#ringing === undefined ? 'preparing' : 'ringing';
  }

  get finishedAt(): number | undefined {
    return this.#finishedAt;
  }

  /** The key that ended this call, or ends it after its sentence. */
  get choice(): Choice | undefined {
    return this.#conversation?.choice;
  }

  /** What has been read out so far, the present sentence last. */
  get transcript(): readonly Utterance[] {
    return this.#conversation?.transcript ?? [];
  }

  pickUp(): ActEffect {
    if (this.phase !== 'ringing') return 'tooLate';
    this.#ringing?.cancel();
    this.#conversation = new Conversation({
      agenda: this.#exchange.agenda,
      switches: this.#exchange.switches,
      guidance: this.#order.guidance,
      parameters: this.#order.parameters,
      changed: () => this.#publish(),
      ended: () => this.#finish(this.choice === undefined ? this.#exchange.switches.afterSixReadings : 'succeeded'),
    });
    this.later(LONGEST_CALL_MS, () => this.#finish(this.choice === undefined ? 'failed' : 'succeeded'));
    this.#conversation.begin();
    atPickUp(this.#person, this);
    return 'done';
  }

  /** A key pressed after the abort does not count. */
  press(key: string): KeyEffect {
    if (this.#status !== 'calling') return 'notCounted';
    return this.#conversation?.press(key) ?? 'notCounted';
  }

  /** Hanging up a telephone that rings declines the call, which then looks like a busy one (guess). */
  hangUp(): ActEffect {
    if (this.phase === 'preparing' || this.phase === 'ended') return 'tooLate';
    if (this.#conversation === undefined) this.#finish('failed');
    else this.#finish(this.choice === undefined ? 'ignored' : 'succeeded');
    return 'done';
  }

  fail(): void {
    if (this.phase === 'ringing') this.#finish('failed');
  }

  abort(): void {
    if (this.#status === 'preparing') return this.#finish('aborted');
    // A key pressed before the abort counts, even if its sentence is still being read (guess).
    if (this.#status !== 'calling' || this.choice !== undefined) return;
    this.#status = 'aborting';
    this.#publish();
    this.later(ABORTING_MS, () => this.#finish('aborted'));
  }

  /** Does something later, unless the call has ended by then. */
  later(delayMs: number, action: () => void): Appointment {
    const appointment = this.#exchange.agenda.after(delayMs, () => {
      this.#appointments.delete(appointment);
      action();
    });
    this.#appointments.add(appointment);
    return appointment;
  }

  #ring(): void {
    const { switches } = this.#exchange;
    this.#status = 'calling';
    this.#exchange.publish({ kind: 'placed', ...this.placed });
    // Appointed before the person's acts: who picks up when the ring ends is too late.
    this.#ringing = this.later(switches.ringSeconds * 1_000, () => this.#finish('missed'));
    this.#person = this.#exchange.personAt(this.placed);
    this.#publish();
    atRing(this.#person, this);
  }

  #finish(status: CallStatus): void {
    if (this.#finishedAt !== undefined) return;
    this.#status = this.#status === 'aborting' ? 'aborted' : status;
    this.#finishedAt = this.#exchange.agenda.now;
    this.#conversation?.stop();
    for (const appointment of this.#appointments) appointment.cancel();
    this.#publish();
    this.#onEnd(this);
  }

  #publish(): void {
    const { callId, resultId } = this.placed;
    this.#exchange.publish({ kind: 'call', callId, resultId, status: this.#status });
  }
}

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
function atRing(person: Person, telephone: Telephone): void {
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

/** Called at the pick-up, no matter who did it. */
function atPickUp(person: Person, telephone: Telephone): void {
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
