import { type BasicAuth, checkAccess, type RateLimit } from './access.js';
import type { PigeonRequest, Route } from './endpoint.js';
import type { JsonObject } from './json-value.js';
import { RequestRefused } from './request-refused.js';
import type { Space } from './space.js';
import type { Switches } from './switches.js';
import type { Tokens } from './tokens.js';

/** An HTTP answer, before any fault befalls it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body before it became text, where it is JSON. */
  readonly json?: JsonObject;
}

export interface Door {
  readonly tokens: Tokens;
  readonly basicAuth: BasicAuth | undefined;
  readonly rateLimit: RateLimit;
}

/** Handles one request at the space's present time. */
export function answerRequest(space: Space, door: Door, route: Route, request: PigeonRequest): Answer {
  try {
    checkAccess(request.headers, door, space.now);
    door.rateLimit.admit(request.method, space.now, space.switches);
    return handle(space, route, request);
  } catch (error) {
    return refusalAnswer(error, space.switches);
  }
}

/** The answer to a request that is refused, or that ran into an error of the emulator itself. */
export function refusalAnswer(error: unknown, switches: Switches): Answer {
  const refused = error instanceof RequestRefused ? error : new RequestRefused('internal', String(error));
  const status = refused.status ?? switches.errorCodes[refused.refusal];
  switch (switches.errorBody) {
    case 'json': {
      const answer = jsonAnswer(status, { message: refused.message });
      return { ...answer, headers: { ...answer.headers, ...refused.headers } };
    }
    case 'html':
      return {
        status,
        headers: { 'content-type': 'text/html; charset=utf-8', ...refused.headers },
        body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`,
      };
    case 'empty':
      return { status, headers: refused.headers, body: '' };
    default:
      return switches.errorBody satisfies never;
  }
}

function handle(space: Space, route: Route, request: PigeonRequest): Answer {
  switch (route.endpoint) {
    case 'invoke':
      return jsonAnswer(201, space.invoke(parsed(request.text)));
    case 'abort': {
      const json = space.abort(parsed(request.text));
      const status = space.switches.abortAnswer;
      return status === 204 ? { status, headers: {}, body: '' } : jsonAnswer(status, json);
    }
    case 'result':
      return jsonAnswer(200, space.result(route.resultId));
    case 'calls':
      return jsonAnswer(200, space.callsPage(request.query));
    case 'unknownPath':
      throw new RequestRefused('unknownPath', 'not found');
    case 'wrongMethod':
      throw new RequestRefused('wrongMethod', 'method not allowed', { headers: { allow: route.allowed } });
    default:
      return route satisfies never;
  }
}

function jsonAnswer(status: number, json: JsonObject): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(json), json };
}

// Whatever the content type says: the vendor's curl example sends none.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestRefused('unreadable', 'the body is not JSON');
  }
}
