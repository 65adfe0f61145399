import type { RunStatus, CallStatus, WireCallflow } from '../pigeon/wire.js';
import type { Appointment } from './agenda.js';
import { Call } from './call.js';
import type { Exchange } from './exchange.js';
import type { Order } from './order.js';
import type { Switches } from './switches.js';
import { webhookOf } from './webhook-body.js';

type RunEnd = Exclude<RunStatus, 'waiting' | 'started'>;

/** One execution of a call flow. */
export class Run {
  readonly resultId: string;
  readonly order: Order;
  readonly requestedAt: number;
  readonly calls: Call[] = [];
  readonly #exchange: Exchange;
  readonly #hooks: { called(call: Call): void; ended(run: Run): void };
  readonly #left = new Set<number>();
  #status: RunStatus = 'waiting';
  #abort: 'none' | 'requested' = 'none';
  #longestWait: Appointment | undefined;
  #startedAt: number | undefined;
  #finishedAt: number | undefined;
  #receivedContactName: string | undefined;

  constructor(order: Order, exchange: Exchange, hooks: { called(call: Call): void; ended(run: Run): void }) {
    this.resultId = exchange.newId();
    this.order = order;
    this.requestedAt = exchange.agenda.now;
    this.#exchange = exchange;
    this.#hooks = hooks;
    const { longestWaitSeconds } = exchange.switches;
    if (longestWaitSeconds !== 'endless') {
      this.#longestWait = exchange.agenda.after(longestWaitSeconds * 1_000, () => this.#end('failed'));
    }
  }

  get status(): RunStatus {
    return this.#status;
  }

  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  get finishedAt(): number | undefined {
    return this.#finishedAt;
  }

  /** Who ended the run by a key. */
  get receivedContactName(): string | undefined {
    return this.#receivedContactName;
  }

  get keyInput(): string | undefined {
    const ended = this.calls.filter((call) => call.finishedAt !== undefined);
    const counts = this.#exchange.switches.keyOfRun === 'last' ? ended : ended.filter(decidesRun);
    return counts.findLast((call) => call.choice !== undefined)?.choice?.key;
  }

  /** Called when a line is free for this run. */
  start(): void {
    this.#longestWait?.cancel();
    this.#status = 'started';
    this.#startedAt = this.#exchange.agenda.now;
    this.#publish();
    this.#callAt(FIRST_STOP);
  }

  /** A waiting run ends at once; one that calls ends with its call. */
  abort(): void {
    if (this.#status === 'waiting') return this.#end('aborted');
    this.#abort = 'requested';
    this.calls.at(-1)?.abort();
  }

  #callAt(stop: Stop): void {
    const contact = this.order.callflow.contacts[stop.contact];
    const phoneNumber = contact?.phones[stop.phone]?.phoneNumber;
    // Stored call flows may have lost their contacts, or contacts their numbers.
    if (contact === undefined || phoneNumber === undefined) return this.#end('failed');
    const placed = {
      callId: this.#exchange.newId(),
      resultId: this.resultId,
      contact: contact.displayName,
      phoneNumber,
      loop: stop.loop,
      purpose: 'run',
    } as const;
    const call = new Call(placed, this.order, this.#exchange, () => this.#afterCall(call, stop));
    this.calls.push(call);
    this.#hooks.called(call);
  }

  #afterCall(call: Call, stop: Stop): void {
    const decision = call.choice?.decision;
    if (decision === 'terminate' || decision === 'transfer') {
      this.#receivedContactName = call.placed.contact;
      this.#end('succeeded');
      if (decision === 'transfer') this.#transfer(call);
      return;
    }
    if (this.#abort === 'requested') return this.#end('aborted');
    if (decision === 'cutRun') return this.#end('failed');
    if (decision === 'leave') this.#left.add(stop.contact);

    const { switches } = this.#exchange;
    const { callflow } = this.order;
    const next = nextStop(callflow, stop, call.status, this.#left, switches.severalPhones);
    if (next !== undefined) return this.#callAt(next);
    this.#end(this.#left.size === callflow.contacts.length ? switches.allLeft : 'failed');
  }

  /** Only told, not played: the two calls are no part of the run, and nothing is known of their lines and states. */
  #transfer(call: Call): void {
    const reaction = this.order.guidance.reactions[call.choice?.key ?? ''];
    this.#exchange.publish({ kind: 'placed', ...call.placed, callId: this.#exchange.newId(), purpose: 'callBack' });
    const target = new Map<string, unknown>(Object.entries(reaction ?? {})).get(
      this.#exchange.switches.transferTargetKey,
    );
    if (typeof target !== 'string') return;
    const placed = { ...call.placed, callId: this.#exchange.newId(), phoneNumber: target };
    this.#exchange.publish({ kind: 'placed', ...placed, purpose: 'transferTarget' });
  }

  #end(status: RunEnd): void {
    this.#longestWait?.cancel();
    this.#status = status;
    this.#finishedAt = this.#exchange.agenda.now;
    this.#publish();
    this.#hooks.ended(this);
  }

  #publish(): void {
    this.#exchange.publish({ kind: 'run', resultId: this.resultId, status: this.#status });
    const webhook = webhookOf(this, this.#exchange.switches);
    if (webhook !== undefined) this.#exchange.publish({ kind: 'webhook', ...webhook });
  }
}

function decidesRun(call: Call): boolean {
  const decision = call.choice?.decision;
  return decision === 'terminate' || decision === 'transfer' || decision === 'cutRun';
}

/** A place in a call flow: pass from 1, contact and telephone from 0. */
export interface Stop {
  readonly loop: number;
  readonly contact: number;
  readonly phone: number;
}

const FIRST_STOP: Stop = { loop: 1, contact: 0, phone: 0 };

/**
 * Whom to call after a call that did not end the run: the next number of a contact who was not reached, then the next
 * contact who has not left; after the last comes the first again, `loopLimit` times. Undefined: nobody any more.
 */
function nextStop(
  callflow: WireCallflow,
  stop: Stop,
  status: CallStatus,
  left: ReadonlySet<number>,
  severalPhones: Switches['severalPhones'],
): Stop | undefined {
  const reached = status !== 'missed' && status !== 'failed';
  const phones = callflow.contacts[stop.contact]?.phones.length ?? 0;
  if (!reached && severalPhones === 'inOrder' && stop.phone + 1 < phones) return { ...stop, phone: stop.phone + 1 };

  for (let loop = stop.loop, contact = stop.contact + 1; loop <= callflow.loopLimit; loop += 1, contact = 0) {
    for (; contact < callflow.contacts.length; contact += 1) {
      if (!left.has(contact)) return { loop, contact, phone: 0 };
    }
  }
  return undefined;
}
