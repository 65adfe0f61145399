import type { Order } from './order.js';
import { RequestRefused } from './request-refused.js';
import type { Switches } from './switches.js';

/** Throws `RequestRefused` where an order is longer or larger than the space takes. */
export function checkLimits(order: Order, switches: Switches): void {
  const { callflow, guidance, parameters } = order;
  atMost(callflow.loopLimit, switches.loopLimitMax, 'loopLimit');
  atMost(callflow.contacts.length, switches.contactsMax, 'number of contacts');
  atMost(guidance.messageTemplate.length, switches.messageLengthMax, 'length of messageTemplate');
  for (const [key, reaction] of Object.entries(guidance.reactions)) {
    atMost(reaction.messageTemplate?.length ?? 0, switches.messageLengthMax, `length of reactions.${key}`);
  }
  for (const [name, value] of Object.entries(parameters)) {
    atMost(String(value).length, switches.parameterLengthMax, `length of parameters.${name}`);
  }
}

function atMost(value: number, limit: number, what: string): void {
  if (value > limit) throw new RequestRefused('beyondLimits', `${what} is ${value}, more than ${limit}`);
}
