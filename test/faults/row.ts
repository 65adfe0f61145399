import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { createPigeonflowClient, type PigeonCallInput, type PigeonCallResult } from '../../src/client.js';
import type { IncidentAnswer, IncidentInput, IncidentResult } from '../../src/contract/incident-schema.js';
import type { PigeonRequest } from '../../src/emulator/endpoint.js';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import type { Gate } from '../../src/emulator/faults.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import type { Fault } from './faults.js';
import { POINT_NAMES, pointOf, WAIT_SECONDS, type Phase, type PointName } from './points.js';
import { callTo, postsTo, stepOf } from './script.js';
import { Stage, TASK_QUEUE } from './stage.js';
import { until } from './until.js';

/** One workflow that is parked at a point when the fault strikes. */
export interface Run {
  readonly point: PointName;
  readonly workflow: 'pigeonCall' | 'incident';
  readonly id: string;
  /** Numbers that are called once each, in this order. */
  readonly numbers: readonly string[];
  startedAt: number;
  /** When the timer fires in which it is parked. */
  timerDueAt: number | null;
  /** Its acknowledge that is still under way. */
  stopping: Promise<void> | null;
  /** When its acknowledge was answered. */
  answeredAt: number | null;
  closedAt: number | null;
  end: RunEnd | null;
}

export type RunEnd =
  | { readonly kind: 'call'; readonly result: PigeonCallResult }
  | { readonly kind: 'incident'; readonly result: IncidentResult }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

/** A POST is given up after 10 s: whoever stands longer than this is not parked any more. */
const POSTS_STAND_MS = 9_000;
const END_WITHIN_MS = 300_000;

/** Only one row parks at a time: the machine is small, and parked POSTs do not wait long. */
let parking: Promise<unknown> = Promise.resolve();

/** Many runs, one fault. */
export class Row {
  readonly runs: readonly Run[];
  /** Epoch milliseconds. */
  struckAt = 0;
  readonly #gates = new Map<Run, Gate>();

  private constructor(
    readonly stage: Stage,
    readonly fault: Fault,
  ) {
    const points = POINT_NAMES.filter((name) => fault.cannot?.[name] === undefined);
    this.runs = points.flatMap((point) =>
      (['pigeonCall', 'incident'] as const)
        .filter((workflow) => pointOf(point).only === undefined || pointOf(point).only === workflow)
        .map((workflow) => runOf(point, workflow)),
    );
  }

  /** Parks the runs, lets the fault strike, waits for every end, and has a look before the stage closes. */
  static async play<T>(fault: Fault, look: (row: Row) => T): Promise<T> {
    const stage = await Stage.open({
      ...fault.space,
      lines: fault.space?.lines ?? 500,
      switches: { queueSize: 1_000, ringSeconds: 3_600, ...fault.space?.switches },
    }).catch((cause: unknown) => {
      throw new NotParked(String(cause), { cause });
    });
    try {
      const row = new Row(stage, fault);
      const parked = parking.then(() => row.#park());
      parking = parked.catch(() => undefined);
      await parked.catch((cause: unknown) => {
        throw new NotParked(String(cause), { cause });
      });
      await row.#strike();
      await row.#awaitEnds();
      return look(row);
    } finally {
      await stage.close();
    }
  }

  async #park(): Promise<void> {
    const { stage, fault } = this;
    fault.prepare?.(stage);
    for (const run of this.runs) this.#prepare(run);
    await Promise.all(Array.from({ length: fault.workers ?? 1 }, () => stage.startWorker()));
    await this.#phase('ringing');
    const postsStandSince = Date.now();
    await this.#phase('posting');
    await stage.setPosts('held');
    await this.#phase('postsHeld');
    for (const { temporalWay } of stage.workers) temporalWay.hold('back');
    await this.#phase('backHeld');
    for (const { temporalWay } of stage.workers) temporalWay.hold('there');
    await this.#phase('allHeld');
    const stood = Date.now() - postsStandSince;
    if (stood > POSTS_STAND_MS) throw new Error(`POSTs stood for ${stood} ms, and are given up after 10 s`);
  }

  async #strike(): Promise<void> {
    const { stage, fault } = this;
    this.struckAt = Date.now();
    await fault.strike(stage);
    const lastsUntil = Date.now() + (fault.lasts ?? 0) * 1_000;
    if (fault.keepsWaysHeld === undefined) for (const { temporalWay } of stage.workers) temporalWay.release();
    const postsFlow = until(
      'Temporal hands out POSTs again',
      () => stage.setPosts('flowing').then(() => true),
      120_000,
    );
    for (const [run, gate] of this.#gates) {
      const moment = pointOf(run.point).gate?.moment ?? 'afterHandling';
      gate.release(fault.standing?.[moment]);
    }
    const meanwhile = Promise.all([this.#phase('struck'), fault.meanwhile?.(stage)]);
    await setTimeout(lastsUntil - Date.now());
    await fault.mend?.(stage);
    await Promise.all([postsFlow, meanwhile]);
  }

  async #awaitEnds(): Promise<void> {
    await Promise.all(this.runs.map(async (run) => (run.end = await this.#endOf(run))));
    await Promise.all(this.runs.map(({ stopping }) => stopping ?? Promise.resolve()));
  }

  async #phase(phase: Phase): Promise<void> {
    await Promise.all(this.runs.map(async (run) => await pointOf(run.point).steps[phase]?.(this, run)));
  }

  #prepare(run: Run): void {
    const { space, faults } = this.stage.emulator;
    const { gate, nobodyPicksUp } = pointOf(run.point);
    run.numbers.forEach((number, level) => {
      const key = level < run.numbers.length - 1 ? '2' : '1';
      space.people.set(number, nobodyPicksUp ? neverPicksUp() : answers(100, { key, afterMs: 100 }));
    });
    if (gate === undefined) return;
    const only = (request: PigeonRequest) => this.#isOf(run, request);
    this.#gates.set(run, faults.hold(gate.endpoint, gate.moment, { times: 'always', only }));
  }

  /** Whether a request is about the first number of a run. */
  #isOf({ numbers: [first = ''] }: Run, request: PigeonRequest): boolean {
    const resultId = this.resultIds(first)[0];
    return (
      request.text.includes(`"${first}"`) ||
      (resultId !== undefined && `${request.path} ${request.text}`.includes(resultId))
    );
  }

  /** Runs that Pigeon has made for a number. */
  resultIds(number: string): readonly string[] {
    return postsTo(this.stage.emulator, number).flatMap(({ resultId }) => resultId ?? []);
  }

  // What points ask for.

  /** Starts its workflow, and again where it is not known whether it was started. */
  async start(run: Run): Promise<void> {
    run.startedAt = Date.now();
    await until(`${run.id} is started`, () => this.#start(run), 120_000, 500);
  }

  async #start(run: Run): Promise<true> {
    const { temporal } = this.stage;
    const { waitTime = WAIT_SECONDS } = pointOf(run.point);
    if (run.workflow === 'pigeonCall') {
      const pigeonflow = createPigeonflowClient(temporal, { taskQueue: TASK_QUEUE });
      const input: PigeonCallInput = { ...callTo(run.numbers[0] ?? '', waitTime), deadline: '10m' };
      await pigeonflow.startCall(run.id, input);
      return true;
    }
    try {
      await temporal.workflow.start('incident', {
        workflowId: run.id,
        taskQueue: TASK_QUEUE,
        args: [incidentOf(run, waitTime)],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    return true;
  }

  async reached(run: Run): Promise<void> {
    let there = false;
    void this.#gates.get(run)?.reached.then(() => (there = true));
    await until(`${run.id} stands at its gate`, () => there);
  }

  release(run: Run): void {
    this.#gates.get(run)?.release();
  }

  /** Lets Pigeon answer, and waits until the worker's report stands on its way to Temporal. */
  async letWorkerReport(run: Run): Promise<void> {
    const held = () => this.stage.workers.reduce((bytes, { temporalWay }) => bytes + temporalWay.held('there'), 0);
    const before = held();
    this.release(run);
    await until(`the worker reports the POST of ${run.id}`, () => held() > before);
    await setTimeout(100);
  }

  async isPending(run: Run, activity: string): Promise<void> {
    await until(`${activity} of ${run.id} is scheduled`, async () => {
      const { raw } = await this.#handle(run).describe();
      return raw.pendingActivities?.some(({ activityType }) => activityType?.name === activity);
    });
  }

  async hasCompleted(run: Run, activity: string): Promise<void> {
    await until(`${activity} of ${run.id} has completed`, async () => {
      const events = await this.events(run);
      return events.some(({ activityTaskCompletedEventAttributes: completed }) => {
        const scheduled = events.find(({ eventId }) => String(eventId) === String(completed?.scheduledEventId));
        return scheduled?.activityTaskScheduledEventAttributes?.activityType?.name === activity;
      });
    });
  }

  async hasBegunChild(run: Run): Promise<void> {
    await until(
      `${run.id} has begun a child`,
      async () => (await this.events(run)).some((event) => event.startChildWorkflowExecutionInitiatedEventAttributes),
      30_000,
      1,
    );
  }

  /** Waits for a timer behind the POST. */
  async sleeps(run: Run): Promise<void> {
    await until(`${run.id} sleeps`, async () => {
      const events = await this.events(run);
      const posted = events.findIndex((event) => event.activityTaskCompletedEventAttributes);
      const timer = events.slice(posted).findLast((event) => event.timerStartedEventAttributes);
      if (posted < 0 || timer === undefined) return false;
      run.timerDueAt =
        (optionalTsToMs(timer.eventTime) ?? 0) +
        (optionalTsToMs(timer.timerStartedEventAttributes?.startToFireTimeout) ?? 0);
      return true;
    });
  }

  async rings({ id, numbers: [first = ''] }: Run): Promise<void> {
    await until(`the first telephone of ${id} rings`, () => this.resultIds(first).length > 0);
  }

  /** As {@link stop}, and does not wait. */
  beginToStop(run: Run): void {
    run.stopping = this.stop(run);
    run.stopping.catch(() => undefined); // heard when the ends are awaited
  }

  /** Cancels a call; acknowledges an incident. Resolves when that is answered. */
  async stop(run: Run): Promise<void> {
    const handle = this.#handle(run);
    if (run.workflow === 'pigeonCall') {
      await handle.cancel();
      return;
    }
    const updateId = randomUUID();
    const ask = async () =>
      this.stage.isClosed ||
      handle
        .executeUpdate<IncidentAnswer, [object]>('acknowledge', { updateId, args: [{ by: '当直' }] })
        .catch((error: unknown) => {
          // Closed meanwhile: its result says what became of it.
          if (error instanceof Error && error.name === 'WorkflowNotFoundError') return true;
          throw error;
        });
    await until(`the acknowledge of ${run.id} is answered`, ask, END_WITHIN_MS, 500);
    run.answeredAt = Date.now();
  }

  async events(run: Run) {
    return (await this.#handle(run).fetchHistory()).events ?? [];
  }

  #handle(run: Run): WorkflowHandle {
    return this.stage.temporal.workflow.getHandle(run.id);
  }

  async #endOf(run: Run): Promise<RunEnd> {
    const handle = this.#handle(run);
    const closed = await until(
      `${run.id} has ended`,
      async () => {
        const { status, closeTime } = await handle.describe();
        run.closedAt = closeTime?.getTime() ?? null;
        return status.name === 'RUNNING' ? undefined : status.name;
      },
      END_WITHIN_MS,
      500,
    ).catch((error: unknown) => String(error));
    if (closed === 'CANCELLED') return { kind: 'cancelled' };
    if (closed !== 'COMPLETED') return { kind: 'failed', message: closed };
    if (run.workflow === 'pigeonCall') return { kind: 'call', result: (await handle.result()) as PigeonCallResult };
    return { kind: 'incident', result: (await handle.result()) as IncidentResult };
  }
}

/** The runs do not stand where they should when the fault is to strike: the machine was too slow, to be tried again. */
export class NotParked extends Error {
  override readonly name = 'NotParked';
}

function runOf(point: PointName, workflow: Run['workflow']): Run {
  const number = 100 + 10 * POINT_NAMES.indexOf(point) + (workflow === 'incident' ? 1 : 0);
  const numbers = [`0300001${number}`, `0300002${number}`];
  const calls = workflow === 'pigeonCall' || pointOf(point).nobodyPicksUp ? 1 : 2;
  return {
    point,
    workflow,
    id: `${workflow}/${point}`,
    numbers: numbers.slice(0, calls),
    startedAt: 0,
    timerDueAt: null,
    stopping: null,
    answeredAt: null,
    closedAt: null,
    end: null,
  };
}

/** Two levels: the first hands on by key, the second takes it. */
function incidentOf({ id, numbers: [first = '', second = first] }: Run, waitTime: number): IncidentInput {
  const policy: Policy = {
    version: 1,
    name: 'faults',
    start: 'first',
    parameters: [],
    contacts: {},
    steps: { first: stepOf(callTo(first, waitTime), 'second'), second: stepOf(callTo(second, WAIT_SECONDS)) },
    acknowledged: { resolveWithin: '4h', otherwise: { kind: 'escalate', step: 'first' } },
    budget: { calls: 50, within: '1d' },
  };
  return { policy, summary: '障害', dedupKey: id, until: 'acknowledged' };
}
