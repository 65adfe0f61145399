import type { ActEffect } from '../call.js';
import type { KeyEffect } from '../conversation.js';
import { isObject } from '../json-value.js';
import type { Space } from '../space.js';
import type { PageAct } from './page-route.js';

export type ActOutcome =
  | { readonly kind: 'acted'; readonly effect: ActEffect | KeyEffect }
  | { readonly kind: 'unknownCall' }
  | { readonly kind: 'noKey' };

/** Somebody acts at a telephone of the page; `text` is the body of the request, `{"key": "1"}` for a press. */
export function act(space: Space, name: PageAct, callId: string, text: string): ActOutcome {
  if (!space.calls().some((call) => call.callId === callId)) return { kind: 'unknownCall' };
  switch (name) {
    case 'pick-up':
      return { kind: 'acted', effect: space.pickUp(callId) };
    case 'hang-up':
      return { kind: 'acted', effect: space.hangUp(callId) };
    case 'press': {
      const key = keyIn(text);
      return key === undefined ? { kind: 'noKey' } : { kind: 'acted', effect: space.press(callId, key) };
    }
    default:
      return name satisfies never;
  }
}

function keyIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const key = isObject(body) ? body['key'] : undefined;
    return typeof key === 'string' && /^[0-9*#]$/.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}
