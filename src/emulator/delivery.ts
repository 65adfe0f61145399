import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.js';
import type { Fault } from './faults.js';

/** What of an answer reaches the one who asked. */
export type Delivery =
  | { readonly kind: 'whole'; readonly answer: Answer }
  | { readonly kind: 'half'; readonly answer: Answer }
  | { readonly kind: 'late'; readonly answer: Answer; readonly ms: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

const GARBAGE: Answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"resultId": "0b9f' };

/** What a fault makes of an answer; `own` is the space's, undefined where it was not asked. */
export function deliveryOf(fault: Fault | undefined, own: Answer | undefined): Delivery {
  const answer = own ?? { status: 500, headers: {}, body: '' };
  if (fault === undefined) return { kind: 'whole', answer };
  switch (fault.kind) {
    case 'hangBeforeHandling':
    case 'hangAfterHandling':
      return { kind: 'hang' };
    case 'resetBeforeHandling':
    case 'resetAfterHandling':
      return { kind: 'reset' };
    case 'status':
    case 'statusAfterHandling':
      return {
        kind: 'whole',
        answer: { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? ownBody(fault.status) },
      };
    case 'garbage':
    case 'garbageAfterHandling':
      return { kind: 'whole', answer: GARBAGE };
    case 'cutOff':
      return { kind: 'half', answer };
    case 'slow':
      return { kind: 'late', answer, ms: fault.ms };
    case 'redirect':
      return { kind: 'whole', answer: { status: 302, headers: { location: fault.location ?? '/login' }, body: '' } };
    default:
      return fault satisfies never;
  }
}

/** A refusal of Pigeon's own, where the fault gives no other body. */
const ownBody = (status: number): string =>
  status >= 400 && status < 500 ? JSON.stringify({ message: `a fault was injected: ${status}` }) : '';

/** Writes a delivery, except for its delay. `now` is the space's time, which the `Date` header shows. */
export function deliver(delivery: Delivery, response: ServerResponse, now: number): void {
  switch (delivery.kind) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'whole':
    case 'late':
      writeHead(delivery.answer, response, now);
      response.end(delivery.answer.body);
      return;
    case 'half': {
      const whole = Buffer.from(delivery.answer.body);
      writeHead(delivery.answer, response, now);
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.end());
      return;
    }
    default:
      delivery satisfies never;
  }
}

function writeHead(answer: Answer, response: ServerResponse, now: number): void {
  const length = answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, { date: new Date(now).toUTCString(), ...length, ...answer.headers });
}
