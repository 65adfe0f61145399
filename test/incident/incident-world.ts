import { randomUUID } from 'node:crypto';
import { type WorkflowHandle, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'vitest';
import { grpcErrorIn } from '../../src/client/temporal-errors.js';
import type {
  IncidentAnswer,
  IncidentInput,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  TimelineItem,
} from '../../src/contract/incident-schema.js';
import { FailureType } from '../../src/contract/names.js';
import { answers, type Emulator, type Person } from '../../src/emulator/emulator.js';
import type { TimelineEvent } from '../../src/incident/timeline.js';
import type { Update } from '../../src/incident/events.js';
import type { KeyAction, Policy, Step, StepCall } from '../../src/contract/policy-schema.js';
import { policyOf, step } from '../decision/policy-of.js';
import { eventually, type World, type WorldOptions } from '../rig/rig.js';

/** Somebody who can be called. */
export interface Contact {
  readonly handle: string;
  readonly name: string;
  readonly phone: string;
}
export const TANAKA: Contact = { handle: 'tanaka', name: '田中', phone: '0300000001' };
export const YAMADA: Contact = { handle: 'yamada', name: '山田', phone: '0300000002' };
export const SATO: Contact = { handle: 'sato', name: '佐藤', phone: '0300000003' };

/** Tests wait for people most of the time. The limits are for broken tests, on a machine that does much else. */
export const SIDE_BY_SIDE = { concurrent: true, timeout: 180_000 };
const PATIENTLY_MS = 90_000;

/** Everybody has a line, and a telephone rings for a second before nobody has picked up. */
export const QUICKLY = { lines: 30, switches: { ringSeconds: 1 } } satisfies WorldOptions;
/** A telephone rings until it is hung up. */
export const ENDLESSLY = { lines: 30, switches: { ringSeconds: 3_600 } } satisfies WorldOptions;

/** Picks up, and presses a key, both at once. */
export const presses = (key: string): Person => answers(100, { key, afterMs: 100 });

type Keys = Step['keys'];
export const TO_ACKNOWLEDGE: Keys = { 1: { kind: 'acknowledge' } };
export const escalateTo = (step: string) => ({ kind: 'escalate', step }) as const;

/** One run, to these people in turn; looked at every second. */
export function runTo(contacts: readonly Contact[], keys: Keys = TO_ACKNOWLEDGE, loopLimit = 1): StepCall {
  return {
    callflow: {
      loopLimit,
      contacts: contacts.map(({ name, phone }) => ({ displayName: name, phones: [{ phoneNumber: phone }] })),
    },
    guidance: {
      messageTemplate: '{{server}}に障害です。',
      reactions: Object.fromEntries(
        Object.entries(keys).map(([key, action]) => [key, { behavior: behaviorOf(action) }]),
      ),
    },
    waitTime: 1,
  };
}

function behaviorOf({ kind }: KeyAction): string {
  return kind === 'next' ? 'continue' : kind === 'leave' ? 'leave' : 'terminate';
}

/** A step that calls one of them after the other. */
export function calling(contacts: readonly Contact[], part: Partial<Step> = {}): Step {
  return step({ call: [runTo(contacts, part.keys)], keys: TO_ACKNOWLEDGE, every: '1s', ...part });
}

/** A step that calls all of them together. */
export function callingTogether(contacts: readonly Contact[], part: Partial<Step> = {}): Step {
  return calling(contacts, { call: contacts.map((contact) => runTo([contact], part.keys)), ...part });
}

/** A step that Pigeon refuses at once: it does not know the call flow. */
export function refused(part: Partial<Step> = {}): Step {
  return step({ call: [{ callflowId: 'no-such', guidanceId: 'no-such' }], every: '1s', ...part });
}

export function policyWith(steps: Readonly<Record<string, Step>>, part: Partial<Policy> = {}): Policy {
  const contacts = Object.fromEntries([TANAKA, YAMADA, SATO].map(({ handle, name }) => [handle, { name }]));
  return policyOf(steps, { contacts, ...part });
}

/** An incident that was opened in a world. */
export interface OpenIncident {
  readonly id: string;
  readonly handle: WorkflowHandle;
  /** An update, and its answer, also where it is refused and fails. */
  readonly ask: (update: Update['kind'], argument?: unknown) => Promise<IncidentAnswer>;
  readonly status: () => Promise<IncidentStatus>;
  /** Waits for a status. */
  readonly until: (is: (status: IncidentStatus) => boolean, what: string) => Promise<IncidentStatus>;
  readonly timeline: () => Promise<IncidentTimeline>;
  /** Waits for an entry of the timeline. */
  readonly told: (kind: TimelineEvent['kind'], is?: (entry: TimelineItem) => boolean) => Promise<TimelineItem>;
  readonly result: () => Promise<IncidentResult>;
}

const FAILED_PRECONDITION = 9;

export const newIncidentId = (): string => `incident/test-${randomUUID().slice(-12)}`;

/** What a caller gives: a disk is full at `web-1`. */
export function alertFor(policy: Policy | string, more: Partial<IncidentInput> = {}): IncidentInput {
  return {
    policy,
    summary: 'disk full',
    severity: 'critical',
    parameters: { server: 'web-1' },
    dedupKey: 'web-1/disk',
    ...more,
  };
}

export async function open(
  { temporal, taskQueue }: World,
  policy: Policy | string,
  more: Partial<IncidentInput> = {},
  id = newIncidentId(),
): Promise<OpenIncident> {
  const handle = await temporal.workflow.start('incident', {
    workflowId: id,
    taskQueue,
    args: [alertFor(policy, more)],
  });
  return follow(handle);
}

/** The server may throw away an update that ends the incident while something else happens to it; callers repeat it. */
async function asked(handle: WorkflowHandle, update: Update['kind'], argument: unknown): Promise<IncidentAnswer> {
  try {
    return await handle.executeUpdate<IncidentAnswer, [unknown]>(update, { args: [argument] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      if (error.cause.type === FailureType.NotAccepted) return refusalIn(error.cause);
    }
    if (grpcErrorIn(error)?.code !== FAILED_PRECONDITION) throw error;
    return asked(handle, update, argument);
  }
}

function refusalIn({ message, nonRetryable, details }: ApplicationFailure): IncidentAnswer {
  const [answer, ...more] = details as IncidentAnswer[];
  expect({ nonRetryable, answer, more }).toMatchObject({
    nonRetryable: true,
    answer: { accepted: false, message },
    more: [],
  });
  return answer as IncidentAnswer;
}

/** Why an update fails. */
export async function refusalOf(asked: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await asked.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return (error as WorkflowUpdateFailedError).cause as ApplicationFailure;
}

/** An incident that somebody else opened. */
export function follow(handle: WorkflowHandle): OpenIncident {
  const status = () => handle.query<IncidentStatus>('status');
  const timeline = () => handle.query<IncidentTimeline>('timeline');
  return {
    id: handle.workflowId,
    handle,
    status,
    timeline,
    ask: (update, argument = {}) => asked(handle, update, argument),
    until: (is, what) =>
      eventually(
        async () => {
          const now = await status();
          return is(now) && now;
        },
        `the incident ${what}`,
        PATIENTLY_MS,
      ),
    told: (kind, is = () => true) =>
      eventually(
        async () => (await timeline()).entries.find((entry) => entry.kind === kind && is(entry)),
        `the timeline tells "${kind}"`,
        PATIENTLY_MS,
      ),
    result: async () => (await handle.result()) as IncidentResult,
  };
}

/** Waits until the telephone of somebody rings (for the nth time); gives back the call's id in the space. */
export async function rings({ journal }: Emulator, { phone }: Contact, nth = 1): Promise<string> {
  const calls = () => journal.calls().filter((call) => call.phoneNumber === phone);
  await journal.waitFor(() => calls().length >= nth, PATIENTLY_MS);
  const call = calls()[nth - 1];
  if (call === undefined) throw new Error('it rang and did not');
  return call.callId;
}

/** `田中`, `山田`: who was called, in order. */
export function calledIn({ journal }: Emulator): readonly (string | null)[] {
  return journal.calls().map(({ contact }) => contact);
}

/** Waits until the runs of the space, in the order in which it took them, have these statuses. */
export async function runsAre({ space }: Emulator, ...statuses: readonly string[]): Promise<void> {
  const now = () => space.runs().map(({ status }) => status);
  await eventually(
    () => Promise.resolve(now().join() === statuses.join()),
    `the runs are ${statuses.join(', ')}`,
    PATIENTLY_MS,
  );
}

/** An answer, or that the incident is closed; whatever else is a failure of the test. */
export async function answerOrClosed(asked: Promise<IncidentAnswer>): Promise<IncidentAnswer | 'closed'> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'closed';
    throw error;
  }
}
