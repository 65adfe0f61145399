import type { RunMark } from '../contract/activities.js';
import type { PigeonClient } from '../pigeon/client.js';
import { PigeonNotFound } from '../pigeon/errors.js';

/** Pigeon's queue holds 30 runs; 100 telephone calls at either end of the list reach all that were placed just now. */
const PAGE = 100;
/** Runs that are known to be others' need no second look. Losing this costs requests, nothing else. */
const REMEMBERED = 5_000;

export interface RunFinder {
  /** The resultId of the run whose parameters carry the mark; null when none does (yet). */
  find(mark: RunMark, options: { readonly signal: AbortSignal; readonly progress: () => void }): Promise<string | null>;
}

/** Looks through the newest calls of the space. The order of the list is not documented, so both of its ends are read. */
export function createRunFinder(pigeon: PigeonClient): RunFinder {
  const others = new Set<string>();

  async function carries(resultId: string, mark: RunMark, signal: AbortSignal): Promise<boolean> {
    const run = await pigeon.result(resultId, { signal }).catch((error: unknown) => {
      if (error instanceof PigeonNotFound) return null; // listed, not yet readable
      throw error;
    });
    const { pigeonflowRef, pigeonflowRun } = run?.parameters ?? {};
    if (pigeonflowRef === mark.reference && pigeonflowRun === mark.workflowRun) return true;
    // A run that has ended, or carries a mark, will not become ours; any other may still be incomplete.
    if (run !== null && (!run.isActive || pigeonflowRef !== undefined)) {
      if (others.size >= REMEMBERED) others.clear();
      others.add(`${resultId} ${mark.reference} ${mark.workflowRun}`);
    }
    return false;
  }

  return {
    async find(mark, { signal, progress }) {
      const first = await pigeon.calls({ offset: 0, limit: PAGE }, { signal });
      progress();
      const total = first.total ?? 0;
      const last =
        total > PAGE ? await pigeon.calls({ offset: Math.max(PAGE, total - PAGE), limit: PAGE }, { signal }) : null;
      const ids = new Set([...first.items, ...(last?.items ?? [])].map((item) => item.resultId));
      for (const resultId of ids) {
        if (resultId === null || others.has(`${resultId} ${mark.reference} ${mark.workflowRun}`)) continue;
        progress();
        if (await carries(resultId, mark, signal)) return resultId;
      }
      return null;
    },
  };
}
