import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { describeErrors } from '../../contract/describe-errors.js';
import type { CompiledValidator } from '../../contract/compiled-validator.js';
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
import { BEING_OPENED, CHECK_SIGNAL, FailureType, STATUS_QUERY, TIMELINE_QUERY } from '../../contract/names.js';
import {
  validateAcknowledge,
  validateAlertUpdate,
  validateEscalate,
  validateHangUp,
  validateResolve,
  validateSnooze,
} from '../../contract/validators.generated.js';
import type { Alert } from '../../policy/alert.js';
import { alertOf } from '../../policy/check-incident.js';
import type { Answer } from '../../policy/decision.js';
import type { Update } from '../../policy/incident-event.js';
import type { IncidentState } from '../../policy/incident-state.js';
import type { RunRoom } from '../../policy/run-room.js';
import { findStep } from '../../policy/step-of.js';
import { changesNothing, isWorse, repeatsAlert } from '../../policy/updates.js';
import { timeOf } from '../call/call.js';
import type { IncidentRun } from './incident-run.js';
import type { Journal } from './journal.js';
import { isLevelReport, isLostRunReport, LEVEL_SIGNAL, LOST_RUN_SIGNAL } from './level-messages.js';

/** An incident, or one that still waits for its policy. */
export interface Answering {
  readonly happened: (event: Update) => Answer | null;
  readonly state: IncidentState;
  readonly isOver: boolean;
  readonly status: IncidentStatus;
  readonly journal: Journal;
  readonly room: RunRoom;
}

type Asked = Update extends infer U ? (U extends Update ? Omit<U, 'at'> : never) : never;

/**
 * Updates and queries of an incident. Each update is answered at once, with what is true from then on; while the policy is
 * being read for the first time, as soon as it has been, or cannot be.
 *
 * @param reported with which the incident was opened.
 */
export function answerPeople(opened: () => Answering | null, reported: Alert): void {
  const ask = async (asked: Asked): Promise<IncidentAnswer> => {
    const run = opened() ?? (await whenOpened(opened));
    run.room.taken(asked.kind);
    return answerOf(run.happened({ ...asked, at: Date.now() }));
  };

  update<AcknowledgeInput>('acknowledge', validateAcknowledge, EXAMPLES.acknowledge, ({ by, note, takeOver }) =>
    ask({ kind: 'acknowledge', ...given({ by, note, takeOver }) }),
  );
  update<ResolveInput>('resolve', validateResolve, EXAMPLES.resolve, ({ by, note }) =>
    ask({ kind: 'resolve', ...given({ by, note }) }),
  );
  update<EscalateInput>('escalate', validateEscalate, EXAMPLES.escalate, ({ by, to, from }) =>
    ask({ kind: 'escalate', ...given({ by, to, from }) }),
  );
  update<SnoozeInput>('snooze', validateSnooze, EXAMPLES.snooze, ({ by, for: time }) =>
    ask({ kind: 'snooze', ...given({ by, for: time }) }),
  );
  update<HangUpInput>('hangUp', validateHangUp, EXAMPLES.hangUp, ({ by }) => ask({ kind: 'hangUp', ...given({ by }) }));
  update<AlertUpdateInput>(
    'alert',
    validateAlertUpdate,
    EXAMPLES.alert,
    ({ alert }) => ask({ kind: 'alert', alert: alertOf(alert) }),
    ({ alert }) => {
      const run = opened();
      const said = alertOf(alert);
      const isNothing = run === null ? repeatsAlert({ alert: reported }, said) : changesNothing(run.state, said);
      if (isNothing && run?.isOver !== true) {
        throw ApplicationFailure.nonRetryable('Nothing new: the incident goes on.', FailureType.AlertUnchanged);
      }
      if (run === null || run.room.hasRoomFor(isWorse(run.state, said) ? 'worse' : 'change')) return;
      throw ApplicationFailure.nonRetryable(
        'The incident has changed too often, and what is left is for people. It goes on; report the newest again in a minute.',
        FailureType.TooManyChanges,
      );
    },
  );

  setHandler(defineQuery<IncidentStatus>(STATUS_QUERY), () => known(opened).status, {
    description: 'What is happening, who owns it, what comes next.',
  });
  setHandler(defineQuery<IncidentTimeline>(TIMELINE_QUERY), () => known(opened).journal.timeline, {
    description: 'What has happened, newest 500 entries.',
  });
}

/** Signals to an incident. Those that come while its policy is read for the first time wait for this. */
export function hearSignals(run: Pick<Answering, 'happened'>, lookNow: () => void): void {
  const happened = (asked: Asked) => void run.happened({ ...asked, at: Date.now() });
  const forWorkflows = { description: 'For other workflows. People send the update of this name, which is answered.' };
  const acknowledged = (argument: unknown): void => {
    const { by, note, takeOver } = readable(argument, validateAcknowledge);
    happened({ kind: 'acknowledge', ...given({ by, note, takeOver }) });
  };
  const resolved = (argument: unknown): void => {
    const { by, note } = readable(argument, validateResolve);
    happened({ kind: 'resolve', ...given({ by, note }) });
  };
  const escalated = (argument: unknown): void => {
    const { by, to, from } = readable<EscalateInput>(argument, validateEscalate);
    happened({ kind: 'escalate', ...given({ by, to, from }) });
  };
  const snoozed = (argument: unknown): void => {
    const { by, for: time } = readable<SnoozeInput>(argument, validateSnooze);
    happened({ kind: 'snooze', ...given({ by, for: time }) });
  };
  const hungUp = (argument: unknown): void => {
    const { by } = readable<HangUpInput>(argument, validateHangUp);
    happened({ kind: 'hangUp', ...given({ by }) });
  };
  setHandler(defineSignal<[unknown]>('acknowledge'), acknowledged, forWorkflows);
  setHandler(defineSignal<[unknown]>('resolve'), resolved, forWorkflows);
  setHandler(defineSignal<[unknown]>('escalate'), escalated, forWorkflows);
  setHandler(defineSignal<[unknown]>('snooze'), snoozed, forWorkflows);
  setHandler(defineSignal<[unknown]>('hangUp'), hungUp, forWorkflows);
  setHandler(defineSignal(CHECK_SIGNAL), lookNow, {
    description: 'Look at the results now, not at the next poll.',
  });
}

export function hearLevels(run: IncidentRun): void {
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

async function whenOpened(opened: () => Answering | null): Promise<Answering> {
  await condition(() => opened() !== null);
  return known(opened);
}

function known(opened: () => Answering | null): Answering {
  const run = opened();
  if (run === null) throw new Error(BEING_OPENED);
  return run;
}

/** Shown beside each update in the Web UI, where they are chosen. */
const EXAMPLES = {
  acknowledge: 'Take it: all telephones are hung up. {"by": "sato"}; from its owner: {"by": "sato", "takeOver": true}',
  resolve: 'It is over: nobody is called any more. {"by": "sato", "note": "disk replaced"}',
  escalate: 'Call others now. As the policy says: {"by": "sato"}; this step: {"by": "sato", "to": "manager"}',
  snooze: 'Call nobody for a while, then the same people again. {"by": "sato", "for": "30m"}',
  hangUp: 'Hang up, but take nothing: the next attempt follows. {"by": "sato"}',
  alert: 'For monitoring: report the same incident again. {"alert": {"summary": "disk full", "severity": "critical"}}',
} as const;

function update<T>(
  name: Update['kind'],
  validate: CompiledValidator,
  description: string,
  handle: (argument: T) => Promise<IncidentAnswer>,
  refuse: (argument: T) => void = () => undefined,
): void {
  setHandler(defineUpdate<IncidentAnswer, [unknown]>(name), (argument) => handle(filled(argument) as T), {
    description,
    validator: (argument) => {
      const value = filled(argument);
      if (!validate(value)) {
        const errors = describeErrors(validate.errors ?? []);
        throw ApplicationFailure.nonRetryable(`${name}: ${errors.join('; ')}`, FailureType.InvalidInput, errors);
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
function readable<T extends object = AcknowledgeInput>(argument: unknown, validate: CompiledValidator): Partial<T> {
  const value = filled(argument);
  return validate(value) ? (value as T) : {};
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
