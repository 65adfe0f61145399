import type { WireContact, WireReaction } from '../pigeon/wire.js';
import { missingNames } from './conversation.js';
import { isObject, type JsonObject } from './json-value.js';
import type { Order, OrderedCallflow, OrderedGuidance } from './order.js';
import { RequestRefused } from './request-refused.js';
import type { Stored } from './stored.js';
import type { Switches } from './switches.js';

/** Reads the body of an invoke; throws `RequestRefused` for what the space does not take. */
export function readInvokeBody(body: unknown, stored: Stored, switches: Switches): Order {
  const params = isObject(body) ? body['params'] : undefined;
  if (!isObject(params)) throw new RequestRefused('invalid', 'params is required');

  const callflow = readCallflow(params, stored);
  const guidance = readGuidance(params, stored, switches);
  const mixed = (callflow.callflowId === undefined) !== (guidance.guidanceId === undefined);
  if (mixed && switches.mixedForm === 'refuse') {
    throw new RequestRefused('mixedForm', 'callflow and guidance must both be stored or both be given');
  }
  const adHoc = callflow.callflowId === undefined || guidance.guidanceId === undefined;
  const given = readParameters(params);
  const parameters = adHoc && switches.adHocParameters === 'dropped' ? {} : given;

  const order: Order = { params, callflow, guidance, parameters };
  checkLimits(order, switches);
  if (switches.missingParameter === 'refused') {
    const templates = [guidance, ...Object.values(guidance.reactions)].map((said) => said.messageTemplate ?? '');
    const missing = templates.flatMap((template) => missingNames(template, parameters, switches));
    if (missing.length > 0) throw new RequestRefused('invalid', `parameters lack ${missing.join(', ')}`);
  }
  return order;
}

function readCallflow(params: JsonObject, stored: Stored): OrderedCallflow {
  const { callflowId, callflow } = params;
  if (callflowId !== undefined) {
    const found = typeof callflowId === 'string' ? stored.callflow(callflowId) : undefined;
    if (found === undefined) throw new RequestRefused('unknownId', 'no such callflow');
    const contacts = stored.contactsOf(found);
    return { callflowId: found.callflowId, name: found.name, loopLimit: found.loopLimit, contacts };
  }
  if (!isObject(callflow)) throw new RequestRefused('invalid', 'callflowId or callflow is required');
  const { loopLimit, contacts } = callflow;
  if (typeof loopLimit !== 'number' || !Number.isInteger(loopLimit) || loopLimit < 1) {
    throw new RequestRefused('invalid', 'callflow.loopLimit is required');
  }
  if (!Array.isArray(contacts) || contacts.length === 0) {
    throw new RequestRefused('invalid', 'callflow.contacts is required');
  }
  return { loopLimit, contacts: contacts.map(readContact) };
}

function readContact(contact: unknown): WireContact {
  if (!isObject(contact)) throw new RequestRefused('invalid', 'a contact must be an object');
  const { displayName, phones } = contact;
  if (typeof displayName !== 'string') throw new RequestRefused('invalid', 'contact.displayName is required');
  if (!Array.isArray(phones) || phones.length === 0) {
    throw new RequestRefused('invalid', 'contact.phones is required');
  }
  return { displayName, phones: phones.map(readPhone) };
}

function readPhone(phone: unknown): { readonly phoneNumber: string } {
  const phoneNumber = isObject(phone) ? phone['phoneNumber'] : undefined;
  if (typeof phoneNumber !== 'string' || phoneNumber === '') {
    throw new RequestRefused('invalid', 'phone.phoneNumber is required');
  }
  return { phoneNumber };
}

function readGuidance(params: JsonObject, stored: Stored, switches: Switches): OrderedGuidance {
  const { guidanceId, guidance } = params;
  if (guidanceId !== undefined) {
    const found = typeof guidanceId === 'string' ? stored.guidance(guidanceId) : undefined;
    if (found === undefined) throw new RequestRefused('unknownId', 'no such guidance');
    return found;
  }
  if (!isObject(guidance)) throw new RequestRefused('invalid', 'guidanceId or guidance is required');
  const { messageTemplate, reactions } = guidance;
  if (typeof messageTemplate !== 'string' || messageTemplate === '') {
    throw new RequestRefused('invalid', 'guidance.messageTemplate is required');
  }
  if (!isObject(reactions)) throw new RequestRefused('invalid', 'guidance.reactions is required');
  const read = Object.entries(reactions).map(([key, value]) => [key, readReaction(key, value, switches)] as const);
  if (!read.some(([, reaction]) => reaction.behavior === 'terminate')) {
    throw new RequestRefused('invalid', 'at least one reaction must be terminate');
  }
  return { messageTemplate, reactions: Object.fromEntries(read) };
}

function readReaction(key: string, reaction: unknown, switches: Switches): WireReaction {
  if (!/^[1-9]$/.test(key)) throw new RequestRefused('invalid', 'reactions are keyed 1 to 9');
  if (!isObject(reaction)) throw new RequestRefused('invalid', 'a reaction must be an object');
  const { behavior, messageTemplate } = reaction;
  if (typeof behavior !== 'string' || !['terminate', 'continue', 'leave', switches.transferWord].includes(behavior)) {
    throw new RequestRefused('invalid', 'reaction.behavior is not known');
  }
  if (messageTemplate !== undefined && typeof messageTemplate !== 'string') {
    throw new RequestRefused('invalid', 'reaction.messageTemplate must be a string');
  }
  return { ...reaction, behavior, ...(messageTemplate === undefined ? {} : { messageTemplate }) };
}

function readParameters(params: JsonObject): JsonObject {
  const parameters = params['parameters'] ?? {};
  if (!isObject(parameters)) throw new RequestRefused('invalid', 'parameters must be an object');
  for (const value of Object.values(parameters)) {
    if (typeof value === 'object') throw new RequestRefused('invalid', 'a parameter must be a string');
  }
  return parameters;
}

/** The `resultId` that the body of an abort names; throws `RequestRefused` where it does not. */
export function readAbortBody(body: unknown, switches: Switches): string {
  const plain = isObject(body) ? body['resultId'] : undefined;
  const params = isObject(body) ? body['params'] : undefined;
  const inside = isObject(params) ? params['resultId'] : undefined;
  const resultId = chosen(plain, inside, switches.abortBody);
  if (typeof resultId !== 'string') throw new RequestRefused('invalid', 'resultId is required');
  return resultId;
}

function chosen(plain: unknown, inside: unknown, form: Switches['abortBody']): unknown {
  switch (form) {
    case 'either':
      return plain ?? inside;
    case 'params':
      return inside;
    case 'plain':
      return plain;
    default:
      return form satisfies never;
  }
}

/** Throws `RequestRefused` where an order is longer or larger than the space takes. */
function checkLimits(order: Order, switches: Switches): void {
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
