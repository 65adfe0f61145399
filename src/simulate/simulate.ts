import type { Callees, Policy } from '../contract/policy-schema.js';
import { decide, openIncident, type Decision } from '../incident/decide.js';
import type { Action, Close, CancelAutomation, StartAutomation } from '../incident/actions.js';
import { isUpdate, inOrder, type IncidentEvent, type AutomationEvent } from '../incident/events.js';
import { givesWay } from '../incident/level.js';
import { stepOf } from '../incident/policy.js';
import { contractState, ownerOf, type IncidentState } from '../incident/state.js';
import type { TimelineEntry } from '../incident/timeline.js';
import type { People } from '../people/read-people.js';
import { type DutyRoster, type ResolvedCallees, resolveCallees } from '../people/resolve-callees.js';
import { words } from '../words/words.js';
import type { RunBehaviour } from './behaviour.js';
import type { Script } from './script.js';
import { Agenda, type RunRequest, SimulatedRun, Behaviours } from './simulated-run.js';
import type { End, SimulatedCall, Simulation } from './simulation.js';

/** A script that leads to more decisions than this says nothing that its beginning does not. */
const MOST_DECISIONS = 20_000;

/** Plays a script against a policy in virtual time: the decision of the real incident, with scripted people around it. */
export function simulate(policy: Policy, script: Script, world: SimulatedWorld = {}): Simulation {
  return new Simulator(policy, script, world).play();
}

/** What calls are resolved by that say whom they reach only when they are placed. */
export interface SimulatedWorld {
  readonly people?: People;
  readonly roster?: DutyRoster;
  /** When the incident opens; epoch milliseconds. */
  readonly opensAt?: number;
}

class Simulator {
  readonly #agenda = new Agenda();
  readonly #workflows: SimulatedWorkflows;
  readonly #behaviours: Behaviours;
  readonly #runs = new Map<number, SimulatedRun>();
  readonly #calls: SimulatedCall[] = [];
  readonly #timeline: TimelineEntry[] = [];
  readonly #answers: Simulation['answers'][number][] = [];
  #inbox: IncidentEvent[] = [];
  #now = 0;
  #called: readonly string[] = [];
  #close: Close | null = null;

  constructor(
    private readonly policy: Policy,
    private readonly script: Script,
    private readonly world: SimulatedWorld,
  ) {
    this.#behaviours = new Behaviours(script.calls);
    this.#workflows = new SimulatedWorkflows(script.runs, this.#agenda, (event) => this.#report(event));
  }

  play(): Simulation {
    for (const update of this.script.operator) this.#agenda.schedule(update.at, () => this.#report(update));
    let state = this.#carryOut(openIncident(this.policy, { at: 0, ...this.script.opening }));
    let decisions = 1;
    while (this.#close === null && decisions < MOST_DECISIONS) {
      const next = this.#agenda.nextAt;
      if (next === null || next > this.script.horizon) return this.#result('horizon', this.script.horizon, state);
      this.#now = next;
      for (const event of this.#eventsOfThisMoment()) {
        const decision = decide(this.policy, state, event);
        state = this.#carryOut(decision, event);
        decisions += 1;
      }
    }
    return this.#result('tooManyDecisions', this.#now, state);
  }

  #eventsOfThisMoment(): readonly IncidentEvent[] {
    this.#agenda.happenUntil(this.#now);
    const events = inOrder(this.#inbox);
    this.#inbox = [];
    return events;
  }

  #report(event: IncidentEvent): void {
    this.#inbox.push(event);
  }

  #carryOut({ state, actions, timeline, answer }: Decision, event?: IncidentEvent): IncidentState {
    this.#timeline.push(...timeline);
    this.#called = state.level.called ?? [];
    if (answer !== null && event !== undefined && isUpdate(event)) this.#answers.push({ update: event, answer });
    for (const action of actions) this.#perform(action);
    return state;
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'placeCalls': {
        const { level, step: stepName, attempt } = action;
        for (const { id, call } of action.calls) {
          const step = stepOf(this.policy, stepName);
          this.#startRun(new SimulatedRun({ id, call, stepName, step, level, attempt }, this.#surroundings), id);
        }
        return;
      }
      case 'hangUpCalls':
        for (const id of action.calls) this.#runs.get(id)?.hangUp();
        return;
      case 'startTimer':
        this.#agenda.schedule(action.at, () =>
          this.#report({ kind: 'timerFired', at: action.at, timer: action.timer }),
        );
        return;
      case 'cancelTimer':
        // It fires anyway: the decision knows that it is of the past.
        return;
      case 'startLevel':
      case 'standDownLevel':
      case 'hangUpLevel':
        throw new Error('A simulated level runs here');
      case 'startAutomation':
        return this.#workflows.start(action, this.#now);
      case 'cancelAutomation':
        return this.#workflows.cancel(action, this.#now);
      case 'close':
        this.#close = action;
        return;
      default:
        return action satisfies never;
    }
  }

  #startRun(run: SimulatedRun, id: number): void {
    this.#runs.set(id, run);
    // At this moment, but after everything that was decided in it.
    this.#agenda.schedule(this.#now, () => run.start());
  }

  #resolve(callees: Callees): ResolvedCallees {
    const { people = new Map<string, never>(), roster = null, opensAt = 0 } = this.world;
    const wanted = { ...callees, directory: { people: {}, schedules: {} }, called: this.#called };
    return resolveCallees(wanted, people, roster, opensAt + this.#now);
  }

  get #surroundings() {
    return {
      script: this.script,
      agenda: this.#agenda,
      behaviours: this.#behaviours,
      now: () => this.#now,
      resolve: (callees: Callees) => this.#resolve(callees),
      givesWay: ({ stepName: step, level: number }: RunRequest) => givesWay(this.policy, { step, number }),
      report: (event: IncidentEvent) => this.#report(event),
      show: (call: SimulatedCall) => {
        const index = this.#calls.push(call) - 1;
        return (end: Partial<SimulatedCall>) => {
          this.#calls[index] = { ...call, ...end };
        };
      },
    };
  }

  #result(stoppedBy: 'horizon' | 'tooManyDecisions', at: number, state: IncidentState): Simulation {
    const end: End =
      this.#close === null
        ? { kind: stoppedBy, at, state: contractState(state), owner: ownerOf(state), placedCalls: state.placedCalls }
        : { ...this.#close, kind: 'closed', at: this.#now };
    const restarts = this.script.restarts.filter((restart) => restart <= end.at);
    return { calls: this.#calls, timeline: this.#timeline, answers: this.#answers, restarts, end };
  }
}

/** Whom the script does not name ends well at once. */
const ENDS: RunBehaviour = { kind: 'ends', afterMs: 1_000 };

/** The workflows that keys start, played by the script. */
class SimulatedWorkflows {
  readonly #starts = new Map<string, number>();
  readonly #live = new Set<number>();

  constructor(
    private readonly script: Script['runs'],
    private readonly agenda: Agenda,
    private readonly report: (event: AutomationEvent) => void,
  ) {}

  start({ run, action }: StartAutomation, now: number): void {
    this.#live.add(run);
    const behaviour = this.#next(action.workflow);
    if (behaviour.kind === 'hangs') return;
    const at = now + behaviour.afterMs;
    this.#endAt(
      behaviour.kind === 'ends'
        ? { kind: 'automationEnded', at, run }
        : { kind: 'automationFailed', at, run, message: words().simulation.runFailed },
    );
  }

  cancel({ run }: CancelAutomation, now: number): void {
    this.#endAt({ kind: 'automationCancelled', at: now, run });
  }

  #next(workflow: string): RunBehaviour {
    const behaviours = Object.hasOwn(this.script, workflow) ? this.script[workflow] : undefined;
    const start = this.#starts.get(workflow) ?? 0;
    this.#starts.set(workflow, start + 1);
    return behaviours?.[Math.min(start, behaviours.length - 1)] ?? ENDS;
  }

  #endAt(event: AutomationEvent): void {
    this.agenda.schedule(event.at, () => {
      if (this.#live.delete(event.run)) this.report(event);
    });
  }
}
