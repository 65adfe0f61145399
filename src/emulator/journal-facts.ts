import type { Answer } from './answer.js';
import type { PigeonRequest, Route } from './endpoint.js';
import type { RequestEntry, Unnumbered } from './journal-entry.js';
import { isObject } from './json-value.js';

/** What is known of a request when it arrives. */
export function requestFacts(request: PigeonRequest, route: Route, at: number): Unnumbered<RequestEntry> {
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  const body = bodyOf(request.text);
  const resultId = namedRun(route, body);
  return {
    kind: 'request',
    at,
    endpoint: route.endpoint === 'unknownPath' || route.endpoint === 'wrongMethod' ? 'other' : route.endpoint,
    method: request.method,
    path: request.path + query,
    body,
    handling: 'pending',
    outcome: { kind: 'pending' },
    ...(resultId === undefined ? {} : { resultId }),
  };
}

/** What the space made of it; undefined where a fault stood before. */
export function spaceFacts(answer: Answer | undefined, at: number): Partial<RequestEntry> {
  if (answer === undefined) return { at, handling: 'skipped' };
  const resultId = answer.json?.['resultId'];
  return {
    at,
    handling: 'handled',
    spaceStatus: answer.status,
    ...(answer.json === undefined ? {} : { answer: answer.json }),
    ...(typeof resultId === 'string' ? { resultId } : {}),
  };
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function namedRun(route: Route, body: unknown): string | undefined {
  if (route.endpoint === 'result') return route.resultId;
  if (route.endpoint !== 'abort' || !isObject(body)) return undefined;
  const inside = isObject(body['params']) ? body['params']['resultId'] : undefined;
  const resultId = body['resultId'] ?? inside;
  return typeof resultId === 'string' ? resultId : undefined;
}
