import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineQuery,
  makeContinueAsNewFunc,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
  sleep,
  upsertMemo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import type {
  ConfirmInput,
  DutyAnswer,
  DutyOverrides,
  FoundShifts,
  LiveOverride,
  OverrideInput,
  RemoveInput,
  SwapInput,
  TakeInput,
  WantedShifts,
} from '../contract/duty-schema.js';
import { FailureType, KNOWN_AFTER_MS, OVERRIDES_MEMO, OVERRIDES_QUERY } from '../contract/names.js';
import {
  validateConfirm,
  validateOverride,
  validateRemove,
  validateSwap,
  validateTake,
} from '../contract/validators.generated.js';
import * as overrides from '../duty/overrides.js';
import { EXTERNAL } from '../incident/events.js';
import { escaped, table } from '../incident/markdown.js';
import { answeredUpdate, refusal } from './answered-update.js';
import { historyIsLong } from './call/wait.js';
import { stamp, words } from '../words/words.js';

interface DutyInput {
  /** Name of a schedule. */
  readonly schedule: string;
}

/**
 * The overrides of one schedule that are made while it is in use. It runs for ever once there is one, and decides nothing of the calls: each
 * worker reads what it publishes, at most a second before it calls somebody. An update is answered when every worker knows.
 *
 * @param carried what a continued run takes over; callers leave it out.
 */
export async function duty(input: DutyInput, carried?: DutyOverrides): Promise<void> {
  const run = new DutyRun(carried ?? overrides.noOverrides(checkInput(input)));
  handleUpdates(run);
  if (carried !== undefined) run.show();
  for (;;) {
    const next = overrides.nextChange(run.state, Date.now());
    const woken = () => run.hasChanged || run.shouldContinueAsNew;
    const isUnused = run.state.version === 0;
    const until = isUnused ? Date.now() + UNUSED_TIMEOUT_MS : next;
    const isWoken = await (until === null
      ? condition(woken).then(() => true)
      : condition(woken, Math.max(1, until - Date.now())));
    if (isUnused && !isWoken && allHandlersFinished()) return;
    if (run.shouldContinueAsNew) {
      await makeContinueAsNewFunc<typeof duty>({ memo: run.memo })(input, run.state);
    }
    // The time of one has come, or is over.
    if (!run.hasChanged) run.show();
    run.hasChanged = false;
  }
}

/** Set by the worker in front of the bundle, since workflows cannot read its configuration. */
declare global {
  var pigeonflowIsVersioned: boolean | undefined;
}

// It outlives every version of the workers. Without worker versioning the server would refuse it.
if (globalThis.pigeonflowIsVersioned === true) setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, duty);

/** On any worker: it reads the file of the schedule. */
const { findShifts } = proxyActivities<Pick<Activities, 'findShifts'>>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumAttempts: 3 },
  summary: words().duty.summaryOfSearch,
});

/** Somebody has only asked, maybe for a schedule that is nowhere. */
const UNUSED_TIMEOUT_MS = 3_600_000;

class DutyRun {
  /** The state has changed, and is shown. */
  hasChanged = false;
  #publishedAt = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(public state: DutyOverrides) {}

  get shouldContinueAsNew(): boolean {
    return allHandlersFinished() && historyIsLong();
  }

  get memo(): Record<string, DutyOverrides> {
    return { [OVERRIDES_MEMO]: overrides.published(this.state, Date.now()) };
  }

  async override({ restore, people, shift, from, until, instead, ...asked }: OverrideInput): Promise<DutyAnswer> {
    if (restore !== undefined && restore.length > 0) {
      return await this.#change(() => overrides.restore(this.state, restore, Date.now()));
    }
    const wanted = [people ?? []].flat().filter((handle) => handle !== '');
    if (wanted.length === 0) throw this.#refusal(words().duty.noPerson);
    const time = { people: wanted, until: until || null, instead: instead || null };
    const found = (): WantedShifts => {
      if (shift) return { kind: 'shift', shift, ...time };
      return from ? { kind: 'time', from, ...time } : { kind: 'now', upTo: 'any', ...time };
    };
    return await this.#make('override', found(), { ...asked, agreeing: [byOf(asked)] });
  }

  async take({ person, until, instead, ...asked }: TakeInput): Promise<DutyAnswer> {
    if (!person) throw this.#refusal(words().duty.noPerson);
    const time = { people: [person], until: until || null, instead: instead || null };
    return await this.#make(
      'take',
      { kind: 'now', upTo: 'end', ...time },
      { ...asked, agreeing: [person], by: asked.by || person },
    );
  }

  async swap({ shift, with: other, person, agreed, ...asked }: SwapInput): Promise<DutyAnswer> {
    if (!shift || !other) throw this.#refusal(words().duty.noShifts);
    const agreeing = person ? [person] : [];
    const by = asked.by || person || null;
    const more = { ...asked, by, agreeing, countsAtOnce: agreed === true };
    return await this.#make('swap', { kind: 'swap', shift, with: other }, more);
  }

  async confirm({ person, number, ...asked }: ConfirmInput): Promise<DutyAnswer> {
    if (!person) throw this.#refusal(words().duty.noPerson);
    const confirmation = { person, number: number ?? null, by: asked.by || person };
    return await this.#change(() => overrides.confirm(this.state, confirmation, Date.now()));
  }

  async remove({ number, reason, ...asked }: RemoveInput): Promise<DutyAnswer> {
    const removal = { number: number ?? null, by: byOf(asked), reason: reason || null };
    return await this.#change(() => overrides.remove(this.state, removal, Date.now()));
  }

  show(): void {
    upsertMemo(this.memo);
    setCurrentDetails(detailsOf(this.state, Date.now()));
  }

  async #make(
    kind: LiveOverride['kind'],
    wanted: WantedShifts,
    { reason, preview, agreeing, countsAtOnce = true, ...asked }: Asked,
  ): Promise<DutyAnswer> {
    return await this.#inTurn(async () => {
      const at = Date.now();
      const { schedule } = this.state;
      const open = this.state.overrides.filter((one) => one.removed === null && !one.proposed);
      const found = await this.#found({ schedule, overrides: open, wanted, at });
      if (found.found === 'nothing') throw this.#refusal(found.message);
      if (found.found === 'already') return this.#answer(found.message, null);
      const { parts, names } = found;
      const more = {
        kind,
        parts,
        by: byOf(asked),
        reason: reason || null,
        agreeing,
        countsAtOnce,
        ...(names && { names }),
      };
      const outcome = overrides.make(this.state, more, at);
      if (preview !== true || outcome.is === 'refused') return this.#take(outcome);
      return this.#answer(words().duty.preview(outcome.message), outcome.override);
    }).then((answer) => (preview === true ? answer : this.#whenKnown(answer)));
  }

  async #change(change: () => overrides.Outcome): Promise<DutyAnswer> {
    return await this.#whenKnown(await this.#inTurn(() => Promise.resolve(this.#take(change()))));
  }

  #take({ state, is, override, message }: overrides.Outcome): DutyAnswer {
    if (is === 'refused') throw this.#refusal(message, override);
    if (is === 'done') {
      this.state = state;
      this.hasChanged = true;
      this.#publishedAt = Date.now();
      this.show();
    }
    return this.#answer(message, override);
  }

  /** From then on no worker calls anybody by what was before. */
  async #whenKnown(answer: DutyAnswer): Promise<DutyAnswer> {
    const known = this.#publishedAt + KNOWN_AFTER_MS;
    if (Date.now() >= known) return answer;
    await sleep(known - Date.now(), { summary: words().duty.summaryOfAnswer });
    const holdsFrom = new Date(known).toISOString();
    return { ...answer, message: `${answer.message} ${words().duty.holdsFrom(stamp(known))}`, holdsFrom };
  }

  async #found(search: Parameters<Activities['findShifts']>[0]): Promise<FoundShifts> {
    try {
      return await findShifts(search);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      throw this.#refusal(words().duty.noSchedule(search.schedule));
    }
  }

  #answer(message: string, override: LiveOverride | null): DutyAnswer {
    return { accepted: true, message, override, holdsFrom: null, version: this.state.version };
  }

  #refusal(message: string, override: LiveOverride | null = null): ApplicationFailure {
    const answer: DutyAnswer = { ...this.#answer(message, override), accepted: false };
    return refusal(message, FailureType.NotAccepted, answer);
  }

  /** Each is decided on what the one before has come to. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

interface Asked {
  readonly by?: string | null;
  readonly reason?: string | null;
  readonly preview?: boolean | null;
  readonly agreeing: readonly string[];
  readonly countsAtOnce?: boolean;
}

const byOf = ({ by }: { readonly by?: string | null }): string => by || EXTERNAL;

function checkInput(input: unknown): string {
  const schedule = typeof input === 'object' && input !== null && 'schedule' in input ? input.schedule : null;
  if (typeof schedule === 'string' && /^[a-z0-9][a-z0-9-]{0,59}$/.test(schedule)) return schedule;
  throw refusal('The input of duty must be {"schedule": "<name>"}.', FailureType.InvalidInput);
}

function handleUpdates(run: DutyRun): void {
  const said = words().updates.ofDuty;
  answeredUpdate('override', said.override, validateOverride, (argument) => run.override(argument as OverrideInput));
  answeredUpdate('take', said.take, validateTake, (argument) => run.take(argument as TakeInput));
  answeredUpdate('swap', said.swap, validateSwap, (argument) => run.swap(argument as SwapInput));
  answeredUpdate('confirm', said.confirm, validateConfirm, (argument) => run.confirm(argument as ConfirmInput));
  answeredUpdate('remove', said.remove, validateRemove, (argument) => run.remove(argument as RemoveInput));
  setHandler(defineQuery<DutyOverrides>(OVERRIDES_QUERY), () => run.state, {
    description: said.overrides,
  });
}

const MAX_SHOWN = 30;

/** Markdown: whom the overrides of now put on duty, and the newest of all. Which one wins where several do, the schedule decides. */
function detailsOf(state: DutyOverrides, at: number): string {
  const said = words().duty;
  const counting = state.overrides.filter((one) => overrides.isOpen(one, at) && !one.proposed);
  const now = counting.flatMap((one) =>
    one.parts
      .filter(({ from, until }) => Date.parse(from) <= at && at < Date.parse(until))
      .map(({ people }) => overrides.namesOf(one, people)),
  );
  const heading =
    now.length === 0
      ? said.asPlanned(state.schedule)
      : said.heading(state.schedule, escaped([...new Set(now)].join(', ')));
  const rows = state.overrides
    .slice(-MAX_SHOWN)
    .toReversed()
    .flatMap((one) => overrides.rowsOf(one, at).map((row) => row.map(escaped)));
  return rows.length === 0 ? heading : [heading, '', ...table(overrides.columns(), rows)].join('\n');
}
