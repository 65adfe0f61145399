import { isObject } from './json-value.js';
import { RequestRefused } from './request-refused.js';
import type { Switches } from './switches.js';

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
