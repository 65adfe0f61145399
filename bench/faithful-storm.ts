import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { IncidentResult } from '../src/contract/incident-schema.js';
import { answers, EMULATOR_TOKEN, type RequestEntry, startEmulator } from '../src/emulator/emulator.js';
import type { Policy } from '../src/contract/policy-schema.js';
import type { Field } from './field.js';
import { inFlight } from './storm.js';
import { callInput, CALLFLOW, policyOf } from './subjects.js';
import { queueOfItsOwn } from './worker.js';

export interface FaithfulStorm {
  readonly incidents: number;
  readonly lines: number;
  /** Requests to call a second that a worker asks Temporal for, unless it is told otherwise. */
  readonly rate: number;
  /** From the first start until the last incident is owned. */
  readonly seconds: number;
  readonly requests: number;
  readonly mostInASecond: number;
  readonly mostInAMinute: number;
  /** Refused by the space, since 30 runs stood in it already. */
  readonly rejected: number;
  /** That ended otherwise. */
  readonly notOwned: number;
  readonly lost: number;
  readonly doubled: number;
}

/** Too few for the rate, so that runs pile up. */
const LINES = 3;
const RATE = 2;

/** So many incidents at once in a space like Pigeon's, with 30 runs at most and people who answer: each is called until it is owned. */
export async function faithfulStorm(field: Field, incidents: number): Promise<FaithfulStorm> {
  const numbers = Array.from({ length: incidents }, (_, index) => `0300${String(index).padStart(6, '0')}`);
  const person = answers(1_000, { key: '1', afterMs: 1_000 });
  const emulator = await startEmulator({
    lines: LINES,
    people: Object.fromEntries(numbers.map((number) => [number, person])),
  });
  const { taskQueue, environment } = queueOfItsOwn();
  const worker = await field.startWorker({
    ...environment,
    PIGEON_BASE_URL: emulator.url,
    PIGEON_API_TOKEN: EMULATOR_TOKEN,
    PIGEONFLOW_INVOKE_RATE: String(RATE),
  });
  const began = performance.now();
  const handles = await inFlight(numbers, (number) =>
    field.temporal.workflow.start('incident', {
      workflowId: `incident/bench-${randomUUID()}`,
      taskQueue,
      args: [{ policy: policyTo(number), summary: 'bench', dedupKey: number, until: 'acknowledged' }],
    }),
  );
  let notOwned = 0;
  for (const handle of handles) {
    const { state } = (await handle.result()) as IncidentResult;
    if (state !== 'acknowledged') notOwned += 1;
  }
  const seconds = (performance.now() - began) / 1000;
  await setTimeout(1_000); // a call that should not be there may still come
  const requests = emulator.journal.invokes();
  const placed = new Map<string, number>();
  for (const { number, made } of requests.map(callOf)) if (made) placed.set(number, (placed.get(number) ?? 0) + 1);
  await worker.stop();
  await emulator.close();
  const times = requests.map(({ realAt }) => realAt);
  const calls = numbers.map((number) => placed.get(number) ?? 0);
  return {
    incidents,
    lines: LINES,
    rate: RATE,
    seconds,
    requests: requests.length,
    mostInASecond: mostWithin(times, 1_000),
    mostInAMinute: mostWithin(times, 60_000),
    rejected: requests.filter(({ answer }) => answer?.['status'] === 'rejected').length,
    notOwned,
    lost: calls.filter((count) => count === 0).length,
    doubled: calls.filter((count) => count > 1).length,
  };
}

function callOf({ body, answer }: RequestEntry): { readonly number: string; readonly made: boolean } {
  const { params } = body as { readonly params: { readonly callflow: typeof CALLFLOW } };
  return {
    number: params.callflow.contacts[0]?.phones[0]?.phoneNumber ?? '',
    made: answer?.['resultId'] !== undefined,
  };
}

/** The most of these times that lie within so long. */
const mostWithin = (times: readonly number[], ms: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

function policyTo(phoneNumber: string): Policy {
  const callflow = { ...CALLFLOW, contacts: [{ displayName: '田中', phones: [{ phoneNumber }] }] };
  return policyOf([{ ...callInput('bench', 5), callflow }], 3);
}
