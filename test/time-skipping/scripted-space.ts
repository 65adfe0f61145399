import type { IncidentResult } from '../../src/contract/incident-schema.js';
import {
  answeringMachine,
  answers,
  busy,
  type Emulator,
  hangsUp,
  neverPicksUp,
  type Person,
} from '../../src/emulator/emulator.js';
import type { PigeonRequest } from '../../src/emulator/endpoint.js';
import type { CallView } from '../../src/emulator/telephone-view.js';
import type { Policy, StepCall } from '../../src/contract/policy-schema.js';
import type { Behaviour, RunEndWord } from '../../src/simulate/behaviour.js';
import type { Script } from '../../src/simulate/script.js';
import type { Simulation } from '../../src/simulate/simulation.js';
import { Behaviours, type Callee, whomToCall } from '../../src/simulate/simulated-run.js';
import type { WorldOptions } from '../rig/rig.js';
import type { ToldCall } from './same-story.js';

/** The space in which a script is played: whom it calls, who picks up, and what becomes of whole runs. */
export class ScriptedSpace {
  readonly #calls: readonly StepCall[];
  /** Everybody once, by the name that simulations give them, with a number. */
  readonly #callees: ReadonlyMap<string, Callee & { readonly phoneNumber: string }>;

  constructor(
    private readonly policy: Policy,
    private readonly script: Script,
    private readonly simulation: Simulation,
  ) {
    const endings = Object.values(script.calls).map((list) =>
      list.map((told) => told.kind === 'runEnds' && told.outcome),
    );
    if (endings.flat().includes('timedOut'))
      throw new Error('A run that times out lasts a day: not played, see `simulate`');
    if (endings.some((list) => list.includes('rejected') && list.length > 1)) {
      throw new Error('Anyone who is rejected is rejected always: else which POST would have room?');
    }
    this.#calls = Object.values(policy.steps).flatMap(({ call }) => call);
    const callees = this.#calls.flatMap(whomToCall).map((callee, index) => {
      const phoneNumber = callee.names[1] ?? `0399000${String(index).padStart(3, '0')}`;
      return [callee.who, { ...callee, phoneNumber }] as const;
    });
    this.#callees = new Map(callees.toReversed());
  }

  get options(): WorldOptions {
    const people = [...this.#callees.values()].map((callee) => [callee.phoneNumber, this.#persons(callee)]);
    const switches = { neverPlaced: this.#rejected.join() };
    return { people: Object.fromEntries(people), lines: 20, switches, ...this.#stored };
  }

  /** The numbers of runs that the space has no room for: those that would call somebody first of whom the script says so. */
  get #rejected(): readonly string[] {
    const isRejected = ({ names }: Callee) => {
      const [told] = this.script.calls[names.find((name) => Object.hasOwn(this.script.calls, name)) ?? ''] ?? [];
      return told?.kind === 'runEnds' && told.outcome === 'rejected';
    };
    const runs = this.#calls.filter((call) => isRejected(this.#first(call)));
    return runs.flatMap(whomToCall).flatMap(({ who }) => this.#callees.get(who)?.phoneNumber ?? []);
  }

  /** One for each call that the simulation has of them: one more is a call that nobody expected. */
  #persons(callee: Callee): readonly Person[] {
    const behaviours = new Behaviours(this.script.calls);
    const persons: Person[] = [];
    const count = this.simulation.calls.filter(({ who }) => who === callee.who).length;
    while (persons.length < count) {
      const behaviour = behaviours.next(callee);
      if (behaviour.kind !== 'runEnds') persons.push(personOf(behaviour));
    }
    return persons;
  }

  /** What the policy names by ids. A stored call flow has one contact; a key that the policy does not name ends the run. */
  get #stored(): Pick<WorldOptions, 'callflows' | 'guidances'> {
    const callflows = this.#calls.flatMap((call) => {
      const { who, phoneNumber } = this.#first(call);
      const contacts = [{ displayName: who, phones: [{ phoneNumber }] }];
      return call.callflowId === undefined ? [] : { callflowId: call.callflowId, name: who, loopLimit: 1, contacts };
    });
    const guidances = Object.values(this.policy.steps).flatMap(({ call, keys }) =>
      call.flatMap(({ guidanceId }) => {
        const reactions = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key) => {
          const kind = Object.hasOwn(keys, key) ? keys[key]?.kind : undefined;
          return [key, { behavior: kind === 'next' ? 'continue' : kind === 'leave' ? 'leave' : 'terminate' }];
        });
        // Long enough for an answering machine to record for a minute.
        const messageTemplate = 'サーバーに障害を検出しました。'.repeat(10);
        return guidanceId === undefined
          ? []
          : { guidanceId, name: guidanceId, messageTemplate, reactions: Object.fromEntries(reactions) };
      }),
    );
    return { callflows, guidances };
  }

  get automationQueues(): readonly string[] {
    const actions = Object.values(this.policy.steps).flatMap(({ keys }) => Object.values(keys));
    return [...new Set(actions.flatMap((action) => (action.kind === 'run' ? [action.taskQueue] : [])))];
  }

  #first(call: StepCall) {
    const who = whomToCall(call)[0]?.who;
    const callee = who === undefined ? undefined : this.#callees.get(who);
    if (callee === undefined) throw new Error('a call that calls nobody');
    return callee;
  }

  /** Runs that ended otherwise than by telephone, by whom they would have called first. */
  readonly #ended = new Map<string, number>();
  readonly #lost = new Set<string>();

  /** Lets happen what the script says of whole runs. */
  endRunsOf({ faults, journal, space }: Emulator): void {
    const fateOf = (params: StepCall) => this.#fate(journal, params);
    const whose = (fate: RunEndWord) => ({
      times: 'always' as const,
      only: ({ text }: PigeonRequest) => fateOf(paramsOf(JSON.parse(text))) === fate,
    });
    faults.inject('invoke', { kind: 'status', status: 422 }, whose('refused'));
    faults.inject('invoke', { kind: 'resetBeforeHandling' }, whose('unknown'));
    journal.subscribe((entry) => {
      if (entry.kind !== 'request' || entry.endpoint !== 'invoke' || entry.outcome.kind === 'pending') return;
      const params = paramsOf(entry.body);
      const fate = fateOf(params);
      if (fate === null) return;
      const { who } = this.#first(params);
      if (fate === 'aborted' && entry.resultId !== undefined) space.abort({ resultId: entry.resultId });
      // An incident calls again, once, when it does not know.
      if (fate === 'unknown' && !this.#lost.delete(who)) this.#lost.add(who);
      else this.#ended.set(who, (this.#ended.get(who) ?? 0) + 1);
    });
  }

  #fate(journal: Emulator['journal'], params: StepCall): RunEndWord | null {
    const { who, names, phoneNumber } = this.#first(params);
    const told = this.script.calls[names.find((name) => Object.hasOwn(this.script.calls, name)) ?? ''] ?? [];
    const rang = journal.calls().filter((call) => call.phoneNumber === phoneNumber).length;
    const behaviour = told[Math.min(rang + (this.#ended.get(who) ?? 0), told.length - 1)];
    return behaviour?.kind === 'runEnds' ? behaviour.outcome : null;
  }

  /** What rang, with the attempt to which the incident says that it belongs. */
  calls({ space, journal }: Emulator, { timeline }: IncidentResult): readonly ToldCall[] {
    const views = new Map(space.calls().map((view) => [view.callId, view]));
    return journal.calls().map(({ at, callId, resultId, contact }) => {
      const ended = timeline.find((entry) => entry.kind === 'callEnded' && entry['resultId'] === resultId);
      const placed = timeline.find(
        (entry) => entry.kind === 'callsPlaced' && (entry['calls'] as readonly unknown[]).includes(ended?.['call']),
      );
      const { level, step, attempt } = (placed ?? {}) as Partial<ToldCall>;
      if (level === undefined || step === undefined || attempt === undefined) {
        throw new Error(`The timeline does not tell of the run ${resultId}: ${JSON.stringify(timeline)}`);
      }
      return { at, level, step, attempt, who: contact, end: endText(views.get(callId)) };
    });
  }
}

const paramsOf = (body: unknown): StepCall => (body as { readonly params: StepCall }).params;

function personOf(behaviour: Exclude<Behaviour, { kind: 'runEnds' }>): Person {
  const { kind, afterMs } = behaviour;
  if (kind === 'presses') {
    const picksUp = Math.min(8_000, Math.floor(afterMs / 2));
    return answers(picksUp, { key: behaviour.key, afterMs: afterMs - picksUp });
  }
  switch (behaviour.word) {
    case 'silence':
      return afterMs === 30_000 ? neverPicksUp() : hangsUp(0, afterMs);
    case 'busy':
      return afterMs === 2_000 ? busy() : hangsUp(0, afterMs);
    case 'machine':
      return answeringMachine(Math.min(12_000, afterMs), Math.max(0, afterMs - 12_000));
    default:
      return behaviour.word satisfies never;
  }
}

function endText(view: CallView | undefined): string {
  if (view?.keyInput !== undefined) return `pressed ${view.keyInput}`;
  switch (view?.status) {
    case 'missed':
      return 'did not pick up';
    case 'failed':
      return 'was busy';
    case 'ignored':
      return 'an answering machine, no key';
    case 'aborted':
      return 'hung up';
    default:
      return 'under way';
  }
}
