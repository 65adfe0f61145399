import { decide, openIncident } from '../policy/decide.js';
import type { Action, Close, Decision } from '../policy/decision.js';
import { type IncidentEvent, isUpdate } from '../policy/incident-event.js';
import { contractState, type IncidentState, ownerOf } from '../policy/incident-state.js';
import { inOrder } from '../policy/in-order.js';
import type { Policy } from '../policy/policy.js';
import { stepOf } from '../policy/step-of.js';
import type { TimelineEntry } from '../policy/timeline.js';
import { Agenda } from './agenda.js';
import type { Script } from './script.js';
import { SimulatedRun } from './simulated-run.js';
import { SimulatedWorkflows } from './simulated-workflows.js';
import type { End, SimulatedCall, Simulation } from './simulation.js';
import { Behaviours } from './whom-to-call.js';

/** A script that leads to more decisions than this says nothing that its beginning does not. */
const MOST_DECISIONS = 20_000;

/** Plays a script against a policy in virtual time: the decision of the real incident, with scripted people around it. */
export function simulate(policy: Policy, script: Script): Simulation {
  return new Simulator(policy, script).play();
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
  #close: Close | null = null;

  constructor(
    private readonly policy: Policy,
    private readonly script: Script,
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
        // It fires all the same: the decision knows that it is of the past.
        return;
      case 'startLevel':
      case 'standDownLevel':
      case 'hangUpLevel':
        throw new Error('A simulated level runs here');
      case 'startRun':
        return this.#workflows.start(action, this.#now);
      case 'cancelRun':
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

  get #surroundings() {
    return {
      script: this.script,
      agenda: this.#agenda,
      behaviours: this.#behaviours,
      now: () => this.#now,
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
