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
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import { durationMs } from '../contract/duration.js';
import { FailureType, KNOWN_AFTER_MS, SILENCES_MEMO, SILENCES_QUERY } from '../contract/names.js';
import type { AddSilenceInput, EndSilenceInput, Silence, SilenceAnswer, Silences } from '../contract/silence-schema.js';
import { validateAddSilence, validateEndSilence } from '../contract/validators.generated.js';
import { EXTERNAL } from '../incident/events.js';
import { escaped, table } from '../incident/markdown.js';
import { describeSilence, silenceColumns, silenceRow } from '../words/describe-silence.js';
import { words } from '../words/words.js';
import { timeOf } from './call/call.js';
import { answeredUpdate, refusal } from './answered-update.js';
import { historyIsLong } from './call/wait.js';

/** What a continued run takes over. */
interface SilencesProgress extends Silences {
  readonly lastNumber: number;
  /** Silences that were ended early: when the incidents that they hold are told of it, once more. Epoch milliseconds. */
  readonly toTell: readonly { readonly number: number; readonly at: number }[];
}

const NONE: SilencesProgress = { version: 0, silences: [], lastNumber: 0, toTell: [] };

/**
 * Which alerts call nobody for a while. It runs for ever once there is one, and decides nothing: each gateway reads what it
 * publishes, and the incident of an alert holds itself until the silence is over. One that is ended early is told to what it holds.
 *
 * @param carried what a continued run takes over; callers leave it out.
 */
export async function silences(_input: unknown, carried?: SilencesProgress): Promise<void> {
  const run = new SilencesRun(carried ?? NONE);
  handleUpdates(run);
  if (carried !== undefined) run.show();
  for (;;) {
    const woken = () => run.hasChanged || run.shouldContinueAsNew;
    const next = run.nextAt;
    await (next === null ? condition(woken) : condition(woken, Math.max(1, next - Date.now())));
    run.hasChanged = false;
    if (run.shouldContinueAsNew) {
      await makeContinueAsNewFunc<typeof silences>({ memo: run.memo })({}, run.state);
    }
    await run.tell();
    run.show();
  }
}

// It outlives every version of the workers. Without worker versioning the server would refuse it.
if (globalThis.pigeonflowIsVersioned === true) setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, silences);

const { tellSilence } = proxyActivities<Pick<Activities, 'tellSilence'>>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '1d',
  retry: { initialInterval: '1s', maximumInterval: '1m' },
  summary: words().silence.summaryOfTelling,
});

const MAX_DURATION = '24h';
const DEFAULT_DURATION = '1h';
const MAX_ACTIVE = 50;
const MAX_OVER = 50;
/** At once, when no gateway knows it as it was any more, and when every list of incidents has what was opened until then. */
const TELL_AFTER_MS = [0, 5_000, 60_000];

class SilencesRun {
  /** Something is to be done, or shown. */
  hasChanged = false;

  constructor(public state: SilencesProgress) {}

  get shouldContinueAsNew(): boolean {
    return allHandlersFinished() && historyIsLong();
  }

  get memo(): Record<string, Silences> {
    const { version } = this.state;
    return { [SILENCES_MEMO]: { version, silences: this.state.silences.filter((one) => counts(one)) } };
  }

  /** When something is to be told, or a silence is over and no longer shown. */
  get nextAt(): number | null {
    const ends = this.state.silences.filter((one) => counts(one)).map(({ until }) => Date.parse(until));
    const times = [...ends, ...this.state.toTell.map(({ at }) => at)];
    return times.length === 0 ? null : Math.min(...times);
  }

  async add(given: AddSilenceInput): Promise<SilenceAnswer> {
    const said = words().silence;
    const service = given.service ? { service: given.service } : {};
    const labels = { ...given.labels, ...service };
    const integration = given.integration || null;
    const reason = given.reason?.trim() ?? '';
    const duration = given.for || DEFAULT_DURATION;
    if (Object.keys(labels).length === 0 && integration === null) throw this.#refusal(said.nothingNamed);
    if (reason === '') throw this.#refusal(said.noReason);
    if (durationMs(duration) > durationMs(MAX_DURATION)) throw this.#refusal(said.tooLong(duration, MAX_DURATION));
    if (this.state.silences.filter((one) => counts(one)).length >= MAX_ACTIVE) {
      throw this.#refusal(said.tooMany(MAX_ACTIVE));
    }
    const now = Date.now();
    const number = this.state.lastNumber + 1;
    const silence: Silence = {
      number,
      id: `${workflowInfo().workflowId}/${workflowInfo().firstExecutionRunId.slice(0, 8)}/${number}`,
      labels,
      integration,
      critical: given.critical === true,
      by: given.by || EXTERNAL,
      reason,
      from: timeOf(now),
      until: timeOf(now + durationMs(duration)),
      ended: null,
    };
    this.#change([...this.state.silences, silence], number);
    // From then on no gateway calls anybody for what it is for.
    await sleep(KNOWN_AFTER_MS, { summary: said.summaryOfAnswer });
    return { accepted: true, message: said.added(describeSilence(silence)), silence };
  }

  end({ number, by, reason }: EndSilenceInput): SilenceAnswer {
    const said = words().silence;
    const active = this.state.silences.filter((one) => counts(one));
    const wanted = number ?? (active.length === 1 ? active[0]?.number : undefined);
    const silence = this.state.silences.find((one) => one.number === wanted);
    if (silence === undefined) throw this.#refusal(wanted === undefined ? said.which : said.noSuch(wanted));
    if (!counts(silence)) return { accepted: true, message: said.isOver(silence.number), silence };
    const at = timeOf(Date.now());
    const ended: Silence = { ...silence, until: at, ended: { by: by || EXTERNAL, at, reason: reason || null } };
    this.#change(this.state.silences.map((one) => (one === silence ? ended : one)));
    const tellings = TELL_AFTER_MS.map((ms) => ({ number: silence.number, at: Date.now() + ms }));
    this.state = { ...this.state, toTell: [...this.state.toTell, ...tellings] };
    return { accepted: true, message: said.ended(describeSilence(silence)), silence: ended };
  }

  /** What is open and held by a silence that was ended early is called now. */
  async tell(): Promise<void> {
    const due = this.state.toTell.filter(({ at }) => at <= Date.now());
    if (due.length === 0) return;
    await Promise.all(
      [...new Set(due.map(({ number }) => number))].map(async (number) => {
        const silence = this.state.silences.find((one) => one.number === number);
        if (silence === undefined) return;
        const { id, until, ended, by } = silence;
        await tellSilence({ silence: id, until, by: ended?.by ?? by }).catch((error: unknown) => {
          // After a day: what it held has been called at the end that was known before.
          if (!(error instanceof ActivityFailure)) throw error;
        });
      }),
    );
    this.state = { ...this.state, toTell: this.state.toTell.filter((one) => !due.includes(one)) };
  }

  show(): void {
    upsertMemo(this.memo);
    setCurrentDetails(detailsOf(this.state.silences));
  }

  #change(all: readonly Silence[], lastNumber = this.state.lastNumber): void {
    const awaited = new Set(this.state.toTell.map(({ number }) => number));
    const over = all.filter((one) => !counts(one) && !awaited.has(one.number)).slice(0, -MAX_OVER);
    const kept = all.filter((one) => !over.includes(one));
    this.state = { ...this.state, version: this.state.version + 1, silences: kept, lastNumber };
    this.hasChanged = true;
    this.show();
  }

  #refusal(message: string): ApplicationFailure {
    const answer: SilenceAnswer = { accepted: false, message, silence: null };
    return refusal(message, FailureType.NotAccepted, answer);
  }
}

const counts = ({ until }: Silence): boolean => Date.parse(until) > Date.now();

function handleUpdates(run: SilencesRun): void {
  const said = words().updates.ofSilences;
  answeredUpdate('add', said.add, validateAddSilence, (argument) => run.add(argument as AddSilenceInput));
  answeredUpdate('end', said.end, validateEndSilence, (argument) =>
    Promise.resolve(run.end(argument as EndSilenceInput)),
  );
  setHandler(
    defineQuery<Silences>(SILENCES_QUERY),
    () => ({ version: run.state.version, silences: run.state.silences }),
    { description: said.silences },
  );
}

/** Markdown. */
function detailsOf(all: readonly Silence[]): string {
  const active = all.filter((one) => counts(one));
  if (active.length === 0) return words().silence.none;
  return table(
    silenceColumns(),
    active.map((one) => silenceRow(one).map(escaped)),
  ).join('\n');
}
