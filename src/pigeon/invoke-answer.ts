import { PigeonUnconfirmed } from './errors.js';
import { excerptOf, messageIn } from './excerpt.js';
import { objectOrNull, textOrNull } from './json-value.js';

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
