import { PigeonUnconfirmed } from './errors.js';
import { objectOrNull, textOrNull } from './json-value.js';

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
