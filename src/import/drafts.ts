/**
 * The files that an import makes, and its report. What has no counterpart here is in the report; nothing is left out without
 * a word.
 */
import { stringify } from 'yaml';
import { zoneOf } from '../duty/calendar/windows-zones.js';
import { gapsOf } from '../duty/gaps.js';
import { readSchedule } from '../duty/read-schedule.js';
import { DAY } from '../duty/schedule.js';
import { toLocal, type Local } from '../duty/zone.js';
import { readPeople } from '../people/read-people.js';
import { readPolicy } from '../policy/read-policy.js';
import { readTelephoneNumber } from '../policy/telephone-number.js';
import { Handles, RESERVED } from './json.js';
import type { DraftLayer } from './turns.js';

export interface Imported {
  /** By their paths in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** What has no counterpart, and what is to be done, a line each. */
  readonly report: readonly string[];
}

export interface DraftPerson {
  readonly handle: string;
  readonly name: string;
  readonly mail: string;
  /** As they are dialled. */
  readonly phones: readonly string[];
}

export interface DraftSchedule {
  /** Of the product. */
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly timeZone: string;
  readonly layers: readonly DraftLayer[];
  readonly overrides: readonly object[];
}

export type Callee = string | { readonly onDuty: string; readonly next?: number };

export interface Level {
  /** Called at once, where they are few. */
  readonly contacts: readonly Callee[];
  /** Until the next level. */
  readonly minutes: number;
  /** One after the other. */
  readonly inOrder?: boolean;
}

export interface DraftPolicy {
  readonly title: string;
  readonly name: string;
  readonly levels: readonly Level[];
  /** How often the levels are repeated after the first time. */
  readonly repeated: number;
  /** The schedules of its levels, also those that are not written. */
  readonly scheduleIds: readonly string[];
  /** After so long without an end the level follows, though somebody owns the incident. */
  readonly notResolved?: { readonly minutes: number; readonly level: number };
}

/** As `schedule check` looks. */
const AHEAD = 396 * DAY;
const MAX_STEPS = 60;
const MAX_AT_ONCE = 20;
const MAX_PHONES = 5;
const MAX_CONTACTS = 1_000;
const MAX_BUDGET = 100_000;
const LONGEST_NAME = 200;
const TEXT = '{{incident}}。対応は1を押してください。';

export class Drafts {
  readonly people = new Handles('person');
  readonly schedules = new Handles('schedule');
  readonly policies = new Handles('policy');
  readonly #files = new Map<string, string>();
  readonly #report: string[] = [];
  /** Who has a telephone. */
  readonly #reachable = new Set<string>();
  /** Everybody who is ever on duty by a schedule, by its id. */
  readonly #onSchedule = new Map<string, readonly string[]>();

  /** @param now Milliseconds since 1970: what is over is left out. */
  constructor(
    private readonly product: 'PagerDuty' | 'Opsgenie',
    private readonly now: number,
  ) {}

  say(line: string): void {
    this.#report.push(line.replaceAll(/\p{Cc}+/gu, ' '));
  }

  /** What was written is read once, as it will be. */
  finish(): Imported {
    for (const [path, text] of this.#files) {
      const errors = problemsOf(path, text).filter(({ severity }) => severity === 'error');
      for (const { message } of errors.slice(0, 3)) this.say(`${path}: to be corrected before it is used: ${message}`);
    }
    return { files: this.#files, report: this.#report };
  }

  /** Of a country and the number within it. Null: it is none that can be dialled. */
  phone(country: string, address: string, handle: string): string | null {
    const digits = address.replaceAll(/[^0-9]/g, '');
    const number = country === '81' ? `0${digits.replace(/^0/, '')}` : `+${country}${digits}`;
    const read = readTelephoneNumber(number);
    if (read.ok) return read.digits;
    this.say(`people.yaml: ${handle}: a telephone number is left out: ${read.why}`);
    return null;
  }

  addPeople(drafts: readonly DraftPerson[]): void {
    const people: Record<string, object> = {};
    const names = new Set<string>();
    const missing = drafts.filter(({ phones }) => phones.length === 0).map(({ handle }) => handle);
    for (const { handle, name, mail, phones } of drafts) {
      const all = [...new Set(phones)];
      if (all.length === 0) continue;
      if (all.length > MAX_PHONES) this.say(`people.yaml: ${handle} has ${all.length} numbers; the first ${MAX_PHONES} are kept`); // prettier-ignore
      // Pigeon says by the name who pressed a key.
      const shown = name.slice(0, LONGEST_NAME - 50).replace(/[\uD800-\uDBFF]$/, '');
      const isTaken = names.has(shown) || RESERVED.includes(shown.toLowerCase());
      const own = shown !== '' && isTaken ? `${shown} (${handle})` : shown;
      names.add(own);
      const known = {
        ...(own !== '' && { name: own }),
        phones: all.slice(0, MAX_PHONES),
        ...(isMail(mail) && { mail }),
      };
      people[handle] = known;
      this.#reachable.add(handle);
    }
    for (const handle of missing) {
      this.say(
        `people.yaml: ${handle} has no telephone number that can be used: add one, or nobody can call this person`,
      );
    }
    const head = '# yaml-language-server: $schema=../schemas/people.json\n';
    const absent = missing.map((handle) => `#  ${handle}: { phones: ["…"] } # no number\n`).join('');
    if (this.#reachable.size > 0) this.#files.set('people.yaml', `${head}${stringify({ people })}${absent}`);
  }

  /** By its name in the database of IANA, or null, which is reported. */
  zoneOf(written: string, file: string, title: string): string | null {
    const offset = /^(?:GMT|UTC)([+-])0?(\d{1,2})(?::?00)?$/i.exec(written);
    // The signs of these names are those of POSIX.
    const named = offset === null ? written : `Etc/GMT${offset[1] === '+' ? '-' : '+'}${offset[2]}`;
    const zone = zoneOf(/^jst$/i.test(named) ? 'Asia/Tokyo' : named);
    if (zone !== null) {
      const full = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
      return zone.includes('/') ? zone : full;
    }
    this.say(`${file}: it is not written: the time zone "${short(written)}" of "${title}" is not known`);
    return null;
  }

  /** They are called last where the schedule cannot say who is on duty. */
  addOnSchedule(id: string, people: readonly string[]): void {
    this.#onSchedule.set(id, [...new Set([...(this.#onSchedule.get(id) ?? []), ...people])]);
  }

  addSchedule({ id, title, name, timeZone, layers, overrides }: DraftSchedule): void {
    const file = `schedules/${name}.yaml`;
    for (const { people } of layers) this.addOnSchedule(id, people);
    if (layers.length === 0) return this.say(`${file}: it is not written: no part of "${title}" can be used`);
    const labels = new Handles('layer');
    const labelled = layers.map((layer) => {
      const hasLetters = layer.titles.every((one) => /[a-z0-9]/i.test(one));
      return { ...layer, name: labels.add([], hasLetters ? layer.titles.join(' and ') : '') };
    });
    // The file has one list for all of its layers.
    const changes = labelled.flatMap(({ name, end }) =>
      end === null ? [] : [{ layer: name, from: written(end), people: ['nobody'] }],
    );
    const body = {
      name,
      timeZone,
      [`x-${this.product.toLowerCase()}`]: id,
      'x-title': title,
      layers: labelled.map(({ name, body }) => ({ name, ...body })),
      ...(changes.length > 0 && { changes }),
      ...(overrides.length > 0 && { overrides }),
    };
    const head = '# yaml-language-server: $schema=../../schemas/schedule.json\n';
    const text = (required: object) => head + stringify({ ...body, ...required }, { aliasDuplicateObjects: false });
    const reading = readSchedule(text({}), () => '');
    const [gap] = reading.ok ? gapsOf(reading.schedule, [], this.now, this.now + AHEAD) : [];
    const hasGap = gap !== undefined;
    const windows = layers.some((layer) => layer.windows.length === 0) ? [] : layers.flatMap(({ windows }) => windows);
    if (hasGap) {
      const what =
        windows.length > 0
          ? 'somebody is `required` in the hours of its layers alone'
          : 'add a layer below, or say when somebody is `required`';
      this.say(`${file}: nobody is on duty at times; ${what}`);
    }
    this.#files.set(file, text(hasGap && windows.length > 0 ? { required: distinct(windows).slice(0, 30) } : {}));
    for (const { titles, end } of layers) {
      if (end === null || titles.length > 1) continue;
      this.say(`${file}: "${titles.join()}" ends ${written(end)}, or at the hand-off that follows`);
    }
  }

  /** In place of everybody, or of one; empty: for less than a minute. */
  overrideOf(
    span: { from: number; to: number },
    timeZone: string,
    person: string,
    instead?: string,
  ): readonly object[] {
    const from = clockOf(Math.max(span.from, this.now - DAY), timeZone);
    const to = clockOf(span.to, timeZone);
    if (from >= to) return [];
    return [{ from, to, ...(instead !== undefined && { instead }), people: [person], note: this.product }];
  }

  hasSchedule(name: string | null): name is string {
    return name !== null && this.#files.has(`schedules/${name}.yaml`);
  }

  addPolicy({ title, name, levels, repeated, scheduleIds, notResolved }: DraftPolicy): void {
    const file = `policies/${name}.yaml`;
    if (levels.length === 0) return this.say(`${file}: it is not written: no level of "${title}" has anybody`);
    const rounds = Math.max(1, Math.min(1 + repeated, Math.floor(MAX_STEPS / levels.length)));
    if (rounds < 1 + repeated) this.say(`${file}: it is repeated ${rounds - 1} times, and not ${repeated}`);
    if (levels.length > MAX_STEPS) this.say(`${file}: it has ${levels.length} levels; the first ${MAX_STEPS} are kept`);
    const kept = levels.slice(0, MAX_STEPS);
    const all = Array.from({ length: rounds }, (_, round) =>
      kept.map((level, index) => ({
        ...level,
        name: `${round === 0 ? '' : `round-${round + 1}-`}level-${index + 1}`,
      })),
    ).flat();
    const isReachable = (contact: Callee) => typeof contact === 'string' && this.#reachable.has(contact);
    if (kept.at(-1)?.contacts.some(isReachable) !== true) {
      const fallback = new Set([
        ...scheduleIds.flatMap((id) => this.#onSchedule.get(id) ?? []),
        ...kept.flatMap(({ contacts }) => contacts.filter((contact) => typeof contact === 'string')),
      ]);
      const everybody = [...fallback].filter(isReachable);
      if (everybody.length > 0) {
        this.say(
          `${file}: "everybody" is added as the last level: all who are on its schedules, since a gap in a schedule must not end in silence`,
        );
        all.push({ name: 'everybody', contacts: everybody.slice(0, MAX_CONTACTS), minutes: 5, inOrder: true });
      } else this.say(`${file}: nobody whom it calls at last has a telephone number: add somebody`);
    }
    const steps = all.map((level, index) => [level.name, this.#stepOf(level, all[index + 1]?.name, file)] as const);
    const planned = steps.reduce((sum, [, { attempts, call }]) => {
      return sum + attempts * call.flatMap(({ contacts }) => contacts).length;
    }, 0);
    const body = {
      name,
      'x-title': title,
      parameters: ['incident'],
      steps: Object.fromEntries(steps.map(([step, { written }]) => [step, written])),
      start: all[0]?.name,
      ...(notResolved !== undefined &&
        notResolved.level < kept.length && {
          acknowledged: {
            resolveWithin: `${notResolved.minutes}m`,
            otherwise: { escalate: all[notResolved.level]?.name },
          },
        }),
      worse: 'call',
      budget: { calls: Math.max(50, Math.min(planned, MAX_BUDGET)), within: '1d' },
    };
    const head = '# yaml-language-server: $schema=../../schemas/policy.json\n';
    this.#files.set(file, head + stringify(body, { aliasDuplicateObjects: false }));
    this.say(
      `${file}: ${this.product} has no texts for the telephone, and each user's own notification rules: read \`say\`, \`attempts\` and \`every\``,
    );
  }

  #stepOf(
    { contacts, minutes, inOrder = false, name }: Level & { name: string },
    next: string | undefined,
    file: string,
  ) {
    const attempts = Math.max(1, Math.min(6, Math.ceil(minutes / 5)));
    const isList = inOrder || contacts.length > MAX_AT_ONCE;
    if (isList && !inOrder) this.say(`${file}: ${name} calls ${contacts.length} one after the other, not at once`);
    const call = (isList ? [contacts.slice(0, MAX_CONTACTS)] : contacts.map((contact) => [contact])).map(
      (contacts) => ({
        contacts,
        say: TEXT,
      }),
    );
    const every = Math.max(1, Math.min(MAX_EVERY_MINUTES, Math.ceil(minutes / attempts)));
    const written = {
      call: call.length === 1 ? call[0] : call,
      ...(attempts > 1 && { attempts, every: `${every}m` }),
      keys: { 1: { say: '対応をお願いします。', do: 'acknowledge' } },
      ...(next !== undefined && { otherwise: { escalate: next } }),
    };
    return { attempts, call, written };
  }
}

const MAX_EVERY_MINUTES = 30 * 24 * 60;

function problemsOf(path: string, text: string) {
  if (path === 'people.yaml') return readPeople(text).problems;
  if (path.startsWith('schedules/')) return readSchedule(text, () => '').problems;
  return readPolicy(text, { people: 'unknown' }).problems;
}

const distinct = (all: readonly object[]): readonly object[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];

const written = (local: Local): string => new Date(local).toISOString().slice(0, 16);

/** A moment, as an override has it. */
export const clockOf = (at: number, timeZone: string): string => written(toLocal(at, timeZone));

const isMail = (text: string): boolean => /^[^@\s]+@[^@\s]+$/.test(text) && text.length <= LONGEST_NAME;

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
