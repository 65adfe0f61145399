import type { CallStatus, WireCallflow } from '../pigeon/wire.js';
import type { Switches } from './switches.js';

/** A place in a call flow: pass from 1, contact and telephone from 0. */
export interface Stop {
  readonly loop: number;
  readonly contact: number;
  readonly phone: number;
}

export const FIRST_STOP: Stop = { loop: 1, contact: 0, phone: 0 };

/**
 * Whom to call after a call that did not end the run: the next number of a contact who was not reached, then the next
 * contact who has not left; after the last comes the first again, `loopLimit` times. Undefined: nobody any more.
 */
export function nextStop(
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
