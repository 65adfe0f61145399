/** The messages to an incident, and their handlers: updates and queries, signals, reports of its children. */
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CompiledValidator } from '../../contract/compiled-validator.js';
import { describeErrors } from '../../contract/describe-errors.js';
import type {
  AcknowledgeInput,
  AlertUpdateInput,
  EscalateInput,
  HangUpInput,
  IncidentAnswer,
  IncidentStatus,
  IncidentTimeline,
  ResolveInput,
  SnoozeInput,
} from '../../contract/incident-schema.js';
import {
  BEING_OPENED,
  CHECK_SIGNAL,
  FailureType,
  SILENCE_SIGNAL,
  STATUS_QUERY,
  TIMELINE_QUERY,
} from '../../contract/names.js';
import { Patch } from '../../contract/patches.js';
import {
  validateAcknowledge,
  validateAlertUpdate,
  validateEscalate,
  validateHangUp,
  validateResolve,
  validateSnooze,
} from '../../contract/validators.generated.js';
import { alertOf } from '../../incident/check-incident.js';
import type { Answer } from '../../incident/decide.js';
import type { Update } from '../../incident/events.js';
import { holdsOf } from '../../incident/hold.js';
import { findStep } from '../../incident/policy.js';
import type { Alert, IncidentState } from '../../incident/state.js';
import { effectOf, repeatsAlert, type RunRoom } from '../../incident/updates.js';
import { words } from '../../words/words.js';
import { timeOf } from '../call/call.js';
import type { AwaitedPolicy } from './awaited-policy.js';
import type { IncidentRun } from './incident-run.js';
import type { Journal } from './journal.js';
import { isLevelReport, isLostRunReport, LEVEL_SIGNAL, LOST_RUN_SIGNAL } from './level-messages.js';

/** An incident, or one that still waits for its policy. */
export interface AnyIncident {
  readonly happened: (event: Update) => Answer | null;
  /** What it is answered if it happens now. Changes nothing. */
  readonly foresee: (event: Update) => Answer | null;
  /** Looks at the results, or reads the policy, now. */
  readonly lookNow: () => void;
  readonly state: IncidentState;
  readonly isOver: boolean;
  readonly status: IncidentStatus;
  readonly journal: Journal;
  readonly room: RunRoom;
}

type Begun = Pick<IncidentState, 'alert' | 'phase'>;

/** What people ask for by an update, and other workflows by the signal of the same name. */
const REQUESTS: readonly Request[] = [
  request<AcknowledgeInput>('acknowledge', validateAcknowledge, ({ by, note, takeOver }) => ({
    kind: 'acknowledge',
    ...given({ by, note, takeOver }),
  })),
  request<ResolveInput>('resolve', validateResolve, ({ by, note }) => ({ kind: 'resolve', ...given({ by, note }) })),
  request<EscalateInput>('escalate', validateEscalate, ({ by, to, from }) => ({
    kind: 'escalate',
    ...given({ by, to, from }),
  })),
  request<SnoozeInput>('snooze', validateSnooze, ({ by, for: time }) => ({
    kind: 'snooze',
    ...given({ by, for: time }),
  })),
  request<HangUpInput>('hangUp', validateHangUp, ({ by }) => ({ kind: 'hangUp', ...given({ by }) })),
];

/**
 * Updates and queries of an incident. Each update is answered at once, with what is true from then on; while the policy is
 * being read for the first time, as soon as it has been, or cannot be. What a person asks and the state does not allow
 * fails, so that a caller who sees only whether it worked is not misled: before it becomes an event where that is
 * known.
 *
 * @param begun what this run begins with: how it was opened, or what the run before has come to.
 */
export function handleUpdates(opened: () => AnyIncident | null, begun: Begun): void {
  for (const { name, validate, eventOf } of REQUESTS) {
    update<{ readonly soft?: boolean | null }>(
      name,
      validate,
      async (argument) => {
        const run = opened() ?? (await whenOpened(opened));
        run.room.taken(name);
        return acceptedOr(argument, answerOf(run.happened(eventOf(argument))));
      },
      (argument) => {
        const run = opened();
        if (run !== null) acceptedOr(argument, answerOf(run.foresee(eventOf(argument))));
      },
    );
  }
  handleAlerts(opened, begun);

  setHandler(defineQuery<IncidentStatus>(STATUS_QUERY), () => known(opened).status, {
    description: words().updates.status,
  });
  setHandler(defineQuery<IncidentTimeline>(TIMELINE_QUERY), () => known(opened).journal.timeline, {
    description: words().updates.timeline,
  });
}

/** Alerts that report the incident again; the first may be the one that has opened it. */
function handleAlerts(opened: () => AnyIncident | null, begun: Begun): void {
  const { historyLength: firstTask, continuedFromExecutionRunId } = workflowInfo();
  let isFirst = continuedFromExecutionRunId === undefined;
  /** With the newest alert, until the incident itself hears it. */
  let soFar = begun;
  const opens = (said: Alert): boolean =>
    isFirst && workflowInfo().historyLength === firstTask && repeatsAlert(begun, said);

  update<AlertUpdateInput>(
    'alert',
    validateAlertUpdate,
    async ({ alert, heldBy }) => {
      const said = alertOf(alert);
      const hasOpened = opens(said);
      isFirst = false;
      soFar = { ...soFar, alert: { ...said, parameters: { ...soFar.alert.parameters, ...said.parameters } } };
      const run = opened() ?? (await whenOpened(opened));
      run.room.taken('alert');
      if (hasOpened && !run.isOver) return openedAnswer(run.status);
      const at = Date.now();
      const holds = heldBy === undefined || !patched(Patch.Holds) ? [] : holdsOf(heldBy);
      const isNothing = effectOf(run.state, said, { holds, at }) === 'nothing';
      const answer = answerOf(run.happened({ kind: 'alert', alert: said, at, holds }));
      return answer.accepted ? { ...answer, reported: isNothing ? 'unchanged' : 'changed' } : answer;
    },
    ({ alert, heldBy }) => {
      const said = alertOf(alert);
      if (opens(said)) return;
      const run = opened();
      const effect = effectOf(run?.state ?? soFar, said, { holds: holdsOf(heldBy), at: Date.now() });
      if (effect === 'nothing' && run?.isOver !== true) {
        throw refusal(words().answers.unchanged, FailureType.AlertUnchanged);
      }
      if (run === null || run.room.hasRoomFor(effect === 'nothing' ? 'change' : effect)) return;
      throw refusal(words().answers.tooManyChanges, FailureType.TooManyChanges);
    },
  );
}

/** Signals to an incident. Those that come while its policy is read for the first time wait for this. */
export function handleSignals(run: IncidentRun | AwaitedPolicy): void {
  for (const { name, validate, eventOf } of REQUESTS) {
    const asked = (argument: unknown) => void run.happened(eventOf(readable(argument, validate)));
    setHandler(defineSignal<[unknown]>(name), asked, {
      description: words().updates.signal,
    });
  }
  setHandler(defineSignal(CHECK_SIGNAL), () => run.lookNow(), {
    description: words().updates.check,
  });
  const silenceChanged = (argument: unknown): void => {
    if (!isSilenceChange(argument)) return;
    const { silence, until, by } = argument;
    void run.happened({ kind: 'silenceChanged', at: Date.now(), silence, until: Date.parse(until), by });
  };
  setHandler(defineSignal<[unknown]>(SILENCE_SIGNAL), silenceChanged, {
    description: 'Sent when a silence that may hold this incident is changed, never by people.',
  });
}

function isSilenceChange(given: unknown): given is { silence: string; until: string; by: string } {
  if (typeof given !== 'object' || given === null) return false;
  const { silence, until, by } = given as Readonly<Record<string, unknown>>;
  const isWhole = typeof silence === 'string' && typeof until === 'string' && typeof by === 'string';
  return isWhole && by.length <= 200 && !Number.isNaN(Date.parse(until));
}

export function handleLevelReports(run: IncidentRun): void {
  const reported = (report: unknown): void => {
    if (
      !isLevelReport(report) ||
      findStep(run.policy, report.level.step) === undefined ||
      report.run !== workflowInfo().firstExecutionRunId
    )
      return;
    const { level: told, timeline, ringing } = report;
    // Calls are handed on by the result of a child alone.
    const { carried: _, ...level } = told;
    run.reported({ kind: 'levelReported', at: Date.now(), level, timeline }, ringing);
  };
  setHandler(defineSignal<[unknown]>(LEVEL_SIGNAL), reported, {
    description: 'Sent by the escalations of this incident, never by people.',
  });
  const answeredLate = (report: unknown): void => {
    if (!isLostRunReport(report) || findStep(run.policy, report.step) === undefined) return;
    if (report.run !== workflowInfo().firstExecutionRunId) return;
    const { level, step, keyInput, contact } = report;
    void run.happened({ kind: 'lostRunAnswered', at: Date.now(), level, step, keyInput, contact });
  };
  setHandler(defineSignal<[unknown]>(LOST_RUN_SIGNAL), answeredLate, {
    description: 'Sent by the search for a run of this incident that was lost, never by people.',
  });
}

function openedAnswer({ state, owner, since }: IncidentStatus): IncidentAnswer {
  return { accepted: true, state, owner, since, message: words().answers.opened, reported: 'opened' };
}

/** @throws ApplicationFailure `NotAccepted` with the answer, unless its sender wants to read that. */
function acceptedOr({ soft }: { readonly soft?: boolean | null }, answer: IncidentAnswer): IncidentAnswer {
  if (answer.accepted || soft === true) return answer;
  throw refusal(answer.message, FailureType.NotAccepted, answer);
}

/** In words alone: the Web UI would show people where in our code it was thrown. */
function refusal(message: string, type: FailureType, ...details: readonly unknown[]): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(message, type, ...details);
  failure.stack = '';
  return failure;
}

interface Request {
  readonly name: Exclude<Update['kind'], 'alert'>;
  readonly validate: CompiledValidator;
  readonly eventOf: (argument: object) => Update;
}

function request<Input>(
  name: Request['name'],
  validate: CompiledValidator,
  read: (argument: Partial<Input>) => PersonUpdate,
): Request {
  return { name, validate, eventOf: (argument) => ({ ...read(argument), at: Date.now() }) };
}

type PersonUpdate = Update extends infer U
  ? U extends Exclude<Update, { kind: 'alert' }>
    ? Omit<U, 'at'>
    : never
  : never;

async function whenOpened(opened: () => AnyIncident | null): Promise<AnyIncident> {
  await condition(() => opened() !== null);
  return known(opened);
}

function known(opened: () => AnyIncident | null): AnyIncident {
  const run = opened();
  if (run === null) throw new Error(BEING_OPENED);
  return run;
}

function update<T>(
  name: Update['kind'],
  validate: CompiledValidator,
  handle: (argument: T) => Promise<IncidentAnswer>,
  /** Throws what is not to become an event. */
  refuse: (argument: T) => void,
): void {
  setHandler(defineUpdate<IncidentAnswer, [unknown]>(name), (argument) => handle(filled(argument) as T), {
    description: words().updates.examples[name],
    validator: (argument) => {
      const value = filled(argument);
      if (!validate(value)) {
        const errors = describeErrors(validate.errors ?? []);
        throw refusal(`${name}: ${errors.join('; ')}`, FailureType.InvalidInput, errors);
      }
      refuse(value as T);
    },
  });
}

/** An empty form sends nothing, null or an empty text. */
function filled(argument: unknown): unknown {
  return argument === undefined || argument === null || argument === '' ? {} : argument;
}

/** Nobody hears what is wrong with a signal: it counts for what can be read of it. */
function readable(argument: unknown, validate: CompiledValidator): object {
  const value = filled(argument);
  return validate(value) ? (value as object) : {};
}

/** Without the fields that were left empty. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as { [K in keyof T]?: Exclude<T[K], null> };
}

function answerOf(answer: Answer | null): IncidentAnswer {
  if (answer === null) throw new Error('an update is always answered');
  return { ...answer, since: timeOf(answer.since) };
}
