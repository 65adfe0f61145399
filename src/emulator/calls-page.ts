import type { Call } from './call.js';
import type { JsonObject } from './json-value.js';
import { RequestRefused } from './request-refused.js';
import { callJson, waitingJson } from './result-json.js';
import type { Run } from './run.js';
import type { Switches } from './switches.js';

/** Items of a list without `limit`, and the most that may be asked for (manual). */
const USUAL_LIMIT = 100;
const LARGEST_LIMIT = 1_000;

/** The answer to `GET calls`: telephone calls and waiting runs in the order of their records. */
export function callsPage(
  calls: readonly Call[],
  waiting: readonly Run[],
  query: URLSearchParams,
  switches: Switches,
): JsonObject {
  const offset = whole(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
  const limit = whole(query, 'limit', USUAL_LIMIT, LARGEST_LIMIT);
  const records = [
    ...calls.map((call) => ({ at: call.createdAt, json: () => callJson(call, switches) })),
    ...(switches.waitingRunsInCalls === 'listed' ? waiting : []).map((run) => ({
      at: run.requestedAt,
      json: () => waitingJson(run.resultId, switches),
    })),
  ].toSorted((one, other) => one.at - other.at);
  if (switches.listOrder === 'newestFirst') records.reverse();
  return { items: records.slice(offset, offset + limit).map((record) => record.json()), total: records.length };
}

function whole(query: URLSearchParams, name: string, usual: number, largest: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > largest) throw new RequestRefused('invalid', `${name} is not valid`);
  return value;
}
