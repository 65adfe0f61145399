import type { Agenda, Appointment } from './agenda.js';
import type { JsonObject } from './json-value.js';
import type { OrderedGuidance } from './order.js';
import type { Switches } from './switches.js';
import { CLOSING_SENTENCE, READINGS_IN_A_ROW, ROWS_OF_READINGS, speechMs } from './timing.js';

export type TalkPhase = 'reading' | 'awaitingKey' | 'reacting' | 'closing';

/** What a key that ended a call means for the run. `cutRun` is key 0, where that switch says so. */
type Decision = 'terminate' | 'continue' | 'leave' | 'transfer' | 'cutRun';

/** What a key did: ended the call, made the guidance start again, or nothing. */
export type KeyEffect = 'counted' | 'readAgain' | 'notCounted';

/** A sentence that Pigeon reads out. */
export interface Utterance {
  readonly text: string;
  readonly from: number;
  readonly until: number;
}

export interface Choice {
  readonly key: string;
  readonly decision: Decision;
}

export interface ConversationSetting {
  readonly agenda: Agenda;
  readonly switches: Switches;
  readonly guidance: OrderedGuidance;
  readonly parameters: JsonObject;
  /** Something else is heard, or nothing any more. */
  changed(): void;
  /** All has been said. */
  ended(): void;
}

/** What is said and pressed between the pick-up and the end of a call. */
export class Conversation {
  readonly #setting: ConversationSetting;
  readonly transcript: Utterance[] = [];
  #phase: TalkPhase = 'reading';
  #next: Appointment | undefined;
  #choice: Choice | undefined;

  constructor(setting: ConversationSetting) {
    this.#setting = setting;
  }

  get phase(): TalkPhase {
    return this.#phase;
  }

  /** The key that ends this call, once it has been pressed; its sentence may still be read. */
  get choice(): Choice | undefined {
    return this.#choice;
  }

  begin(): void {
    this.#read(1);
  }

  press(key: string): KeyEffect {
    if (this.#phase === 'reacting' || this.#phase === 'closing') return 'notCounted';
    const { guidance, switches } = this.#setting;
    const reaction = /^[1-9]$/.test(key) ? guidance.reactions[key] : undefined;
    if (reaction !== undefined) {
      this.#choice = { key, decision: decisionOf(reaction.behavior) };
      this.#say('reacting', reaction.messageTemplate ?? '', () => this.#setting.ended());
      return 'counted';
    }
    if (key === '0' && switches.keyZero !== 'readAgain') {
      this.#choice = { key, decision: switches.keyZero === 'cutsRun' ? 'cutRun' : 'continue' };
      this.stop();
      this.#setting.ended();
      return 'counted';
    }
    if ((key === '*' || key === '#') && switches.starAndHash === 'nothing') return 'notCounted';
    // Whether the readings count again is not known; the ten minutes of a call bound them in any case.
    this.begin();
    return 'readAgain';
  }

  stop(): void {
    this.#next?.cancel();
  }

  #read(reading: number): void {
    this.#say('reading', this.#setting.guidance.messageTemplate, () => this.#afterReading(reading));
  }

  #afterReading(reading: number): void {
    if (reading % READINGS_IN_A_ROW !== 0) return this.#read(reading + 1);
    this.#phase = 'awaitingKey';
    this.#setting.changed();
    this.#next = this.#setting.agenda.after(this.#setting.switches.keyWaitSeconds * 1_000, () => {
      if (reading < READINGS_IN_A_ROW * ROWS_OF_READINGS) this.#read(reading + 1);
      else this.#say('closing', CLOSING_SENTENCE, () => this.#setting.ended());
    });
  }

  #say(phase: TalkPhase, template: string, then: () => void): void {
    this.stop();
    const { agenda, switches, parameters } = this.#setting;
    const text = fillTemplate(template, parameters, switches);
    const lasts = speechMs(text);
    this.#phase = phase;
    if (lasts === 0) return then();
    this.transcript.push({ text, from: agenda.now, until: agenda.now + lasts });
    this.#setting.changed();
    this.#next = agenda.after(lasts, then);
  }
}

function decisionOf(behavior: string): Decision {
  switch (behavior) {
    case 'terminate':
    case 'continue':
    case 'leave':
      return behavior;
    default:
      // Every other word has been refused at the invoke, but for the literal of transfer, which is a switch.
      return 'transfer';
  }
}

const PLACEHOLDER = /\{\{(.*?)\}\}/g;

type TemplateSwitches = Pick<Switches, 'missingParameter' | 'templateSpaces'>;

/** A message template as the callee hears it: each `{{name}}` replaced by the parameter of that name. */
function fillTemplate(template: string, parameters: JsonObject, switches: TemplateSwitches): string {
  return template.replace(PLACEHOLDER, (placeholder, inner: string) => {
    const name = nameIn(inner, switches);
    if (Object.hasOwn(parameters, name)) return String(parameters[name]);
    return switches.missingParameter === 'kept' ? placeholder : '';
  });
}

/** Names that a template wants and the parameters do not have. */
export function missingNames(template: string, parameters: JsonObject, switches: TemplateSwitches): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)]
    .map((match) => nameIn(match[1] ?? '', switches))
    .filter((name) => !Object.hasOwn(parameters, name));
}

function nameIn(inner: string, switches: TemplateSwitches): string {
  return switches.templateSpaces === 'trimmed' ? inner.trim() : inner;
}
