import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';
import type { Activities } from '../../src/contract/activities.js';
import type {
  IncidentAnswer,
  IncidentInput,
  IncidentResult,
  IncidentStatus,
} from '../../src/contract/incident-schema.js';
import { FailureType } from '../../src/contract/names.js';
import type { Update } from '../../src/incident/events.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import type { Outage, Script } from '../../src/simulate/script.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import type { Lifetime, RunningWorkers, useRig, World } from '../rig/rig.js';
import { withoutCancels } from '../rig/workflow-code.js';
import type { Told } from './same-story.js';
import { ScriptedSpace } from './scripted-space.js';

/**
 * Plays a script with the real workflows in virtual time: people, space, operators and workers do what it says, when it
 * says so. Anyone who is called more often than in the simulation is an unexpected call, on which the rig fails the test.
 */
export async function perform(
  rig: ReturnType<typeof useRig>,
  policy: Policy,
  script: Script,
  simulation: Simulation,
  context?: Lifetime,
): Promise<Told> {
  const scripted = new ScriptedSpace(policy, script, simulation);
  const world = await rig({ ...scripted.options, workers: 'none', ...(context !== undefined && { context }) });
  return await new Stage(world, scripted, script, simulation).play(policy);
}

class Stage {
  readonly #id: string;
  readonly #answers: Told['answers'][number][] = [];
  #workers: RunningWorkers | undefined;
  #opened = 0;

  constructor(
    private readonly world: World,
    private readonly scripted: ScriptedSpace,
    private readonly script: Script,
    private readonly simulation: Simulation,
  ) {
    this.#id = world.newId();
  }

  async play(policy: Policy): Promise<Told> {
    this.scripted.endRunsOf(this.world.emulator);
    await this.#startWorkers();
    await this.#startAutomations();
    const acts = this.#acts();
    for (const { act } of acts.filter(({ at }) => at < 0)) await act();
    await this.#open(policy);
    for (const { at, act } of acts.filter(({ at }) => at >= 0)) {
      await this.#sleepUntil(at);
      await act();
    }
    return await this.#curtain();
  }

  async #open(policy: Policy): Promise<void> {
    const { opening, parameters } = this.script;
    const { alert, until } = opening;
    const input: IncidentInput = { policy, dedupKey: this.#id, ...alert, parameters, until };
    const { temporal, taskQueue } = this.world;
    await temporal.workflow.start('incident', { workflowId: this.#id, taskQueue, args: [input] });
    const { startTime } = await this.#incident.describe();
    this.#opened = startTime.getTime();
  }

  get #incident() {
    return this.world.temporal.workflow.getHandle(this.#id);
  }

  /** Everything that does not happen automatically, in the order of time. What begins with the incident is there before it. */
  #acts(): readonly { readonly at: number; readonly act: () => Promise<unknown> }[] {
    const { outages, restarts } = this.script;
    const { answers, end } = this.simulation;
    return [
      ...outages.flatMap((outage) => {
        const switched = { over: () => Promise.resolve() };
        return [
          { at: outage.from - 1, act: async () => void (switched.over = await this.#begin(outage)) },
          { at: outage.to, act: () => switched.over() },
        ];
      }),
      ...restarts.map((at) => ({ at, act: () => this.#restart() })),
      ...answers.map(({ update }) => ({
        at: update.at,
        act: () => this.#betweenLooks().then(() => this.#ask(update)),
      })),
    ]
      .filter(({ at }) => at <= end.at)
      .toSorted((one, other) => one.at - other.at);
  }

  async #begin({ reason }: Outage): Promise<() => Promise<void>> {
    const { faults } = this.world.emulator;
    if (!reason.includes('token')) {
      await faults.refuse();
      return () => faults.restore();
    }
    const refused = (['invoke', 'result', 'abort', 'calls'] as const).map((endpoint) =>
      faults.inject(endpoint, { kind: 'status', status: 401 }, { times: 'always' }),
    );
    return () => Promise.resolve(refused.forEach((fault) => fault.remove()));
  }

  async #ask(update: Update): Promise<void> {
    const { kind } = update;
    try {
      const answer = await this.#incident.executeUpdate<IncidentAnswer, [object]>(kind, {
        args: [this.#argument(update)],
      });
      this.#answers.push({ update, answer });
    } catch (error) {
      const failure = error instanceof WorkflowUpdateFailedError ? error.cause : null;
      const type = failure instanceof ApplicationFailure ? failure.type : null;
      if (failure instanceof ApplicationFailure && type === FailureType.NotAccepted) {
        this.#answers.push({ update, answer: failure.details?.[0] as IncidentAnswer });
        return;
      }
      if (type !== FailureType.AlertUnchanged) throw error;
      const { state } = await this.#status();
      this.#answers.push({ update, answer: { accepted: true, state } });
    }
  }

  /** The simulation keeps the parameters of an incident beside it. */
  #argument(update: Update): object {
    if (update.kind === 'alert') return { alert: { ...update.alert, parameters: this.script.parameters } };
    return Object.fromEntries(Object.entries(update).filter(([name]) => name !== 'kind' && name !== 'at'));
  }

  #status(): Promise<IncidentStatus> {
    return this.#incident.query<IncidentStatus>('status');
  }

  async #curtain(): Promise<Told> {
    const { end } = this.simulation;
    if (end.kind === 'closed') {
      const result = (await this.#incident.result()) as IncidentResult;
      return this.#told(result, { kind: 'closed', ...result });
    }
    await this.#sleepUntil(end.at);
    const status = await this.#status();
    await this.#betweenLooks();
    await this.#incident.cancel();
    return this.#told((await this.#incident.result()) as IncidentResult, { kind: 'horizon', ...status });
  }

  #told(result: IncidentResult, { kind, state, owner, placedCalls }: Told['end']): Told {
    const { space, journal } = this.world.emulator;
    const until = kind === 'closed' ? Number.POSITIVE_INFINITY : this.simulation.end.at;
    const calls = this.scripted.calls(this.world.emulator, result);
    // A call that was still being prepared when its run was aborted never rang, and Pigeon counts it.
    const prepared = space.calls().length - journal.calls().length;
    return {
      calls: calls.map((call) => ({ ...call, at: call.at - this.#opened })).filter(({ at }) => at <= until),
      answers: this.#answers,
      end: { kind, state, owner, placedCalls: placedCalls - prepared },
      timeline: result.timeline.filter(({ at }) => Date.parse(at) - this.#opened <= until),
    };
  }

  async #sleepUntil(at: number): Promise<void> {
    const { emulator, sleep } = this.world;
    await emulator.catchUp();
    const ms = this.#opened + at - emulator.space.now;
    if (ms > 0) await sleep(ms);
  }

  /** A timer that fires, or an activity that ends, while it is being cancelled makes the test server lose the workflow. */
  async #betweenLooks(): Promise<void> {
    const { emulator, sleep } = this.world;
    await emulator.catchUp();
    const since = emulator.space.now - (emulator.journal.polls().at(-1)?.at ?? 0);
    if (since < 1_000 || (since > 5_000 && since < 7_700)) await sleep(3_000);
  }

  async #restart(): Promise<void> {
    await this.#workers?.stop();
    await this.#startWorkers();
  }

  async #startWorkers(): Promise<void> {
    // The test server leaves what a stopped worker had cached to that worker for ever.
    const restarted = this.script.restarts.length > 0;
    this.#workers = await this.world.startWorkers(restarted ? { maxCachedWorkflows: 0 } : {});
  }

  /** The workflows that keys start, on the queues that the policy names. */
  async #startAutomations(): Promise<void> {
    const starts = new Map<string, number>();
    const whatHappens = (workflow: string) => {
      const start = starts.get(workflow) ?? 0;
      starts.set(workflow, start + 1);
      const told = this.script.runs[workflow];
      return Promise.resolve(told?.[Math.min(start, told.length - 1)] ?? { kind: 'ends', afterMs: 1_000 });
    };
    for (const taskQueue of this.scripted.automationQueues) {
      await this.world.startWorkers({
        taskQueue,
        serve: 'workflows',
        workflowCode: await automations(),
        activities: { whatHappens } as unknown as Activities,
      });
    }
  }
}

let code: Promise<string> | undefined;
const automations = (): Promise<string> =>
  (code ??= bundleWorkflows((options) =>
    withoutCancels({ ...options, workflowsPath: new URL('./automations.ts', import.meta.url).pathname }),
  ));
