import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { DutyOverrides, LiveOverride } from '../contract/duty-schema.js';
import { dutyId, OVERRIDES_MEMO } from '../contract/names.js';

/** The overrides of a schedule that are not in its file, as its workflow publishes them; none where there is none. Needs no worker. */
export async function publishedOverrides(temporal: Client, schedule: string): Promise<DutyOverrides> {
  const none = { schedule, version: 0, overrides: [] };
  try {
    const { status, memo } = await temporal.workflow.getHandle(dutyId(schedule)).describe();
    const published = memo?.[OVERRIDES_MEMO];
    return status.name === 'RUNNING' && isPublished(published) ? published : none;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return none;
    throw error;
  }
}

const isPublished = (memo: unknown): memo is DutyOverrides =>
  typeof memo === 'object' && memo !== null && 'overrides' in memo && Array.isArray(memo.overrides);

/** Half of the time after which an update is answered: the other half is for the look itself. */
const LOOK_INTERVAL_MS = 1_000;
/** A request to call never waits longer for it. */
const MAX_WAIT_MS = 1_000;
const LOOK_TIMEOUT_MS = 5_000;

interface OverridesEvents {
  /** The first look of several that failed. */
  readonly failed: (schedule: string, error: unknown) => void;
  readonly succeeded: (schedule: string) => void;
}

interface Known {
  overrides: readonly LiveOverride[];
  /** When the look began that has told it. */
  asOf: number;
  failed: boolean;
  look: { readonly at: number; readonly done: Promise<void> } | null;
}

/** What a process knows of the overrides of each schedule that it is asked for. */
export class OverridesReader {
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly look: (schedule: string) => Promise<DutyOverrides>,
    private readonly events: OverridesEvents,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** As they were at most a second ago; where a look fails or takes long, as they were known last. */
  async of(schedule: string): Promise<readonly LiveOverride[]> {
    const known = this.#known.get(schedule) ?? { overrides: [], asOf: -Infinity, failed: false, look: null };
    this.#known.set(schedule, known);
    const lookedAt = known.look?.at ?? -Infinity;
    if (this.now() - Math.max(known.asOf, known.failed ? lookedAt : -Infinity) < LOOK_INTERVAL_MS) {
      return known.overrides;
    }
    // One that hangs keeps no other from beginning.
    if (this.now() - lookedAt >= LOOK_INTERVAL_MS)
      known.look = { at: this.now(), done: this.#lookOnce(schedule, known) };
    if (known.look !== null) await within(MAX_WAIT_MS, known.look.done);
    return known.overrides;
  }

  async #lookOnce(schedule: string, known: Known): Promise<void> {
    const asOf = this.now();
    try {
      const { overrides } = await this.look(schedule);
      if (asOf < known.asOf) return;
      known.overrides = overrides;
      known.asOf = asOf;
      if (known.failed) this.events.succeeded(schedule);
      known.failed = false;
    } catch (error) {
      if (asOf < known.asOf) return;
      if (!known.failed) this.events.failed(schedule, error);
      known.failed = true;
    }
  }
}

interface Log {
  readonly info: (about: object, message: string) => void;
  readonly error: (about: object, message: string) => void;
}

/** @param temporal asked for at each look: its connection may be another one by then. */
export const readOverrides = (temporal: () => Client, log: Log): OverridesReader =>
  new OverridesReader(
    async (schedule) => {
      const client = temporal();
      return await client.withDeadline(Date.now() + LOOK_TIMEOUT_MS, () => publishedOverrides(client, schedule));
    },
    {
      failed: (schedule, error) =>
        log.error(
          { schedule, why: error instanceof Error ? error.message : String(error) },
          'it cannot be read who has taken over: what was known last counts, or the file of the schedule',
        ),
      succeeded: (schedule) => log.info({ schedule }, 'it can be read again who has taken over'),
    },
  );

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  await Promise.race([done, over]);
  clearTimeout(timer);
}
