/** What Pigeon answers, in every shape that is likely: to `invoke`, `results` and `calls`. */
import { PigeonUnconfirmed } from './errors.js';
import { excerptOf, messageIn } from './excerpt.js';
import { type JsonObject, objectOrNull, textOrNull } from './json-value.js';

export type InvokeAnswer =
  /** The run exists. */
  | { readonly status: 'accepted'; readonly resultId: string }
  /**
   * No run exists: the queue of the space is full, or this run can never be placed; the answer does not tell which.
   * `message` is Pigeon's text, if any, `reason` its `errorDescriptor`; each text has at most 200 characters.
   */
  | {
      readonly status: 'rejected';
      readonly message: string | null;
      readonly reason?: { readonly title: string | null; readonly detail: string | null };
    };

/**
 * Reads the body of a 2xx. The word in it decides, never the HTTP status: a full queue is answered with 201 as well.
 *
 * @throws {PigeonUnconfirmed} when it is neither `rejected` nor has a `resultId`: a run may exist.
 */
export function invokeAnswerFrom(json: unknown, secrets: readonly string[], server = 'Pigeon'): InvokeAnswer {
  const outer = objectOrNull(json);
  // Never params: that is the echo of what was asked for.
  for (const answer of [outer, objectOrNull(outer?.['result'])]) {
    if (textOrNull(answer?.['status'])?.trim().toLowerCase() === 'rejected') {
      const reason = reasonIn(answer, secrets);
      const words = [reason?.title, reason?.detail].filter((word) => typeof word === 'string').join(': ');
      const message = words === '' ? messageIn(answer, secrets) : words;
      return { status: 'rejected', message, ...(reason !== null && { reason }) };
    }
    const resultId = textOrNull(answer?.['resultId']);
    if (resultId !== null) return { status: 'accepted', resultId };
  }
  throw new PigeonUnconfirmed(
    `${server} answered invoke with no resultId and no rejection. A run may exist: look for it before calling again.`,
    'UNREADABLE',
    null,
  );
}

function reasonIn(answer: Readonly<Record<string, unknown>> | null, secrets: readonly string[]) {
  const descriptor = objectOrNull(answer?.['errorDescriptor']);
  if (descriptor === null) return null;
  const [title = null, detail = null] = ['title', 'detail'].map((key) => {
    const text = textOrNull(descriptor[key]);
    return text === null ? null : excerptOf(text, secrets);
  });
  return title === null && detail === null ? null : { title, detail };
}

/** One run of a call flow, as `GET …/results/{resultId}` tells it. */
export interface RunResult {
  readonly resultId: string | null;
  /** True while the run waits for a line or calls. */
  readonly isActive: boolean;
  /** Pigeon's word, as it came; empty when there was none. */
  readonly status: string;
  /** What the word means, null while active. `unknownWord`: the run is over, and it is not known how. */
  readonly ended: 'succeeded' | 'failed' | 'aborted' | 'unknownWord' | null;
  /** The key that was pressed ("1"), null when none was. */
  readonly keyInput: string | null;
  readonly receivedContactName: string | null;
  /** As given to `invoke`, unused ones included. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly callflow: unknown;
  readonly guidance: unknown;
  readonly calls: readonly RunCall[];
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** One telephone call of a run. The number is left out: it is in nobody's interest downstream. */
export interface RunCall {
  readonly status: string;
  /** The contact's display name. */
  readonly contact: string | null;
  readonly keyInput: string | null;
  /** Which pass through the contacts, as Pigeon counts. */
  readonly loop: number | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/**
 * Words that end a run. The first three are the probable literals; the others are what other APIs say. Only `succeeded` is
 * a success: "completed" and "finished" also fit a run that called everybody and reached nobody.
 */
const ENDINGS: ReadonlyMap<string, Exclude<RunResult['ended'], null>> = new Map([
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['aborted', 'aborted'],
  ['cancelled', 'aborted'],
  ['canceled', 'aborted'],
  ['completed', 'unknownWord'],
  ['finished', 'unknownWord'],
]);

/**
 * Reads a result in every shape that is likely: `isActive` may be missing (the status word then decides, and an unknown word
 * keeps the run active), keys may be numbers, everything may sit in `result` or `params`.
 *
 * @param json the parsed body.
 * @param server how to name the other side in an error. Default: `Pigeon`.
 * @throws {PigeonUnconfirmed} for anything that is not a result: no object, or neither `isActive` nor a `status` beside
 *   another key of a run in it.
 */
export function runResultFrom(json: unknown, server = 'Pigeon'): RunResult {
  const run = unwrapped(json);
  if (run === null) {
    throw new PigeonUnconfirmed(
      `${server} answered with something that is not a result of a run. Repeat the request.`,
      'UNREADABLE',
      null,
    );
  }
  const status = textOrNull(run['status']) ?? '';
  const ending = ENDINGS.get(status.trim().toLowerCase());
  const isActive = flagOrNull(run['isActive']) ?? ending === undefined;
  // Pigeon keeps what it was given under params in the answer to invoke; it may do so here.
  const given = objectOrNull(run['params']) ?? {};
  return {
    resultId: textOrNull(run['resultId']),
    isActive,
    status,
    ended: isActive ? null : (ending ?? 'unknownWord'),
    keyInput: keyOrNull(run['keyInput']),
    receivedContactName: nameOrNull(run['receivedContactName']),
    parameters: objectOrNull(run['parameters']) ?? objectOrNull(given['parameters']) ?? {},
    callflow: run['callflow'] ?? given['callflow'] ?? null,
    guidance: run['guidance'] ?? given['guidance'] ?? null,
    calls: Array.isArray(run['calls']) ? run['calls'].map(callFrom) : [],
    startedAt: textOrNull(run['startedAt']),
    finishedAt: textOrNull(run['finishedAt']),
  };
}

function unwrapped(json: unknown): JsonObject | null {
  const outer = objectOrNull(json);
  if (outer === null) return null;
  const candidates = [outer, objectOrNull(outer['result']), objectOrNull(outer['params'])];
  return candidates.find((candidate) => candidate !== null && isRun(candidate)) ?? null;
}

/** A status alone is no result: `{"status":"error"}` is what a gateway says of itself. */
function isRun(object: JsonObject): boolean {
  if (flagOrNull(object['isActive']) !== null) return true;
  return textOrNull(object['status']) !== null && KEYS_OF_A_RUN.some((key) => key in object);
}

const KEYS_OF_A_RUN = ['resultId', 'keyInput', 'calls', 'parameters', 'callflow', 'guidance'];

function callFrom(json: unknown): RunCall {
  const call = objectOrNull(json) ?? {};
  const contact = objectOrNull(call['contact']);
  return {
    status: textOrNull(call['status']) ?? '',
    contact: nameOrNull(contact === null ? call['contact'] : contact['displayName']),
    keyInput: keyOrNull(call['keyInput']),
    loop: typeof call['loop'] === 'number' ? call['loop'] : null,
    startedAt: textOrNull(call['startedAt']),
    finishedAt: textOrNull(call['finishedAt']),
  };
}

/** "01" is a name of the manual's example; six digits and more are a number that somebody put into the name. */
function nameOrNull(value: unknown): string | null {
  const name = textOrNull(value);
  return name === null || /^[\p{Nd}\s()+.-]{6,}$/u.test(name) ? null : name;
}

function keyOrNull(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : (textOrNull(value)?.trim() ?? null);
}

function flagOrNull(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** One page of `GET …/calls`. */
export interface CallsPage {
  /** In Pigeon's order, which is not known. A missing field is null. */
  readonly items: readonly { readonly resultId: string | null; readonly status: string | null }[];
  /** How many calls there are on all pages; null when Pigeon does not say. */
  readonly total: number | null;
}

/** @throws {PigeonUnconfirmed} when the body has no list `items`, at the top or in `result` or `params`. */
export function callsPageFrom(json: unknown, server = 'Pigeon'): CallsPage {
  const outer = objectOrNull(json);
  const candidates = [outer, objectOrNull(outer?.['result']), objectOrNull(outer?.['params'])];
  for (const page of candidates) {
    if (page === null || !Array.isArray(page['items'])) continue;
    return {
      items: page['items'].map((item: unknown) => {
        const call = objectOrNull(item);
        return { resultId: textOrNull(call?.['resultId']), status: textOrNull(call?.['status']) };
      }),
      total: typeof page['total'] === 'number' ? page['total'] : null,
    };
  }
  throw new PigeonUnconfirmed(
    `${server} answered with something that is not a list of calls: no items in it. Repeat the request.`,
    'UNREADABLE',
    null,
  );
}
