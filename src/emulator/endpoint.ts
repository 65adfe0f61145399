import type { RequestHeaders } from './access.js';

/** The four endpoints, under the names that faults and the journal use. */
export type Endpoint = 'invoke' | 'result' | 'abort' | 'calls';

/** A request as the space reads it. */
export interface PigeonRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
  /** The text of the body; empty where there is none. */
  readonly text: string;
}

export type Route =
  | { readonly endpoint: 'invoke' | 'abort' | 'calls' }
  | { readonly endpoint: 'result'; readonly resultId: string }
  | { readonly endpoint: 'unknownPath' }
  | { readonly endpoint: 'wrongMethod'; readonly allowed: string };

const PREFIX = '/api/apps/pigeon/';

export function routeOf(method: string, path: string): Route {
  if (!path.startsWith(PREFIX)) return { endpoint: 'unknownPath' };
  const rest = path.slice(PREFIX.length);
  const resultId = /^results\/([^/]+)$/.exec(rest)?.[1];
  if (resultId !== undefined) return allowed('GET', method, { endpoint: 'result', resultId });
  switch (rest) {
    case 'chain/invoke':
      return allowed('POST', method, { endpoint: 'invoke' });
    case 'chain/abort':
      return allowed('POST', method, { endpoint: 'abort' });
    case 'calls':
      return allowed('GET', method, { endpoint: 'calls' });
    default:
      return { endpoint: 'unknownPath' };
  }
}

function allowed(wanted: string, method: string, route: Route): Route {
  return method === wanted ? route : { endpoint: 'wrongMethod', allowed: wanted };
}
