import type { RunSearch } from '../contract/activities.js';
import type { PigeonClient } from '../pigeon/client.js';
import { PigeonNotFound, PigeonNotReached } from '../pigeon/errors.js';
import type { RunResult } from '../pigeon/answers.js';

const PAGE = 100;
/** From each end of the list, at most. */
const MAX_PAGES = 20;
/** Results that are asked for together. */
const AT_ONCE = 4;
/** By so much Pigeon's clock may be behind that of the worker which placed the call. */
const CLOCKS_DIFFER_MS = 60_000;
/** Runs that say who they are need no second look. Losing this costs requests, nothing else. */
const REMEMBERED = 20_000;

export interface RunFinder {
  /** The resultId of the run whose parameters carry the mark; null when none does (yet). */
  find(
    search: RunSearch,
    options: { readonly signal: AbortSignal; readonly progress: () => void },
  ): Promise<string | null>;
}

/** What a run says of itself. */
interface Seen {
  readonly mark: string;
  /** When it was last known to begin a telephone call; NaN where it does not tell. */
  readonly calledAt: number;
}

/**
 * Looks through the newest telephone calls of the space. The order of the list is not documented, so it is read from both of
 * its ends, a page each, and on towards the middle for as long as there are runs that began after the POST.
 */
export function createRunFinder(pigeon: PigeonClient): RunFinder {
  const known = new Map<string, Seen>();
  /** After an outage many calls search at once: a result is read once for all of them, so no search's end stops a read. */
  const reading = new Map<string, Promise<Seen | null>>();

  async function seen(resultId: string): Promise<Seen | null> {
    const before = known.get(resultId);
    if (before !== undefined) return before;
    const read = reading.get(resultId) ?? readResult(resultId).finally(() => reading.delete(resultId));
    reading.set(resultId, read);
    return read;
  }

  async function readResult(resultId: string): Promise<Seen | null> {
    const run = await pigeon.result(resultId).catch((error: unknown) => {
      if (error instanceof PigeonNotFound) return null; // listed, not yet readable
      throw error;
    });
    if (run === null) return null;
    const { pigeonflowRef, pigeonflowRun } = run.parameters;
    const now = { mark: markOf(pigeonflowRef, pigeonflowRun), calledAt: latestCallOf(run) };
    // A run that has ended, or has begun and carries a mark, says no more of itself later; any other may still be incomplete.
    if (!run.isActive || (pigeonflowRef !== undefined && !Number.isNaN(now.calledAt))) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(resultId, now);
    }
    return now;
  }

  return {
    async find({ reference, workflowRun, postedAt = Number.POSITIVE_INFINITY }, { signal, progress }) {
      const wanted = markOf(reference, workflowRun);
      const looked = new Map<string, Promise<Seen | null>>();
      const look = (resultId: string) => {
        const looking = looked.get(resultId) ?? seen(resultId).finally(progress);
        looked.set(resultId, looking);
        return looking;
      };
      const list = async (offset: number) => {
        const page = await pigeon.calls({ offset, limit: PAGE }, { signal }).catch((error: unknown) => {
          // No matter who answers: at this address there is no list.
          if (error instanceof PigeonNotReached) throw new PigeonNotFound(error.message, error.detail);
          throw error;
        });
        progress();
        return page;
      };
      const search = async ({ items }: Awaited<ReturnType<typeof list>>) => {
        const ids = [...new Set(items.flatMap(({ resultId }) => resultId ?? []))];
        let isRecent = false;
        for (let from = 0; from < ids.length; from += AT_ONCE) {
          signal.throwIfAborted();
          const some = ids.slice(from, from + AT_ONCE);
          const runs = await Promise.all(some.map(look));
          const found = some[runs.findIndex((run) => run?.mark === wanted)];
          if (found !== undefined) return { found, isRecent };
          isRecent ||= runs.some((run) => run !== null && run.calledAt >= postedAt - CLOCKS_DIFFER_MS);
        }
        return { found: null, isRecent };
      };

      const first = await list(0);
      const total = first.total ?? 0;
      let ends = [{ offset: 0, step: PAGE }];
      if (total > PAGE) ends.push({ offset: Math.max(PAGE, total - PAGE), step: -PAGE });
      for (let pages = 0; pages < MAX_PAGES && ends.length > 0; pages += 1) {
        const further = [];
        for (const { offset, step } of ends) {
          const { found, isRecent } = await search(offset === 0 ? first : await list(offset));
          if (found !== null) return found;
          if (isRecent) further.push({ offset: offset + step, step });
        }
        ends = further.filter(({ offset }) => offset > 0 && offset < total);
      }
      return null;
    },
  };
}

const markOf = (reference: unknown, workflowRun: unknown): string => JSON.stringify([reference, workflowRun]);

const latestCallOf = ({ startedAt, calls }: RunResult): number => timeIn(calls.at(-1)?.startedAt ?? startedAt ?? '');

/** A time that names no zone is Japan's, whose service it is: in that of the worker it could be hours ahead, and everything recent. */
function timeIn(text: string): number {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  return Date.parse(zoned ? text : `${text.trim().replace(/^(\d{4})[/-](\d\d?)[/-](\d\d?)[ T]/, '$1-$2-$3T')}+09:00`);
}
