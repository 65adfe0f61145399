import { SEVERITIES } from '../contract/severity.js';
import { type AlertDraft, alertOf, type InternalAlert, type Texts } from './alert.js';
import { type BodyProblem, type Field, lookUp, UnfitField } from './field.js';
import { stateOf } from './state-words.js';

/** A request of a sender, as far as a format may look at it. */
export interface SourceRequest {
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The JSON that came; the text itself where it is none; undefined without a body. */
  readonly body: unknown;
  /** How many elements of `longList` were not read, since the body is too large. Default 0. */
  readonly leftOut?: number;
}

/** What a format needs from outside, and what its integration is configured for. */
export interface SourceContext {
  /** A key for an alert that comes without one, such as a UUID. */
  readonly newKey: () => string;
  /** ARNs of the SNS topics that may send here. Without any, every topic may, and no subscription is confirmed. */
  readonly topics?: readonly string[];
  /** Whether SNS may deliver without its envelope, and so without a signature. Default false. */
  readonly rawDelivery?: boolean;
}

/** What an adapter makes of a request. */
export interface SourceReading {
  readonly alerts: readonly AlertDraft[];
  /** Elements of a list that do not fit; those beside them are taken. */
  readonly refused?: readonly BodyProblem[];
  /** Why something calls nobody, for the log of the gateway. */
  readonly ignored?: readonly string[];
  /** What the sender expects to read when it is accepted. */
  readonly answer?: Readonly<Record<string, string>>;
  /** An address to get, by which a subscription is confirmed. Only ever one that this format has checked. */
  readonly confirm?: string;
}

/**
 * One format of alerts: a file in `sources/`, whose name is the format's. It exports `source`.
 */
export interface Source {
  /** Reads a request. Throws what its {@link Field}s throw where the body does not fit. */
  readonly read: (request: SourceRequest, context: SourceContext) => SourceReading;
  /**
   * A list at the top of the body that may be longer than what is read of a body: what is behind the bound is left out, and
   * counted. Without one a body that is too large is refused.
   */
  readonly longList?: string;
  /** So many alerts of a request are taken, the most severe ones; the others are refused by one problem. Default: all. */
  readonly maxAlerts?: number;
  /** The key of the integration, for senders that write it into the body and not into the address. */
  readonly keyOf?: (request: SourceRequest) => string | undefined;
  /** How the tool that sends names itself, where two of one kind could be taken for one. */
  readonly senderOf?: (request: SourceRequest) => string | undefined;
  /** Proves that the sender signed it; null when it did. Asked before `read`. */
  readonly verify?: (
    request: SourceRequest,
    context: SourceContext,
    fetchCertificate: FetchCertificate,
  ) => Promise<BodyProblem | null>;
  /** What the sender expects to read when it is refused; problem details (RFC 9457) where there is none. */
  readonly refusal?: (problem: BodyProblem) => Readonly<Record<string, unknown>>;
}

/** Gets a certificate in PEM form. The address has been checked; keep what was fetched, there are few. */
export type FetchCertificate = (address: string) => Promise<string>;

export type Received =
  | (Pick<SourceReading, 'answer' | 'confirm'> & {
      readonly ok: true;
      readonly alerts: readonly InternalAlert[];
      readonly ignored: readonly { readonly reason: string }[];
      readonly refused?: readonly BodyProblem[];
    })
  | { readonly ok: false; readonly problem: BodyProblem };

/** A sender's request as alerts of ours. Never throws for what was sent. */
export function receive(name: string, source: Source, request: SourceRequest, context: SourceContext): Received {
  try {
    const { alerts, ignored = [], refused = [], ...rest } = source.read(request, context);
    // Where nothing is left to call about, it is the request that does not fit.
    if (alerts.length === 0 && refused[0] !== undefined) return { ok: false, problem: refused[0] };
    const { taken, beyond } = mostSevere(
      alerts.map((draft) => alertOf(draft, name)),
      source.maxAlerts,
    );
    const problems = [...refused, ...beyond];
    return {
      ok: true,
      alerts: taken,
      ignored: ignored.map((reason) => ({ reason })),
      ...(problems.length > 0 && { refused: problems }),
      ...rest,
    };
  } catch (error) {
    if (error instanceof UnfitField) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** In the order in which they came; what ends something gives way first, since an incident that stays open calls. */
function mostSevere(alerts: readonly InternalAlert[], most = Infinity) {
  if (alerts.length <= most) return { taken: alerts, beyond: [] };
  const rank = ({ action, severity }: InternalAlert) =>
    action === 'trigger' ? SEVERITIES.indexOf(severity) : SEVERITIES.length;
  const kept = new Set(alerts.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  const message =
    `${alerts.length - most} of ${alerts.length} alerts were not taken: a request has at most ${most}, ` +
    'and the most severe ones are; send the others in further requests';
  return { taken: alerts.filter((alert) => kept.has(alert)), beyond: [{ pointer: '', message }] };
}

const MAX_PROBLEMS = 100;

/** Reads each element of a list; one that does not fit does not keep those beside it from calling. */
export function readEach(
  elements: readonly Field[],
  read: (element: Field) => AlertDraft,
): Pick<SourceReading, 'alerts' | 'refused'> {
  const alerts: AlertDraft[] = [];
  const refused: BodyProblem[] = [];
  for (const element of elements) {
    try {
      alerts.push(read(element));
    } catch (error) {
      if (!(error instanceof UnfitField)) throw error;
      if (refused.length < MAX_PROBLEMS) refused.push(error.problem);
    }
  }
  return { alerts, refused };
}

/** Far deeper than any sender nests; less than what would take a reader down that calls itself once a level. */
const DEEPEST = 64;

export type ParsedBody =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: BodyProblem };

/**
 * The body of a request, whatever type its header claims (SNS sends JSON as text/plain): JSON, or the text itself where
 * it does not begin as JSON, or undefined where there is nothing.
 */
export function parseBody(bytes: Uint8Array): ParsedBody {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('the body must be UTF-8');
  }
  const start = text.trimStart();
  if (start === '') return { ok: true, body: undefined };
  const { isTooDeep, longIntegers } = lookedThrough(text);
  if (isTooDeep) return refused(`the body must not nest deeper than ${DEEPEST} levels`);
  try {
    return { ok: true, body: JSON.parse(withQuotes(text, longIntegers)) as unknown };
  } catch {
    // The parser's own words would repeat what was sent.
    return /^[[{]/.test(start) ? refused('the body must be valid JSON') : { ok: true, body: text };
  }
}

function refused(message: string): ParsedBody {
  return { ok: false, problem: { pointer: '', message } };
}

/** As a number of JavaScript it would become another one, and two keys could become the same. */
const LONG_INTEGER = /-?\d{16,}(?![\d.eE])/y;

/** One look at each character, so that no text takes longer than its length. */
function lookedThrough(text: string): {
  readonly isTooDeep: boolean;
  readonly longIntegers: readonly (readonly [from: number, to: number])[];
} {
  const longIntegers: [number, number][] = [];
  let depth = 0;
  let quoted = false;
  let isBehindNumber = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
      continue;
    }
    const isOfNumber = (character >= '0' && character <= '9') || '-+.eE'.includes(character);
    if (isOfNumber && !isBehindNumber) {
      LONG_INTEGER.lastIndex = index;
      if (LONG_INTEGER.test(text)) longIntegers.push([index, LONG_INTEGER.lastIndex]);
    }
    isBehindNumber = isOfNumber;
    if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > DEEPEST) return { isTooDeep: true, longIntegers: [] };
  }
  return { isTooDeep: false, longIntegers };
}

/** The numbers at these places as texts, with each of their digits. */
function withQuotes(text: string, places: readonly (readonly [from: number, to: number])[]): string {
  let from = 0;
  const parts = places.map(([start, end]) => {
    const part = `${text.slice(from, start)}"${text.slice(start, end)}"`;
    from = end;
    return part;
  });
  return parts.join('') + text.slice(from);
}

const STATUS: Readonly<Record<string, 'trigger' | 'resolve'>> = { firing: 'trigger', resolved: 'resolve' };
const HEADLINES = ['summary', 'title', 'description', 'message'];

/**
 * A group of alerts as Alertmanager and Grafana send it. Each of its alerts is kept, since rules judge each of them; the
 * group as a whole is what they are together.
 *
 * @param leftOut How many of its alerts were not read, since the body is too large.
 * @param first What an alert is about, before its annotations are asked.
 */
export function readGroup(
  group: Field,
  dedupKey: string,
  leftOut: number,
  first: (alert: Field) => readonly (string | undefined)[] = () => [],
): SourceReading {
  const word = group.get('status').text;
  const state = stateOf(word);
  const status = state === 'resolve' ? 'resolve' : 'trigger';
  const truncated = Math.max(0, group.get('truncatedAlerts').number ?? 0);
  const written = group.get('alerts').items;
  // The template of a sender may leave all of them out.
  const alerts = written.length > 0 ? written : [group.get('alert')];
  const actions = alerts.map((alert) => {
    return lookUp(STATUS, alert.get('status').text) ?? status;
  });
  const isOver = !actions.includes('trigger') && status === 'resolve';
  if (isOver && truncated > 0) {
    // Alertmanager takes the status from what it has not cut.
    return { alerts: [], ignored: ['the sender has cut the group, so it is not known whether all of it is over'] };
  }
  const isContradictory = !isOver && !actions.includes('trigger');
  const members = alerts.map((alert, index) => ({
    ...readMember(alert, group, isContradictory ? 'trigger' : (actions[index] ?? status), dedupKey, first),
    // Once for the group.
    ...(state === undefined && index === 0 && { unknownState: word ?? 'no status' }),
  }));
  return {
    alerts: [
      {
        action: isOver ? 'resolve' : 'trigger',
        dedupKey,
        summary: [],
        group: { members, labels: group.get('groupLabels').texts, leftOut: leftOut + truncated },
      },
    ],
  };
}

function readMember(
  alert: Field,
  group: Field,
  action: 'trigger' | 'resolve',
  dedupKey: string,
  first: (alert: Field) => readonly (string | undefined)[],
): AlertDraft {
  const labels = {
    ...alert.get('labels').texts,
    ...group.get('commonLabels').texts,
    ...group.get('groupLabels').texts,
  };
  const annotations = [alert.get('annotations'), group.get('commonAnnotations')];
  return {
    action,
    dedupKey,
    summary: [...first(alert), ...annotations.flatMap(headlines), group.get('title').text, described(labels)],
    severityWord: labels['severity'],
    labels: [labels],
    links: [
      group.get('externalURL').text,
      ...annotations.map((part) => part.get('runbook_url').text),
      ...['generatorURL', 'dashboardURL', 'panelURL'].map((name) => alert.get(name).text),
    ],
    startedAt: alert.get('startsAt').text,
  };
}

function headlines(annotations: Field): readonly (string | undefined)[] {
  return HEADLINES.map((name) => annotations.get(name).text);
}

/** `DiskFull cluster=tokyo`, for groups without annotations. */
function described({ alertname, ...others }: Texts): string {
  const pairs = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [...(alertname === undefined ? [] : [alertname]), ...pairs].join(' ');
}
