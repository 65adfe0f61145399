import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createPigeonflowClient, type IncidentHandle, type PigeonflowClient } from '../src/client.js';
import type { IncidentInput } from '../src/contract/incident-schema.js';
import { CHECK_SIGNAL } from '../src/contract/names.js';
import {
  answers,
  type Emulator,
  EMULATOR_TOKEN,
  type JournalEntry,
  neverPicksUp,
  realClock,
  startEmulator,
} from '../src/emulator/emulator.js';
import type { CallEntry } from '../src/emulator/journal.js';
import type { Policy } from '../src/contract/policy-schema.js';
import type { Field } from './field.js';
import { spreadOf, type Spread } from './statistics.js';
import { callInput, CALLFLOW, policyOf } from './subjects.js';
import { queueOfItsOwn } from './worker.js';

export interface ChangedAlerts {
  readonly during: During;
  /** How often it is acknowledged; in between a person has people called again. */
  readonly acknowledges: number;
  /** What became of the reports, each of which differs from the one before. */
  readonly alerts: Reports;
  /** Milliseconds from the update to the request to abort, or, where nothing rings any more, to the answer. */
  readonly ms: Spread;
  readonly most: number;
  /** Acknowledges that were not accepted, made nobody the owner, or hung up no telephone. */
  readonly withoutEffect: number;
  /** Telephones at the end. */
  readonly ringing: number;
  /** Calls beyond those that were wanted. */
  readonly doubled: number;
  /** Of the incident, which continues as new. */
  readonly runs: number;
  /** The server takes 2,000. */
  readonly mostUpdatesInARun: number;
  readonly seconds: number;
}

/** A telephone of level 2 rings, in a child; or a workflow runs that a key has started. */
export type During = 'level 2 rings' | 'a workflow runs';

interface Reports {
  taken: number;
  /** `TooManyChanges`. */
  refused: number;
  /** By the name of the error. */
  readonly failed: Record<string, number>;
}

const SENDERS = 4;
const WITHIN_MS = 30_000;

/**
 * One incident, reported with changes by four senders without a pause, which do not stop for the person who acknowledges it. That is
 * done each time so many reports have been answered; then a person has people called again.
 */
export async function changedAlerts(
  field: Field,
  during: During,
  acknowledges: number,
  alertsEach: number,
): Promise<ChangedAlerts> {
  const emulator = await startEmulator({
    lines: 30,
    // Rings until it is hung up, which takes Pigeon three seconds; those would be most of the time.
    clock: realClock({ speed: 30 }),
    switches: { ringSeconds: 864_000 },
    people: { [PRESSES]: answers(0, { key: '5', afterMs: 0 }), [RINGS]: neverPicksUp() },
  });
  const { taskQueue, environment } = queueOfItsOwn();
  const address = { PIGEON_BASE_URL: emulator.url, PIGEON_API_TOKEN: EMULATOR_TOKEN };
  const worker = await field.startWorker({ ...environment, ...address });
  const client = createPigeonflowClient(field.temporal, { taskQueue });
  const { policy, calls, again } = SETUPS[during](field);
  const input = { policy, summary: 'bench', severity: 'error', dedupKey: randomUUID() } as const;
  const began = performance.now();
  const incident = await client.openIncident(input);
  const workflow = field.temporal.workflow.getHandle(incident.incidentId);
  const taken: number[] = [];
  const rung = new Set<string>();
  let withoutEffect = 0;
  const reporting = report(client, input);
  for (let time = 1; time <= acknowledges; time += 1) {
    const run = await ringingRun(emulator, rung);
    // The key at one telephone hangs up the other.
    if (during === 'a workflow runs') await abortedAt(emulator, run, WITHIN_MS);
    await reporting.answered(alertsEach);
    const { ms, effect } = await acknowledge(incident, emulator, { by: `person-${time}`, run });
    taken.push(ms);
    if (!effect) withoutEffect += 1;
    if (time === acknowledges) break;
    while (ringingRuns(emulator).includes(run)) await setTimeout(10);
    await workflow.signal(CHECK_SIGNAL);
    await incident.escalate({ by: 'bench', to: again });
  }
  const alerts = await reporting.stop();
  const seconds = (performance.now() - began) / 1000;
  await setTimeout(1_000); // a call that should not be there may still come
  const ringing = ringingRuns(emulator).length;
  const doubled = emulator.journal.calls().length - calls * acknowledges;
  const updates = await updatesInRuns(field.temporal, incident.incidentId);
  // Ends the workflow, too, that a person who takes over leaves running.
  await incident.resolve({ by: 'bench' });
  await incident.result({ signal: AbortSignal.timeout(WITHIN_MS) });
  await worker.stop();
  await emulator.close();
  return {
    during,
    acknowledges,
    alerts,
    ms: spreadOf(taken),
    most: Math.max(...taken),
    withoutEffect,
    ringing,
    doubled,
    runs: updates.length,
    mostUpdatesInARun: Math.max(...updates),
    seconds,
  };
}

/** Acknowledged by somebody new each time: an owner that is there already has it taken from. */
async function acknowledge(
  incident: IncidentHandle,
  emulator: Emulator,
  { by, run }: { readonly by: string; readonly run: string },
): Promise<{ readonly ms: number; readonly effect: boolean }> {
  const before = await abortedAt(emulator, run, 0);
  const began = performance.now();
  const [answer, aborted] = await Promise.all([
    incident.acknowledge({ by, takeOver: true }).then(
      ({ accepted, owner }) => ({ at: performance.now(), isOwned: accepted && owner?.by === by }),
      (error: unknown) => {
        console.error(`acknowledge: ${String(error)}`);
        return { at: performance.now(), isOwned: false };
      },
    ),
    abortedAt(emulator, run, WITHIN_MS),
  ]);
  const at = before === null ? (aborted ?? Infinity) : answer.at;
  return { ms: at - began, effect: answer.isOwned && aborted !== null };
}

/** Sends until it is told to stop. */
function report(client: PigeonflowClient, input: IncidentInput) {
  const reports: Reports = { taken: 0, refused: 0, failed: {} };
  const stop = new AbortController();
  const progress = { sent: 0, answered: 0 };
  const lane = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      progress.sent += 1;
      try {
        const { reported, notTaken } = await client.openIncident({
          ...input,
          summary: `host ${progress.sent} is down`,
        });
        if (notTaken === true) reports.refused += 1;
        else if (reported === 'changed') reports.taken += 1;
        else throw new Error(reported);
      } catch (error) {
        const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        reports.failed[name] = (reports.failed[name] ?? 0) + 1;
      }
      progress.answered += 1;
    }
  };
  const lanes = Array.from({ length: SENDERS }, lane);
  return {
    /** So many more. */
    answered: async (more: number): Promise<void> => {
      const before = progress.answered;
      while (progress.answered - before < more) await setTimeout(2);
    },
    stop: async (): Promise<Reports> => {
      stop.abort();
      await Promise.all(lanes);
      return reports;
    },
  };
}

/** Waits until the telephone rings that never is picked up, in a run of Pigeon's that is none of these. */
async function ringingRun({ journal, space }: Emulator, known: Set<string>): Promise<string> {
  const isNew = (entry: JournalEntry): entry is CallEntry =>
    entry.kind === 'call' && entry.phoneNumber === RINGS && !known.has(entry.callId);
  const { callId } = await journal.waitFor(isNew, WITHIN_MS);
  known.add(callId);
  const run = space.runs().find(({ calls }) => calls.some((call) => call.callId === callId));
  if (run === undefined) throw new Error('it rang and did not');
  return run.resultId;
}

const ringingRuns = ({ space }: Emulator): readonly string[] =>
  space.runs().flatMap(({ resultId, finishedAt }) => (finishedAt === undefined ? [resultId] : []));

/** When the request to abort it came; null: none did in time. */
async function abortedAt({ journal }: Emulator, resultId: string, withinMs: number): Promise<number | null> {
  const isAbort = journal.waitFor(
    (entry) => entry.kind === 'request' && entry.endpoint === 'abort' && entry.resultId === resultId,
    withinMs,
  );
  return isAbort.then(
    () => performance.now(),
    () => null,
  );
}

/** How many each run has taken, oldest first. */
async function updatesInRuns(temporal: Client, workflowId: string): Promise<readonly number[]> {
  const updates: number[] = [];
  let runId: string | undefined;
  do {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    updates.unshift(
      (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null).length,
    );
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  } while (runId);
  return updates;
}

interface Setup {
  readonly policy: Policy;
  /** Telephone calls of each time. */
  readonly calls: number;
  /** The step to which it is escalated when it has been acknowledged. */
  readonly again: string;
}

const PRESSES = '0300000001';
const RINGS = '0300000002';
const callTo = (phoneNumber: string) => ({
  ...callInput('bench', 1),
  callflow: { ...CALLFLOW, contacts: [{ displayName: phoneNumber, phones: [{ phoneNumber }] }] },
});

const SETUPS: Readonly<Record<During, (field: Field) => Setup>> = {
  'level 2 rings': () => ({
    // Pigeon does not know the first.
    policy: policyOf([{ callflowId: 'no-such', guidanceId: 'no-such' }, callTo(RINGS)]),
    calls: 1,
    again: 'level-2',
  }),
  'a workflow runs': ({ floorQueue }) => {
    const policy = policyOf([]);
    const action = { kind: 'run', workflow: 'repair', taskQueue: floorQueue, input: null, within: '2h' } as const;
    const step = {
      call: [callTo(PRESSES), callTo(RINGS)].map((call) => ({
        ...call,
        guidance: { ...call.guidance, reactions: { 5: { behavior: 'terminate' } } },
      })),
      attempts: 1,
      every: '1m',
      keys: { 5: { ...action, then: { kind: 'resolve' }, onFailure: { kind: 'exhausted' } } },
      otherwise: { kind: 'exhausted' },
    } as const;
    return { policy: { ...policy, steps: { 'level-1': step } }, calls: 2, again: 'level-1' };
  },
};
