import type { Callees, Step, StepCall } from '../contract/policy-schema.js';
import { GIVE_WAY_TIMEOUT_MS } from '../contract/rejected-calls.js';
import type { CallEnded, IncidentEvent } from '../incident/events.js';
import { callParameters } from '../incident/policy.js';
import type { ResolvedCallees } from '../people/resolve-callees.js';
import { words } from '../words/words.js';
import { SILENCE, type Behaviour } from './behaviour.js';
import type { Outage, Parameters, Script } from './script.js';
import type { SimulatedCall } from './simulation.js';

/** Everything that a run needs of the simulation around it. */
export interface Surroundings {
  readonly script: Script;
  readonly agenda: Agenda;
  readonly behaviours: Behaviours;
  readonly now: () => number;
  /** Whom a call reaches that says so only when it is placed. */
  readonly resolve: (callees: Callees) => ResolvedCallees;
  /** Whether somebody else is called when this one cannot be placed for long. */
  readonly givesWay: (request: RunRequest) => boolean;
  readonly report: (event: IncidentEvent) => void;
  /** Shows a telephone call as it begins, and takes what becomes of it. */
  readonly show: (call: SimulatedCall) => (end: Pick<SimulatedCall, 'end' | 'endedAt' | 'heard'>) => void;
}

/** A run that a level asks for. */
export interface RunRequest {
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
  #callees: readonly Callee[] | null = null;
  readonly #left = new Set<string>();
  #position = 0;
  #calls = 0;
  #isTaken = false;
  #isOver = false;
  #endShown: ((end: string) => void) | null = null;

  constructor(
    private readonly request: RunRequest,
    private readonly around: Surroundings,
  ) {}

  start(): void {
    const { around, request } = this;
    const outage = outageAt(around.script.outages, around.now());
    if (outage === null) return this.#begin();
    around.report({ kind: 'callBlocked', at: around.now(), call: request.id, reason: outage.reason });
    around.agenda.schedule(outage.to, () => {
      if (this.#isOver) return;
      around.report({ kind: 'callUnblocked', at: outage.to, call: request.id });
      this.#begin();
    });
  }

  /** Changes nothing for a run that has ended and is only not yet reported. */
  hangUp(): void {
    if (this.#isOver) return;
    const { script, agenda, now } = this.around;
    const hungUp = { outcome: 'hungUp', keyInput: null, contact: null } as const;
    if (!this.#isTaken) return this.#end(hungUp, now());
    // What the space cannot be told keeps ringing.
    const outage = outageAt(script.outages, now());
    if (outage !== null) return agenda.schedule(outage.to, () => this.hangUp());
    const lasts = this.#endShown === null ? 0 : HANG_UP_MS;
    this.#endShown?.(words().simulation.hungUp);
    this.#end(hungUp, this.#knownAt(now() + lasts));
  }

  #begin(): void {
    const { request, around } = this;
    const { callees } = request.call;
    const found = callees && around.resolve(callees);
    if (found?.callflow === null) {
      const message = words().callees.nobody(found.missing.join('; '));
      return this.#end({ outcome: 'nobody', keyInput: null, contact: null, message }, around.now());
    }
    this.#callees = whomToCall(found === undefined ? request.call : { callflow: found.callflow });
    if (found !== undefined) {
      const { people, missing } = found;
      around.report({ kind: 'calleesFound', at: around.now(), call: request.id, people, missing });
    }
    this.#callNext();
  }

  #callNext(): void {
    this.#isTaken = true;
    let callee: Callee | undefined;
    do {
      callee = this.#callees?.[this.#position];
      this.#position += 1;
    } while (callee !== undefined && this.#left.has(callee.who));
    if (callee === undefined) return this.#end({ outcome: 'unanswered', keyInput: null, contact: null });
    this.#play(callee, this.around.behaviours.next(callee));
  }

  #play(callee: Callee, behaviour: Behaviour): void {
    const { around, request } = this;
    const at = around.now();
    if (behaviour.kind === 'runEnds') {
      return this.#endRun(behaviour);
    }
    this.#calls += 1;
    const { level, attempt, stepName, call } = request;
    const show = around.show({
      at,
      level,
      attempt,
      step: stepName,
      who: callee.who,
      said: picksUp(behaviour) ? said(call, around.script.parameters) : null,
      heard: null,
      end: words().simulation.underWay,
      endedAt: null,
    });
    this.#endShown = (end) => show({ end, endedAt: around.now(), heard: null });
    const effect = behaviour.kind === 'presses' ? keyEffect(call, request.step, behaviour.key) : null;
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

  /** Nothing rings; but nobody knows that of a lost call. */
  #endRun({ outcome, afterMs }: Extract<Behaviour, { readonly kind: 'runEnds' }>): void {
    const { around, request } = this;
    const at = around.now();
    const hadNoRoom = outcome === 'rejected';
    if (hadNoRoom) {
      this.#isTaken = false;
      around.report({ kind: 'callWaiting', at, call: request.id, reason: 'The queue of the space is full.' });
    }
    const lasts = hadNoRoom && around.givesWay(request) ? Math.min(afterMs, GIVE_WAY_TIMEOUT_MS) : afterMs;
    around.agenda.schedule(at + lasts, () => {
      if (!this.#isOver) this.#end({ outcome, keyInput: null, contact: null, ...(hadNoRoom && { hadNoRoom }) });
    });
  }

  /** The space tells what became of a run as soon as it can be reached. */
  #knownAt(time: number): number {
    return outageAt(this.around.script.outages, time)?.to ?? time;
  }

  /** Nothing of it rings any more. */
  #end(
    end: Pick<CallEnded, 'outcome' | 'keyInput' | 'contact' | 'message' | 'hadNoRoom'>,
    at = this.#knownAt(this.around.now()),
  ): void {
    const { around, request } = this;
    this.#isOver = true;
    around.agenda.schedule(at, () => {
      around.report({ kind: 'callEnded', at, call: request.id, ...end, calls: this.#calls });
    });
  }
}

function endText(behaviour: Behaviour, effect: ReturnType<typeof keyEffect> | null): string {
  const { simulation: said } = words();
  if (behaviour.kind === 'presses') {
    return effect === 'readsAgain' ? said.pressedUnassigned(behaviour.key) : said.pressed(behaviour.key);
  }
  return behaviour.kind === 'noKey' ? said.noKey[behaviour.word] : behaviour.outcome;
}

function picksUp(behaviour: Behaviour): boolean {
  return behaviour.kind === 'presses' || (behaviour.kind === 'noKey' && behaviour.word === 'machine');
}

/** What is to happen, in virtual time. */
export class Agenda {
  readonly #items: { readonly at: number; readonly happen: () => void }[] = [];

  schedule(at: number, happen: () => void): void {
    const after = this.#items.findIndex((item) => item.at > at);
    this.#items.splice(after === -1 ? this.#items.length : after, 0, { at, happen });
  }

  /** When the next thing happens; null when nothing is left. */
  get nextAt(): number | null {
    return this.#items[0]?.at ?? null;
  }

  /** Lets everything of this moment happen, in the order in which it was scheduled. */
  happenUntil(now: number): void {
    for (let item = this.#items[0]; item !== undefined && item.at <= now; item = this.#items[0]) {
      this.#items.shift();
      item.happen();
    }
  }
}

/** The outage of this moment, if there is one, until the end of all that overlap it. */
function outageAt(outages: readonly Outage[], at: number): Outage | null {
  const now = outages.find(({ from, to }) => from <= at && at < to);
  if (now === undefined) return null;
  const next = outageAt(outages, now.to);
  return next === null ? now : { ...now, to: next.to };
}

/** What the callee hears; null for a guidance stored in Pigeon, whose text nobody knows. */
export function said(call: StepCall, incident: Parameters): string | null {
  return call.guidance === undefined ? null : filled(call.guidance.messageTemplate, call, incident);
}

/** What is read after a key; null where there is nothing, or nobody knows. */
function saidAfterKey(call: StepCall, key: string, incident: Parameters): string | null {
  const reactions = call.guidance?.reactions ?? {};
  const template = Object.hasOwn(reactions, key) ? reactions[key]?.messageTemplate : undefined;
  return template === undefined ? null : filled(template, call, incident);
}

/** As Pigeon presumably does: a name that has no value reads as nothing. */
function filled(template: string, call: StepCall, incident: Parameters): string {
  const values = callParameters(call, incident);
  return template.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : '',
  );
}

/** Somebody whom a run may call; a stored call flow, whose contacts nobody knows, is one somebody. */
export interface Callee {
  readonly who: string;
  /** Null for a stored call flow. */
  readonly contact: string | null;
  /** Under which the script may name it. */
  readonly names: readonly string[];
}

/** In the order of the calls, pass after pass. */
export function whomToCall({ callflow, callflowId = '' }: StepCall): readonly Callee[] {
  if (callflow === undefined)
    return [{ who: words().simulation.callFlow(callflowId), contact: null, names: [callflowId] }];
  const pass = callflow.contacts.map(({ displayName, phones }) => {
    const numbers = phones.map(({ phoneNumber }) => phoneNumber);
    return { who: displayName, contact: displayName, names: [displayName, ...numbers] };
  });
  return Array.from({ length: callflow.loopLimit }, () => pass).flat();
}

/** What the script says about each of somebody's calls in turn. */
export class Behaviours {
  readonly #calls = new Map<string, number>();

  constructor(private readonly script: Script['calls']) {}

  next({ names }: Callee): Behaviour {
    const name = names.find((name) => Object.hasOwn(this.script, name));
    const behaviours = name === undefined ? undefined : this.script[name];
    if (name === undefined || behaviours === undefined) return SILENCE;
    const call = this.#calls.get(name) ?? 0;
    this.#calls.set(name, call + 1);
    return behaviours[Math.min(call, behaviours.length - 1)] ?? SILENCE;
  }
}

/** What Pigeon does with a key. */
export type KeyEffect =
  | 'endsRun'
  | 'nextContact'
  | 'leaves'
  /** Not assigned: the guidance is read again, until the call ends without a key. */
  | 'readsAgain';

function keyEffect({ guidance }: StepCall, { keys }: Step, key: string): KeyEffect {
  // Of a stored guidance we know only what the policy says of its keys.
  const behavior =
    guidance === undefined
      ? keys[key]?.kind
      : Object.hasOwn(guidance.reactions, key)
        ? guidance.reactions[key]?.behavior
        : null;
  switch (behavior) {
    case 'continue':
    case 'next':
      return 'nextContact';
    case 'leave':
      return 'leaves';
    case null:
      return 'readsAgain';
    default:
      return 'endsRun';
  }
}
