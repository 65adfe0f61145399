import type { PigeonClient } from '../pigeon/client.js';
import { PigeonNotFound } from '../pigeon/errors.js';

/** Pigeon's queue holds 30 runs; 100 telephone calls at either end of the list reach all that were placed just now. */
const PAGE = 100;
/** Runs whose reference is known need no second look. Losing this costs requests, nothing else. */
const REMEMBERED = 5_000;

export interface RunFinder {
  /** The resultId of the run whose parameters carry the reference; null when none does (yet). */
  find(
    reference: string,
    options: { readonly signal: AbortSignal; readonly progress: () => void },
  ): Promise<string | null>;
}

/** Looks through the newest calls of the space. The order of the list is not documented, so both of its ends are read. */
export function createRunFinder(pigeon: PigeonClient): RunFinder {
  const referenceOf = new Map<string, unknown>();

  async function look(resultId: string, signal: AbortSignal): Promise<unknown> {
    if (referenceOf.has(resultId)) return referenceOf.get(resultId);
    let reference: unknown = null;
    try {
      reference = (await pigeon.result(resultId, { signal })).parameters['pigeonflowRef'];
    } catch (error) {
      if (!(error instanceof PigeonNotFound)) throw error;
    }
    if (referenceOf.size >= REMEMBERED) referenceOf.clear();
    referenceOf.set(resultId, reference);
    return reference;
  }

  return {
    async find(reference, { signal, progress }) {
      for (const [resultId, known] of referenceOf) if (known === reference) return resultId;
      const first = await pigeon.calls({ offset: 0, limit: PAGE }, { signal });
      progress();
      const total = first.total ?? 0;
      const last =
        total > PAGE ? await pigeon.calls({ offset: Math.max(PAGE, total - PAGE), limit: PAGE }, { signal }) : null;
      const ids = new Set([...first.items, ...(last?.items ?? [])].map((item) => item.resultId));
      for (const resultId of ids) {
        if (resultId === null) continue;
        progress();
        if ((await look(resultId, signal)) === reference) return resultId;
      }
      return null;
    },
  };
}
