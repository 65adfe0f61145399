import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { handleOf, type PigeonCallHandle } from './client/call-handle.js';
import { callSubject, translated } from './client/temporal-errors.js';
import { CallInputInvalid, InvalidCallId } from './client/errors.js';
import { dutyHandle, type DutyHandle } from './client/duty-handle.js';
import { incidentHandle, type IncidentHandle } from './client/incident-handle.js';
import { listIncidents, type IncidentFilter, type ListedIncident } from './client/listed-incident.js';
import { openIncident, type OpenOptions, type ReportedIncident } from './client/open-incident.js';
import { callingPauseOf, pauseCalling, resumeCalling } from './client/pause-calling.js';
import { silencesHandle, type SilencesHandle } from './client/silences-handle.js';
import { retentionSeconds } from './client/workers.js';
import { checkPigeonCallInput } from './contract/check-input.js';
import type { CallingPause, CallingPauseInput } from './contract/calling-pause.js';
import type { IncidentInput } from './contract/incident-schema.js';
import { DEFAULT_INVOKE_TASK_QUEUE, DEFAULT_TASK_QUEUE, PIGEON_CALL } from './contract/names.js';
import type { PigeonCallInput } from './contract/pigeon-call-schema.js';

export type { PigeonCallHandle } from './client/call-handle.js';
export type { DutyHandle } from './client/duty-handle.js';
export type { SilencesHandle } from './client/silences-handle.js';
export type { AddSilenceInput, EndSilenceInput, Silence, SilenceAnswer, Silences } from './contract/silence-schema.js';
export * from './client/errors.js';
export type { IncidentHandle, TimeLimit } from './client/incident-handle.js';
export { incidentId, type IncidentKey } from './client/incident-id.js';
export type { IncidentFilter, ListedIncident } from './client/listed-incident.js';
export type { OpenOptions, ReportedIncident } from './client/open-incident.js';
export type { WaitOptions } from './client/patient-wait.js';
export type { CallingPause, CallingPauseInput } from './contract/calling-pause.js';
export type {
  ConfirmInput,
  DutyAnswer,
  DutyOverrides,
  LiveOverride,
  OverrideInput,
  OverridePart,
  RemoveInput,
  SwapInput,
  TakeInput,
} from './contract/duty-schema.js';
export type { Owned } from './client/wait-until-owned.js';
export type {
  AcknowledgeInput,
  AlertInput,
  EscalateInput,
  HangUpInput,
  IncidentAnswer,
  IncidentInput,
  IncidentOwner,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  ResolveInput,
  SnoozeInput,
  TimelineItem,
} from './contract/incident-schema.js';
export type { IncidentStateName } from './contract/incident-states.js';
export type { PigeonCallInput, PigeonCallResult, PigeonCallStatus } from './contract/pigeon-call-schema.js';

export interface StartedCall extends PigeonCallHandle {
  /** `before`: this id was used already, so nothing was started and this is the handle of that call. */
  readonly started: 'now' | 'before';
}

export interface PigeonflowClient {
  /**
   * Starts `pigeonCall`, once for each id: a second start with the same id places no second call and gives the handle of the
   * first. So it is safe to retry a start whose answer was lost. This holds for as long as the namespace keeps closed
   * workflows (`retentionSeconds()`, 30 days by `pigeonflow setup`); after that the same id calls again.
   *
   * @param callId 1 to 200 bytes, the caller's own.
   * @throws InvalidCallId, CallInputInvalid, TemporalUnreachable or TemporalRefused; nothing was started by the first two.
   *   CallNotFound when a workflow of another kind has this id.
   */
  startCall(callId: string, input: PigeonCallInput): Promise<StartedCall>;
  /** The handle of a call that was started before. */
  call(callId: string): PigeonCallHandle;
  /**
   * Reports an alert: opens an incident, or tells the one that is open for the same `source`, `route` and `dedupKey`. It
   * can be repeated safely, also by several at once and after any error: one incident opens. Opening needs no worker; telling
   * an open one does.
   *
   * @throws IncidentInputInvalid before anything was asked; IncidentStillClosing when the last one hangs up for longer
   *   than the time limit; NoWorker, NoAnswer, TemporalUnreachable or TemporalRefused.
   */
  openIncident(input: IncidentInput, options?: OpenOptions): Promise<ReportedIncident>;
  /** The handle of an incident, by its id. */
  incident(incidentId: string): IncidentHandle;
  /** Those that are exhausted and open first, then the other open ones, then the newest. Needs no worker; what has just changed may be missing for a moment. */
  listIncidents(filter?: IncidentFilter): Promise<readonly ListedIncident[]>;
  /** Who takes over whose duty, by the name of a schedule. */
  schedule(name: string): DutyHandle;
  /** Which alerts call nobody for a while: of the gateways of this task queue. */
  silences(): SilencesHandle;
  /** For how long the namespace keeps what has closed. Needs no worker. */
  retentionSeconds(): Promise<number | null>;
  /**
   * Pauses all calling of the workers that serve the invoke task queue. Telephones that ring keep ringing; calls that
   * would be placed wait, `blocked`, and use no attempt. Paused already: that pause stays (`before`). Needs no worker.
   */
  pauseCalling(pause: CallingPauseInput): Promise<{ readonly paused: 'now' | 'before'; readonly pause: CallingPause }>;
  /** Ends the pause. `asked`: no worker has ended it within 10 s; it ends as soon as one runs. */
  resumeCalling(given: { readonly by: string; readonly reason: string }): Promise<'resumed' | 'asked' | 'notPaused'>;
  /** The pause that is on; null: there is none. Needs no worker. */
  callingPause(): Promise<CallingPause | null>;
}

/** 200 bytes leave room for the ids and references that are made from it, whatever database Temporal runs on. */
const MAX_ID_BYTES = 200;
/** The SDK repeats a start automatically where that is safe; a server that is away must not hold the caller for ever. */
const START_TIMEOUT_MS = 20_000;

/**
 * @param options.taskQueue where the workers poll; `pigeonflow` unless they were told otherwise.
 * @param options.invokeTaskQueue the same for the POST, `pigeonflow-invoke`; a pause is one of this queue.
 */
export function createPigeonflowClient(
  temporal: Client,
  {
    taskQueue = DEFAULT_TASK_QUEUE,
    invokeTaskQueue = DEFAULT_INVOKE_TASK_QUEUE,
  }: { readonly taskQueue?: string; readonly invokeTaskQueue?: string } = {},
): PigeonflowClient {
  const queues = { taskQueue, invokeTaskQueue };
  return {
    pauseCalling: (pause) => pauseCalling(temporal, queues, pause),
    resumeCalling: (given) => resumeCalling(temporal, queues, given),
    callingPause: () => callingPauseOf(temporal, queues),
    openIncident: (input, options) => openIncident(temporal, taskQueue, input, options),
    retentionSeconds: () =>
      retentionSeconds(temporal).catch((error: unknown) => {
        throw translated(error, temporal, null);
      }),
    incident: (incidentId) => incidentHandle(temporal, incidentId),
    listIncidents: (filter = {}) => listIncidents(temporal, filter),
    schedule: (name) => dutyHandle(temporal, taskQueue, name),
    silences: () => silencesHandle(temporal, taskQueue),
    call: (callId) => handleOf(temporal, callId),

    async startCall(callId, input) {
      const bytes = Buffer.byteLength(callId);
      if (bytes === 0 || bytes > MAX_ID_BYTES) throw new InvalidCallId(bytes, MAX_ID_BYTES);
      const checked = checkPigeonCallInput(input);
      if (!checked.ok) throw new CallInputInvalid(checked.errors);
      const call = handleOf(temporal, callId);
      try {
        await temporal.withDeadline(Date.now() + START_TIMEOUT_MS, () =>
          temporal.workflow.start(PIGEON_CALL, {
            workflowId: callId,
            taskQueue,
            args: [input],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          }),
        );
        return { ...call, started: 'now' };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError))
          throw translated(error, temporal, callSubject(temporal, callId));
        await call.isOver(); // throws when it is a workflow of another kind
        return { ...call, started: 'before' };
      }
    },
  };
}
