import type { CallEnded, IncidentEvent } from '../policy/incident-event.js';
import type { Step, StepCall } from '../policy/policy.js';
import type { Agenda } from './agenda.js';
import type { Behaviour } from './behaviour.js';
import { outageAt } from './outage.js';
import { said, saidAfterKey } from './said.js';
import type { Script } from './script.js';
import type { SimulatedCall } from './simulation.js';
import { type Behaviours, type Callee, keyEffect, whomToCall } from './whom-to-call.js';

/** Everything that a run needs of the simulation around it. */
export interface Surroundings {
  readonly script: Script;
  readonly agenda: Agenda;
  readonly behaviours: Behaviours;
  readonly now: () => number;
  readonly report: (event: IncidentEvent) => void;
  /** Shows a telephone call as it begins, and takes what becomes of it. */
  readonly show: (call: SimulatedCall) => (end: Pick<SimulatedCall, 'end' | 'endedAt' | 'heard'>) => void;
}

export interface Placed {
  readonly id: number;
  readonly call: StepCall;
  readonly stepName: string;
  readonly step: Step;
  readonly level: number;
  readonly attempt: number;
}

/** A key that was pressed after the guidance was read again and again: six readings. */
const READINGS_MS = 210_000;
/** From the abort to the end of the call. */
const HANG_UP_MS = 2_000;

/** One run of a call flow, played by the script: one telephone call after another. */
export class SimulatedRun {
  readonly #callees: readonly Callee[];
  readonly #left = new Set<string>();
  #position = 0;
  #calls = 0;
  #isTaken = false;
  #isOver = false;
  #endShown: ((end: string) => void) | null = null;

  constructor(
    private readonly placed: Placed,
    private readonly around: Surroundings,
  ) {
    this.#callees = whomToCall(placed.call);
  }

  start(): void {
    const { around, placed } = this;
    const outage = outageAt(around.script.outages, around.now());
    if (outage === null) return this.#callNext();
    around.report({ kind: 'callBlocked', at: around.now(), call: placed.id, reason: outage.reason });
    around.agenda.schedule(outage.to, () => {
      if (this.#isOver) return;
      around.report({ kind: 'callUnblocked', at: outage.to, call: placed.id });
      this.#callNext();
    });
  }

  /** Changes nothing for a run that has ended by itself and is only not yet reported. */
  hangUp(): void {
    if (this.#isOver) return;
    const { script, agenda, now } = this.around;
    const hungUp = { outcome: 'hungUp', keyInput: null, contact: null } as const;
    if (!this.#isTaken) return this.#end(hungUp, now());
    // What the space cannot be told goes on ringing.
    const outage = outageAt(script.outages, now());
    if (outage !== null) return agenda.schedule(outage.to, () => this.hangUp());
    const lasts = this.#endShown === null ? 0 : HANG_UP_MS;
    this.#endShown?.('hung up');
    this.#end(hungUp, this.#knownAt(now() + lasts));
  }

  #callNext(): void {
    this.#isTaken = true;
    let callee: Callee | undefined;
    do {
      callee = this.#callees[this.#position];
      this.#position += 1;
    } while (callee !== undefined && this.#left.has(callee.who));
    if (callee === undefined) return this.#end({ outcome: 'unanswered', keyInput: null, contact: null });
    this.#play(callee, this.around.behaviours.next(callee));
  }

  #play(callee: Callee, behaviour: Behaviour): void {
    const { around, placed } = this;
    const at = around.now();
    if (behaviour.kind === 'runEnds') {
      // Nothing rings; but nobody knows that of a lost call.
      around.agenda.schedule(at + behaviour.afterMs, () => {
        if (!this.#isOver) this.#end({ outcome: behaviour.outcome, keyInput: null, contact: null });
      });
      return;
    }
    this.#calls += 1;
    const { level, attempt, stepName, call } = placed;
    const show = around.show({
      at,
      level,
      attempt,
      step: stepName,
      who: callee.who,
      said: picksUp(behaviour) ? said(call, around.script.parameters) : null,
      heard: null,
      end: 'under way',
      endedAt: null,
    });
    this.#endShown = (end) => show({ end, endedAt: around.now(), heard: null });
    const effect = behaviour.kind === 'presses' ? keyEffect(call, placed.step, behaviour.key) : null;
    const lasts = effect === 'readsAgain' ? READINGS_MS : behaviour.afterMs;
    around.agenda.schedule(at + lasts, () => {
      if (this.#isOver) return;
      this.#endShown = null;
      const heard = behaviour.kind === 'presses' ? saidAfterKey(call, behaviour.key, around.script.parameters) : null;
      show({ end: endText(behaviour, effect), endedAt: around.now(), heard });
      if (effect === 'leaves') this.#left.add(callee.who);
      if (behaviour.kind === 'presses' && effect === 'endsRun') {
        this.#end({ outcome: 'answered', keyInput: behaviour.key, contact: callee.contact });
      } else this.#callNext();
    });
  }

  /** The space tells what became of a run as soon as it can be reached. */
  #knownAt(time: number): number {
    return outageAt(this.around.script.outages, time)?.to ?? time;
  }

  /** Nothing of it rings any more. */
  #end(end: Pick<CallEnded, 'outcome' | 'keyInput' | 'contact'>, at = this.#knownAt(this.around.now())): void {
    const { around, placed } = this;
    this.#isOver = true;
    around.agenda.schedule(at, () => {
      around.report({ kind: 'callEnded', at, call: placed.id, ...end, calls: this.#calls });
    });
  }
}

function endText(behaviour: Behaviour, effect: ReturnType<typeof keyEffect> | null): string {
  if (behaviour.kind === 'presses') {
    return effect === 'readsAgain' ? `pressed ${behaviour.key}, which is not assigned` : `pressed ${behaviour.key}`;
  }
  return behaviour.kind === 'noKey' ? NO_KEY_ENDS[behaviour.word] : behaviour.outcome;
}

function picksUp(behaviour: Behaviour): boolean {
  return behaviour.kind === 'presses' || (behaviour.kind === 'noKey' && behaviour.word === 'machine');
}

const NO_KEY_ENDS = { silence: 'did not pick up', busy: 'was busy', machine: 'an answering machine, no key' } as const;
