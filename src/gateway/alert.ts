import type { AlertInput } from '../contract/incident-schema.js';
import { boundedKey, manyLines, oneLine, utcTime, webLink } from './text.js';

export type AlertAction = 'trigger' | 'acknowledge' | 'resolve';
export type Severity = NonNullable<AlertInput['severity']>;

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
  /** By the table of its source; `error` where the sender says nothing. */
  readonly severity: Severity;
  /** What the sender offers for {{name}} in the texts; a routing rule picks from it as `{{parameters.name}}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whatever else is known, for rules and people: at most 100, of 200 and 2,000 characters, 32 KiB together. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where to read more: at most 20 addresses of the web. */
  readonly links: readonly string[];
  /** The name of its format, such as `alertmanager`. */
  readonly source: string;
  /** When it began, by the sender. RFC 3339 in UTC; null where it does not say. */
  readonly startedAt: string | null;
  /** Who acknowledged or resolved it there, as the sender claims. */
  readonly by?: string;
}

/** What an adapter knows of an alert, in any size. Empty texts count as left out. */
export interface AlertDraft {
  readonly action: AlertAction;
  /** Not empty. */
  readonly dedupKey: string;
  /** The first that is not empty. */
  readonly summary: readonly (string | undefined)[];
  readonly severity?: Severity;
  readonly parameters?: Texts;
  /** Of two with one name the first wins. */
  readonly labels?: readonly Texts[];
  readonly links?: readonly (string | undefined)[];
  /** A text with a time zone, or seconds or milliseconds since 1970. */
  readonly startedAt?: string | number | undefined;
  readonly by?: string | undefined;
}
export type Texts = Readonly<Record<string, string | undefined>>;

const LONGEST = { summary: 1_000, key: 1_000, name: 200, value: 2_000, link: 2_000, by: 200 } as const;
const MOST = { texts: 100, bytes: 32_768, links: 20 } as const;

/** Brings an alert into its bounds. */
export function alertOf(draft: AlertDraft, source: string): InternalAlert {
  const by = oneLine(draft.by ?? '', LONGEST.by);
  const key = boundedKey(draft.dedupKey, LONGEST.key);
  return {
    action: draft.action,
    dedupKey: key,
    summary: firstLine([...draft.summary, key, source]),
    severity: draft.severity ?? 'error',
    parameters: boundedTexts([draft.parameters ?? {}], MOST.bytes),
    labels: boundedTexts(draft.labels ?? [], MOST.bytes),
    links: linksOf(draft.links ?? []),
    source,
    startedAt: utcTime(draft.startedAt) ?? null,
    ...(by !== '' && { by }),
  };
}

function firstLine(texts: readonly (string | undefined)[]): string {
  for (const text of texts) {
    const line = oneLine(text ?? '', LONGEST.summary);
    if (line !== '') return line;
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
