import { knownSeverity, SEVERITIES, type Severity } from '../contract/severity.js';
import { type BodyProblem, type Field, UnfitField } from './field.js';
import { boundedKey, manyLines, oneLine, utcTime, webLink } from './text.js';

export type AlertAction = 'trigger' | 'acknowledge' | 'resolve';
export type { Severity };

/**
 * The one alert of ours: what every monitoring tool's message becomes, whatever its format. Plain data, free of HTTP.
 * All its parts are bounded, so that it always fits the input of `incident`.
 */
export interface InternalAlert {
  /** What the sender wants: call people, or tell that somebody has it, or that it is over. */
  readonly action: AlertAction;
  /** Tells one trouble from another, within its source and integration; 1 to 1,000 characters. */
  readonly dedupKey: string;
  /** What is wrong, on one line of 1 to 1,000 characters. It may be read aloud. */
  readonly summary: string;
  /** By the sender's own mapping, else by the table of all words; `error` where the sender says nothing that is known. */
  readonly severity: Severity;
  /** As the sender writes it, where it has a word for it: `severities` of a routing file may read it in another way. */
  readonly severityWord?: string;
  /** Words that no table knows, by what they are of: the louder reading was taken. */
  readonly unknownWords?: UnknownWords;
  /** What the sender offers for {{name}} in the texts; a routing rule picks from it as `{{parameters.name}}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whatever else is known, for rules and people: at most 100, of 200 and 2,000 characters, 32 KiB together. */
  readonly labels: Readonly<Record<string, string>>;
  /** Each value of the labels that have several, which are in `labels` one after another. A rule may ask for any. */
  readonly severalValues?: Readonly<Record<string, readonly string[]>>;
  /** Where to read more: at most 20 addresses of the web. */
  readonly links: readonly string[];
  /** The name of its format, such as `alertmanager`. */
  readonly source: string;
  /** When it began, by the sender. RFC 3339 in UTC; null where it does not say. */
  readonly startedAt: string | null;
  /** Who acknowledged or resolved it there, as the sender claims. */
  readonly by?: string;
  /** Of a group, whose other fields are those of its alerts {@link together}: what rules judge are its alerts. */
  readonly group?: AlertGroup;
}

/** Alerts that a sender reports together, under one key. */
export interface AlertGroup {
  /** At least one; those that are over `resolve`. */
  readonly members: readonly InternalAlert[];
  /** Those that every alert of this group has, at any time. */
  readonly labels: Readonly<Record<string, string>>;
  /** How many more there are that are not known, since the sender or the gateway has cut the group. */
  readonly leftOut: number;
}

export interface UnknownWords {
  readonly severity?: string;
  readonly state?: string;
}

/** What an adapter knows of an alert, in any size. Empty texts count as left out. */
export interface AlertDraft {
  readonly action: AlertAction;
  /** Not empty. */
  readonly dedupKey: string;
  /** The first that is not empty. */
  readonly summary: readonly (string | undefined)[];
  /** By a mapping of the source's own, which wins over the table. */
  readonly severity?: Severity | undefined;
  /** A word to be read by the table. */
  readonly severityWord?: string | undefined;
  /** What is where a state should, and is none that is known. */
  readonly unknownState?: string | undefined;
  readonly parameters?: Texts;
  /** Of two with one name the first wins. */
  readonly labels?: readonly Labels[];
  readonly links?: readonly (string | undefined)[];
  /** A text with a time zone, or seconds or milliseconds since 1970. */
  readonly startedAt?: string | number | undefined;
  readonly by?: string | undefined;
  /** Then all but action and key is taken from its members. */
  readonly group?: { readonly members: readonly AlertDraft[]; readonly labels: Texts; readonly leftOut: number };
}
export type Texts = Readonly<Record<string, string | undefined>>;
/** A label may have several values. */
export type Labels = Readonly<Record<string, string | readonly string[] | undefined>>;

const LONGEST = { summary: 1_000, key: 1_000, name: 200, value: 2_000, link: 2_000, by: 200, word: 60 } as const;
const MOST = { texts: 100, bytes: 32_768, links: 20 } as const;
/** Each of these alerts of a group gives its links; of hundreds nobody follows them. */
const LINKED_ALERTS = 5;

/** Brings an alert into its bounds. */
function alertOf(draft: AlertDraft, source: string): InternalAlert {
  if (draft.group !== undefined) return groupOf(draft, draft.group, source);
  const by = oneLine(draft.by ?? '', LONGEST.by);
  const key = boundedKey(draft.dedupKey, LONGEST.key);
  const labels = boundedTexts((draft.labels ?? []).map(inOneText), MOST.bytes);
  return {
    action: draft.action,
    dedupKey: key,
    summary: firstLine([...draft.summary, key, source]),
    ...severityIn(draft),
    parameters: boundedTexts([draft.parameters ?? {}], MOST.bytes),
    labels,
    ...severalIn(draft.labels ?? [], labels),
    links: linksOf(draft.links ?? []),
    source,
    startedAt: utcTime(draft.startedAt) ?? null,
    ...(by !== '' && { by }),
  };
}

function groupOf(
  { action, dedupKey }: AlertDraft,
  { members: drafts, labels, leftOut }: NonNullable<AlertDraft['group']>,
  source: string,
): InternalAlert {
  const members = drafts.map((draft) => alertOf({ ...draft, dedupKey }, source));
  const shown = members.filter((member) => member.action === action);
  return {
    ...together(shown.length > 0 ? shown : members, leftOut),
    action,
    group: { members, labels: boundedTexts([labels], MOST.bytes), leftOut },
  };
}

/**
 * Several alerts of a group as one: as bad as the worst of them, and told by it; of equally bad ones by the first
 * in the order of their labels, so that it stays the same in whatever order they come.
 *
 * @param members At least one.
 */
export function together(members: readonly InternalAlert[], leftOut: number): InternalAlert {
  const sorted = members
    .map((member) => ({ member, rank: rankOf(member) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .map(({ member }) => member);
  const [worst] = sorted;
  if (worst === undefined) throw new Error('a group has no alerts');
  const count = members.length + leftOut;
  const counts = {
    alertCount: String(count),
    // Only where there are others: a text that needs it is passed over for a single alert.
    ...(count > 1 && { otherAlerts: String(count - 1) }),
    ...(leftOut > 0 && { leftOutAlerts: String(leftOut) }),
  };
  const began = members.map(({ startedAt }) => startedAt).filter((time) => time !== null);
  return {
    ...worst,
    labels: boundedTexts([counts, worst.labels], MOST.bytes),
    links: linksOf(sorted.slice(0, LINKED_ALERTS).flatMap(({ links }) => links)),
    startedAt: began.toSorted()[0] ?? null,
  };
}

function rankOf({ severity, startedAt, summary, labels }: InternalAlert): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([SEVERITIES.indexOf(severity), sorted, startedAt, summary]);
}

function severityIn({
  severity,
  severityWord,
  unknownState,
}: AlertDraft): Pick<InternalAlert, 'severity' | 'severityWord' | 'unknownWords'> {
  const word = oneLine(severityWord ?? '', LONGEST.word);
  const state = oneLine(unknownState ?? '', LONGEST.word);
  const known = severity ?? knownSeverity(word);
  const unknown = {
    ...(word !== '' && known === undefined && { severity: word }),
    ...(state !== '' && { state }),
  };
  return {
    severity: known ?? 'error',
    ...(word !== '' && { severityWord: word }),
    ...(Object.keys(unknown).length > 0 && { unknownWords: unknown }),
  };
}

const SEVERAL = ', ';

function inOneText(labels: Labels): Texts {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, typeof value === 'object' ? value.join(SEVERAL) : value]),
  );
}

function severalIn(drafts: readonly Labels[], kept: InternalAlert['labels']): Pick<InternalAlert, 'severalValues'> {
  const several = drafts
    .flatMap((labels) => Object.entries(labels))
    .flatMap(([name, value]): readonly (readonly [string, readonly string[]])[] => {
      if (typeof value !== 'object' || value.length < 2 || kept[name] === undefined) return [];
      const values = value.map((text) => manyLines(text, LONGEST.value));
      return manyLines(values.join(SEVERAL), LONGEST.value) === kept[name] ? [[name, values]] : [];
    });
  return several.length === 0 ? {} : { severalValues: Object.fromEntries(several) };
}

/** A template of the sender's that failed: what it would have said is not known, and its error helps nobody at night. */
const FAILED_TEMPLATE = /^<error expanding template/;

function firstLine(texts: readonly (string | undefined)[]): string {
  for (const text of texts) {
    const line = oneLine(text ?? '', LONGEST.summary);
    if (line !== '' && !FAILED_TEMPLATE.test(line)) return line;
  }
  return 'alert';
}

/** The first ones that fit; what comes later is left out. */
export function boundedTexts(texts: readonly Texts[], mostBytes: number): Readonly<Record<string, string>> {
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const [written, text = ''] of texts.flatMap((part) => Object.entries(part))) {
    if (kept.size === MOST.texts) break;
    const name = oneLine(written, LONGEST.name);
    const value = manyLines(text, LONGEST.value);
    const size = Buffer.byteLength(JSON.stringify([name, value]));
    if (name === '' || value === '' || kept.has(name) || bytes + size > mostBytes) continue;
    kept.set(name, value);
    bytes += size;
  }
  return Object.fromEntries(kept);
}

function linksOf(texts: readonly (string | undefined)[]): readonly string[] {
  const links = texts.slice(0, MOST.texts).flatMap((text) => webLink(text?.trim() ?? '', LONGEST.link) ?? []);
  return [...new Set(links)].slice(0, MOST.links);
}

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
