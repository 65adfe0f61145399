import { DURATION_PATTERN, durationMs } from '../contract/duration.js';
import { UNTIL } from '../contract/incident-states.js';
import type { StepCall } from '../contract/policy-schema.js';
import { SEVERITIES } from '../contract/severity.js';
import { UPDATES, type Opening, type Update } from '../incident/events.js';
import type { CallOutcome } from '../incident/state.js';

export type Parameters = NonNullable<StepCall['parameters']>;

/**
 * What happens around an incident in a simulation. Times are milliseconds after the opening. How it is written is in
 * `docs/reference/policy-file.md`, under *Scripts*.
 */
export interface Script {
  readonly opening: Omit<Opening, 'at'>;
  readonly parameters: Parameters;
  readonly calls: Readonly<Record<string, readonly Behaviour[]>>;
  readonly operator: readonly Update[];
  readonly outages: readonly Outage[];
  readonly restarts: readonly number[];
  readonly runs: Readonly<Record<string, readonly RunBehaviour[]>>;
  readonly horizon: number;
}

export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/**
 * Reads a script from what JSON or YAML made of it.
 *
 * @throws ScriptError for the first field that is wrong, with its path.
 */
export function parseScript(value: unknown): Script {
  const script = new Field(value);
  const { incident, ...fields } = script.object(
    ...(['incident', 'calls', 'operator', 'outages', 'restarts', 'runs', 'horizon'] as const),
  );
  const { summary, severity, until, parameters } = incident.object('summary', 'severity', 'until', 'parameters');
  return {
    opening: {
      alert: { summary: summary.optionalText() ?? 'simulated incident', severity: severity.word(SEVERITIES, 'error') },
      until: until.word(UNTIL, 'resolved'),
    },
    parameters: Object.fromEntries(parameters.entries().map(([name, field]) => [name, parameter(field)])),
    calls: inTurn(fields.calls, parseBehaviour),
    operator: fields.operator.list().map(parseOperatorAct),
    outages: fields.outages.list().map(parseOutage),
    restarts: fields.restarts.list().map((field) => field.milliseconds()),
    runs: inTurn(fields.runs, parseRunBehaviour),
    horizon: fields.horizon.milliseconds('7d'),
  };
}

function parameter(field: Field): string | number | boolean {
  const { value } = field;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw field.wrong('must be a text, a number, true or false');
}

/** By name, one thing or a list of them, one for each time. */
function inTurn<T>(field: Field, parse: (field: Field) => T): Readonly<Record<string, readonly T[]>> {
  const things = field.entries().map(([name, field]): [string, readonly T[]] => {
    if (!Array.isArray(field.value)) return [name, [parse(field)]];
    if (field.value.length === 0) throw field.wrong('must name at least one');
    return [name, field.list().map(parse)];
  });
  return Object.fromEntries(things);
}

function parseOutage(field: Field): Outage {
  const { from, to, reason } = field.object('from', 'to', 'reason');
  const outage = {
    from: from.milliseconds(),
    to: to.milliseconds(),
    reason: reason.optionalText() ?? 'the space is out of reach',
  };
  if (outage.to <= outage.from) throw to.wrong('must be later than `from`');
  return outage;
}

/** Thrown for a script that cannot be read. The message names the field, and never holds a whole telephone number. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';

  constructor(
    /** Where: `['operator', 0, 'at']`, from which a reader of YAML finds line and column. */
    readonly path: readonly (string | number)[],
    readonly problem: string,
  ) {
    super(`${pathText(path)}: ${problem}`);
  }
}

function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${masked(part)}`)).join('');
  return text === '' ? 'script' : text.replace(/^\./, '');
}

/** People may be named by their telephone number; its end is enough to find the line. */
function masked(name: string): string {
  return /^\+?[0-9-]{5,}$/.test(name) ? `…${name.slice(-4)}` : name;
}

/** One value of a script with its place, so that whatever is wrong with it can be named. */
class Field {
  constructor(
    readonly value: unknown,
    readonly path: readonly (string | number)[] = [],
  ) {}

  wrong(problem: string): ScriptError {
    return new ScriptError(this.path, problem);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** The fields of an object that may have these and no others. */
  object<K extends string>(...names: readonly K[]): Readonly<Record<K, Field>> {
    const entries = this.entries();
    for (const [name, field] of entries) {
      if (!names.some((known) => known === name)) throw field.wrong(`no such field; there are ${names.join(', ')}`);
    }
    const fields = new Map(entries);
    const pick = (name: K): [K, Field] => [name, fields.get(name) ?? new Field(undefined, [...this.path, name])];
    return Object.fromEntries(names.map(pick)) as Record<K, Field>;
  }

  /** The fields of an object whose names are the user's. None when it is missing. */
  entries(): readonly (readonly [string, Field])[] {
    if (this.isMissing) return [];
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      throw this.wrong('must be an object');
    }
    return Object.entries(this.value).map(([name, value]) => [name, new Field(value, [...this.path, name])]);
  }

  /** None when it is missing. */
  list(): readonly Field[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) throw this.wrong('must be a list');
    return this.value.map((value: unknown, index) => new Field(value, [...this.path, index]));
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.wrong('must be a text');
    return this.value;
  }

  optionalText(): string | undefined {
    return this.isMissing ? undefined : this.text();
  }

  /** One of these words. */
  word<W extends string>(words: readonly W[], fallback?: W): W {
    if (this.isMissing && fallback !== undefined) return fallback;
    const word = words.find((word) => word === this.value);
    if (word === undefined) throw this.wrong(`must be one of ${words.join(', ')}`);
    return word;
  }

  /** A moment after the opening, or a span, in milliseconds: a duration of the contract or `0s`. */
  milliseconds(fallback?: string): number {
    const text = this.isMissing && fallback !== undefined ? fallback : this.value;
    if (text === '0s') return 0;
    if (typeof text !== 'string' || !new RegExp(DURATION_PATTERN).test(text)) {
      throw this.wrong('must be a duration such as 0s, 30s, 5m, 4h or 2d');
    }
    return durationMs(text);
  }

  optionalFlag(): boolean {
    if (this.isMissing) return false;
    if (typeof this.value !== 'boolean') throw this.wrong('must be true or false');
    return this.value;
  }
}

/** Reads `{ at: 10m, do: acknowledge, by: sato }`; each act has the fields of the update of that name. */
function parseOperatorAct(field: Field): Update {
  const what = new Map(field.entries()).get('do') ?? new Field(undefined, [...field.path, 'do']);
  const kind = what.word(UPDATES);
  switch (kind) {
    case 'acknowledge': {
      const { at, by, note, takeOver } = field.object('at', 'do', 'by', 'note', 'takeOver');
      return { kind, ...common(at, by), note: note.optionalText(), takeOver: takeOver.optionalFlag() };
    }
    case 'resolve': {
      const { at, by, note } = field.object('at', 'do', 'by', 'note');
      return { kind, ...common(at, by), note: note.optionalText() };
    }
    case 'escalate': {
      const { at, by, to, from } = field.object('at', 'do', 'by', 'to', 'from');
      return { kind, ...common(at, by), to: to.optionalText(), from: from.optionalText() };
    }
    case 'snooze': {
      const { at, by, for: time } = field.object('at', 'do', 'by', 'for');
      return { kind, ...common(at, by), for: time.optionalText() };
    }
    case 'hangUp': {
      const { at, by } = field.object('at', 'do', 'by');
      return { kind, ...common(at, by) };
    }
    case 'alert': {
      const { at, summary, severity } = field.object('at', 'do', 'summary', 'severity');
      const alert = { summary: summary.text(), severity: severity.word(SEVERITIES, 'error') };
      return { kind, at: at.milliseconds(), alert };
    }
    default:
      return kind satisfies never;
  }
}

function common(at: Field, by: Field): { readonly at: number; readonly by: string | undefined } {
  return { at: at.milliseconds(), by: by.optionalText() };
}

/** What one telephone call, or one run of a call flow, comes to. `afterMs`: from the dialling. */
export type Behaviour =
  | { readonly kind: 'presses'; readonly key: string; readonly afterMs: number }
  /** The call ends without a key, and the run continues with the next contact. */
  | { readonly kind: 'noKey'; readonly word: NoKeyWord; readonly afterMs: number }
  /** The whole run ends so. */
  | { readonly kind: 'runEnds'; readonly outcome: RunEndWord; readonly afterMs: number };

export type NoKeyWord = 'silence' | 'busy' | 'machine';
export type RunEndWord = Extract<CallOutcome, 'refused' | 'unknown' | 'rejected' | 'aborted' | 'timedOut'>;

/** How long each takes when the script does not say. */
const NO_KEY: Readonly<Record<NoKeyWord, number>> = {
  /** Pigeon rings for 30 s. */
  silence: 30_000,
  busy: 2_000,
  /** Picks up after 12 s, and records for a minute. */
  machine: 72_000,
};
const RUN_ENDS: Readonly<Record<RunEndWord, number>> = {
  refused: 1_000,
  /** Looked for until a minute after the first 15 s; an incident then calls again, once. */
  unknown: 150_000,
  aborted: 10_000,
  /** The default deadline of a call. */
  rejected: 86_400_000,
  timedOut: 86_400_000,
};
const KEY_AFTER_MS = 8_000;

const BEHAVIOUR_FORMS =
  'must be a key such as `1` or `1 after 8s`; silence, busy or machine; or refused, unknown, rejected, aborted or ' +
  'timedOut for the whole run; each may have a time as `silence after 20s`';

/** Reads `1`, `1 after 8s`, `silence`, `refused after 2s`. */
function parseBehaviour(field: Field): Behaviour {
  const { word, afterMs } = wordAndTime(field, BEHAVIOUR_FORMS);
  if (/^[1-9]$/.test(word)) return { kind: 'presses', key: word, afterMs: afterMs ?? KEY_AFTER_MS };
  if (isWordOf(NO_KEY, word)) return { kind: 'noKey', word, afterMs: afterMs ?? NO_KEY[word] };
  if (isWordOf(RUN_ENDS, word)) return { kind: 'runEnds', outcome: word, afterMs: afterMs ?? RUN_ENDS[word] };
  throw field.wrong(BEHAVIOUR_FORMS);
}

/** Whom the script does not name. */
export const SILENCE: Behaviour = { kind: 'noKey', word: 'silence', afterMs: NO_KEY.silence };

/** What a workflow that a key started comes to. */
export type RunBehaviour = { readonly kind: 'ends' | 'fails'; readonly afterMs: number } | { readonly kind: 'hangs' };

const RUN_FORMS = 'must be `ends`, `fails` or `hangs`, the first two with a time as `ends after 30s`';
const RUN_AFTER_MS = 30_000;

function parseRunBehaviour(field: Field): RunBehaviour {
  const { word, afterMs } = wordAndTime(field, RUN_FORMS);
  if (word === 'hangs' && afterMs === null) return { kind: 'hangs' };
  if (word === 'ends' || word === 'fails') return { kind: word, afterMs: afterMs ?? RUN_AFTER_MS };
  throw field.wrong(RUN_FORMS);
}

function wordAndTime(field: Field, forms: string): { readonly word: string; readonly afterMs: number | null } {
  const text = typeof field.value === 'number' ? String(field.value) : field.value;
  if (typeof text !== 'string') throw field.wrong(forms);
  const [, word, time] = /^(\w+)(?: after (\S+))?$/.exec(text.trim()) ?? [];
  if (word === undefined || (time !== undefined && !new RegExp(DURATION_PATTERN).test(time))) throw field.wrong(forms);
  return { word, afterMs: time === undefined ? null : durationMs(time) };
}

function isWordOf<W extends string>(words: Readonly<Record<W, number>>, word: string): word is W {
  return Object.hasOwn(words, word);
}
