/** The texts for people, in the language of the process. */
import { clock, timeZone } from './clock.js';
import { en, type Words } from './en.js';
import { ja } from './ja.js';

export { en, type Words };

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What people read, and when: `PIGEONFLOW_LANGUAGE` and `PIGEONFLOW_TIME_ZONE`. */
export interface Reading {
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
}

/** Set by the worker in front of the bundle, since workflows cannot read its configuration; elsewhere by `speak`. */
declare global {
  var pigeonflowLanguage: Language | undefined;
}

const CATALOGUES: Readonly<Record<Language, Words>> = { en, ja };

export const language = (): Language => globalThis.pigeonflowLanguage ?? 'en';

/** Asked at each use: what a process begins with is known only after its modules have been loaded. */
export const words = (): Words => CATALOGUES[language()];

/** In a language that is asked for: what a voice says is not in that of the process. */
export const wordsIn = (wanted: Language): Words => CATALOGUES[wanted];

/** What something is called; itself where a newer version has named it. */
export const nameIn = (names: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(names, name) ? (names[name] ?? name) : name;

/** `2026-11-23T01:38:17.000Z`, the time of logs, where people read English in UTC; else as `clock`. */
export function stamp(at: number | string): string {
  const isOfLogs = timeZone() === 'UTC' && words() === en;
  if (!isOfLogs) return clock(at);
  return typeof at === 'string' ? at : new Date(at).toISOString();
}

/** At the start of a process, with its configuration. */
export function speak({ language, timeZone }: Reading): void {
  globalThis.pigeonflowLanguage = language;
  globalThis.pigeonflowTimeZone = timeZone;
}

/** The same for workflows: a line in front of their code. */
export const speakInBundle = ({ language, timeZone }: Reading): string =>
  `globalThis.pigeonflowLanguage = ${JSON.stringify(language)}; globalThis.pigeonflowTimeZone = ${JSON.stringify(timeZone)};`;
