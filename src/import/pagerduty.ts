/**
 * What PagerDuty's REST API says of users, schedules and escalation policies, as files of ours. What has no counterpart is
 * in the report; nothing is left out without a word.
 */
import { stringify } from 'yaml';
import { checkSchedule } from '../duty/check-schedule.js';
import { readSchedule } from '../duty/read-schedule.js';
import { DAY, dateOf, HOUR, weekdayOf } from '../duty/schedule.js';
import { toLocal } from '../duty/zone.js';
import { readTelephoneNumber } from '../policy/telephone-number.js';
import { asList, asNumber, asObject, asText, Handles, type Json } from './json.js';

export interface Imported {
  /** By their paths in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** What has no counterpart, and what is to be done, a line each. */
  readonly report: readonly string[];
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MAX_TURNS = 200;
const MAX_STEPS_OF_A_POLICY = 60;

/** @param now Milliseconds since 1970: what is over is left out. */
export function importPagerDuty(exported: Json, now: number): Imported {
  return new PagerDuty(now).read(exported);
}

class PagerDuty {
  readonly #files = new Map<string, string>();
  readonly #report: string[] = [];
  readonly #people = new Handles('person');
  readonly #schedules = new Handles('schedule');
  readonly #policies = new Handles('policy');
  /** Everybody who is ever on duty by a schedule, by its id. */
  readonly #onSchedule = new Map<string, readonly string[]>();

  constructor(private readonly now: number) {}

  read(exported: Json): Imported {
    const { users, schedules, escalation_policies: policies, ...rest } = asObject(exported);
    for (const key of Object.keys(rest)) this.#say(`"${key}" is not read: there is nothing like it here`);
    this.#readPeople(asList(users).map(asObject));
    for (const schedule of asList(schedules).map(asObject)) this.#readSchedule(schedule);
    for (const policy of asList(policies).map(asObject)) this.#readPolicy(policy);
    return { files: this.#files, report: this.#report };
  }

  #say(line: string): void {
    this.#report.push(line);
  }

  #readPeople(users: readonly Readonly<Record<string, Json>>[]): void {
    const people: Record<string, object> = {};
    const names = new Set<string>();
    const missing: string[] = [];
    for (const user of users) {
      const [id, name, mail] = [asText(user['id']), asText(user['name']), asText(user['email'])];
      const handle = this.#people.add(id, mail.split('@')[0] ?? '', name);
      const phones = asList(user['contact_methods'])
        .map(asObject)
        .flatMap((method) => this.#phoneOf(method, handle));
      if (phones.length === 0) {
        missing.push(handle);
        continue;
      }
      // Pigeon says by the name who pressed a key.
      const own = names.has(name) ? `${name} (${handle})` : name;
      names.add(own);
      people[handle] = { ...(own !== '' && { name: own }), phones: [...new Set(phones)], ...(mail !== '' && { mail }) };
    }
    for (const handle of missing) {
      this.#say(
        `people.yaml: ${handle} has no telephone number that can be used: add one, or nobody can call this person`,
      );
    }
    const head = '# yaml-language-server: $schema=../schemas/people.json\n';
    const absent = missing.map((handle) => `#  ${handle}: { phones: ["…"] } # no number\n`).join('');
    if (Object.keys(people).length > 0) this.#files.set('people.yaml', `${head}${stringify({ people })}${absent}`);
  }

  #phoneOf(method: Readonly<Record<string, Json>>, handle: string): readonly string[] {
    const kind = asText(method['type']).replace(/_reference$/, '');
    if (kind === 'email_contact_method') return [];
    if (kind !== 'phone_contact_method') {
      // A text message goes to a telephone that is called anyway.
      if (kind !== 'sms_contact_method')
        this.#say(`people.yaml: ${handle}: a way by "${kind}" is left out: people are called by telephone`);
      return [];
    }
    const country = asNumber(method['country_code']) ?? 1;
    const address = asText(method['address']).replaceAll(/[^0-9]/g, '');
    if (address === '') {
      this.#say(
        `people.yaml: ${handle}: a telephone has no number in the export; export with include[]=contact_methods`,
      );
      return [];
    }
    const number = country === 81 ? `0${address.replace(/^0/, '')}` : `+${country}${address}`;
    const read = readTelephoneNumber(number);
    if (read.ok) return [read.digits];
    this.#say(`people.yaml: ${handle}: a telephone number is left out: ${read.why}`);
    return [];
  }

  #readSchedule(schedule: Readonly<Record<string, Json>>): void {
    const id = asText(schedule['id']);
    const title = asText(schedule['name']);
    const name = this.#schedules.add(id, title);
    const file = `schedules/${name}.yaml`;
    const timeZone = asText(schedule['time_zone']);
    const onSchedule = new Set<string>();
    const layers: object[] = [];
    const windows: object[] = [];
    const used = new Handles('layer');
    // PagerDuty lists the layer that wins first; here it is the last.
    for (const written of asList(schedule['schedule_layers']).map(asObject).toReversed()) {
      const layer = this.#layerOf(written, timeZone, file);
      if (layer === null) continue;
      for (const person of layer.people) onSchedule.add(person);
      windows.push(...layer.when);
      const label = used.add(`${layers.length}`, asText(written['name']));
      layers.push({ name: label, ...(layer.when.length > 0 && { when: layer.when }), rotation: layer.rotation });
    }
    this.#onSchedule.set(id, [...onSchedule]);
    if (layers.length === 0) {
      this.#say(`${file}: it is not written: no layer of "${title}" can be used`);
      return;
    }
    const overrides = this.#overridesOf(schedule, timeZone, file);
    const body = {
      name,
      timeZone,
      'x-pagerduty': id,
      'x-title': title,
      layers,
      ...(overrides.length > 0 && { overrides }),
    };
    const head = '# yaml-language-server: $schema=../../schemas/schedule.json\n';
    const text = (required: object) => head + stringify({ ...body, ...required });
    const reading = readSchedule(text({}), () => '');
    const hasGap = reading.ok && checkSchedule(reading, { now: this.now }).some(({ code }) => code === 'gap');
    if (hasGap)
      this.#say(`${file}: nobody is on duty at times; somebody is \`required\` in the hours of its layers alone`);
    this.#files.set(file, text(hasGap && windows.length > 0 ? { required: windows } : {}));
    if (layers.length > 1)
      this.#say(`${file}: a later layer covers the earlier ones; compare their order with PagerDuty`);
  }

  #layerOf(written: Readonly<Record<string, Json>>, timeZone: string, file: string) {
    const title = asText(written['name']);
    const leave = (why: string) => {
      this.#say(`${file}: the layer "${title}" is left out: ${why}`);
      return null;
    };
    const [start, end] = [asText(written['start']), asText(written['end'])];
    if (end !== '' && Date.parse(end) <= this.now) return leave('it has ended');
    if (end !== '')
      this.#say(`${file}: the layer "${title}" ends ${end} in PagerDuty; here it has no end: add a change`);
    if (Date.parse(start) > this.now)
      this.#say(`${file}: the layer "${title}" begins ${start} in PagerDuty; here it begins with its rotation`);
    const people = asList(written['users']).flatMap((entry) => {
      const user = asObject(asObject(entry)['user'] ?? entry);
      const handle = this.#people.get(asText(user['id']));
      if (handle === null) this.#say(`${file}: a user of the layer "${title}" is not in the export, and left out`);
      return handle === null ? [] : [handle];
    });
    if (people.length === 0) return leave('it has nobody');
    const virtual = Date.parse(asText(written['rotation_virtual_start']) || start);
    if (Number.isNaN(virtual)) return leave('its rotation has no start');
    const period = periodOf(asNumber(written['rotation_turn_length_seconds']) ?? 0);
    if (period === null) return leave('its turns are neither whole weeks or days nor hours that divide a day');
    const restrictions = asList(written['restrictions']).map(asObject).map(windowOf);
    const local = toLocal(virtual, timeZone);
    if (local % 60_000 !== 0 || restrictions.some((one) => one === null)) return leave('its times have seconds');
    const windows = restrictions.flatMap((one) => (one === null ? [] : [one]));
    const when = windows.some(({ isAlways }) => isAlways) ? [] : windows;
    const turns = turnsOf(people, period, local, when);
    if (turns === null) return leave(`its turns within its hours do not repeat after ${MAX_TURNS} of them`);
    const time = clock(local % DAY);
    const from = dateOf(Math.floor(local / DAY));
    if (from < '2000') return leave('its rotation begins before 2000');
    const handOff = period.unit === 'w' ? `${WEEKDAYS[weekdayOf(Math.floor(local / DAY))]} ${time}` : time;
    const rotation = { every: `${turns.every}${period.unit}`, handOff, from, people: turns.people };
    return { people, when: when.map(({ written }) => written), rotation };
  }

  #overridesOf(schedule: Readonly<Record<string, Json>>, timeZone: string, file: string): readonly object[] {
    const sub = asObject(schedule['overrides_subschedule']);
    const written = [...asList(schedule['overrides']), ...asList(sub['rendered_schedule_entries'])].map(asObject);
    return written.flatMap((override) => {
      const [from, to] = [Date.parse(asText(override['start'])), Date.parse(asText(override['end']))];
      if (to <= this.now) return [];
      const person = this.#people.get(asText(asObject(override['user'])['id']));
      if (person === null || Number.isNaN(from) || Number.isNaN(to)) {
        this.#say(
          `${file}: an override from ${asText(override['start'])} is left out: its user or its time is not in the export`,
        );
        return [];
      }
      const at = (moment: number) => new Date(toLocal(moment, timeZone)).toISOString().slice(0, 16);
      return [{ from: at(from), to: at(to), people: [person], note: 'PagerDuty' }];
    });
  }

  #readPolicy(policy: Readonly<Record<string, Json>>): void {
    const title = asText(policy['name']);
    const name = this.#policies.add(asText(policy['id']), title);
    const file = `policies/${name}.yaml`;
    const rules = asList(policy['escalation_rules']).map(asObject);
    const fallback = new Set<string>();
    const levels = rules.flatMap((rule, index) => {
      const contacts = asList(rule['targets'])
        .map(asObject)
        .flatMap((target): readonly (string | object)[] => {
          const id = asText(target['id']);
          const [person, schedule] = [this.#people.get(id), this.#schedules.get(id)];
          const isSchedule = asText(target['type']).startsWith('schedule') && schedule !== null;
          if (isSchedule) for (const one of this.#onSchedule.get(id) ?? []) fallback.add(one);
          if (isSchedule && this.#files.has(`schedules/${schedule}.yaml`)) return [{ onDuty: schedule }];
          if (person !== null) return [person];
          this.#say(`${file}: a target of level ${index + 1} is left out: it is not in the export, or was not written`);
          return [];
        });
      const minutes = asNumber(rule['escalation_delay_in_minutes']) ?? 30;
      if (contacts.length > 0) return [{ contacts, minutes }];
      this.#say(`${file}: level ${index + 1} is left out: it has nobody`);
      return [];
    });
    if (levels.length === 0) {
      this.#say(`${file}: it is not written: no level of "${title}" has anybody`);
      return;
    }
    const asked = 1 + (asNumber(policy['num_loops']) ?? 0);
    const rounds = Math.max(1, Math.min(asked, Math.floor(MAX_STEPS_OF_A_POLICY / levels.length)));
    if (rounds < asked) this.#say(`${file}: it is repeated ${rounds - 1} times, and not ${asked - 1}`);
    const all = Array.from({ length: rounds }, (_, round) =>
      levels.map((level, index) => ({
        ...level,
        name: `${round === 0 ? '' : `round-${round + 1}-`}level-${index + 1}`,
      })),
    ).flat();
    const isNamed = levels.at(-1)?.contacts.some((contact) => typeof contact === 'string') === true;
    if (!isNamed && fallback.size > 0) {
      this.#say(
        `${file}: "everybody" is added as the last level: all who are on its schedules, since a gap in a schedule must not end in silence`,
      );
      all.push({ name: 'everybody', contacts: [...fallback], minutes: 5 });
    }
    const steps = all.map(({ name, contacts, minutes }, index) => {
      const attempts = Math.max(1, Math.min(6, Math.ceil(minutes / 5)));
      const next = all[index + 1];
      // Several targets are called at once; who is on one list, one after the other.
      const calls = name === 'everybody' ? [contacts] : contacts.map((contact) => [contact]);
      const call = calls.map((contacts) => ({ contacts, say: TEXT }));
      return [
        name,
        {
          call: call.length === 1 ? call[0] : call,
          ...(attempts > 1 && { attempts, every: `${Math.ceil(minutes / attempts)}m` }),
          keys: { 1: { say: '対応をお願いします。', do: 'acknowledge' } },
          ...(next !== undefined && { otherwise: { escalate: next.name } }),
        },
      ] as const;
    });
    const most = Math.max(...all.map(({ contacts }) => contacts.length), 50);
    const body = {
      name,
      'x-title': title,
      parameters: ['incident'],
      steps: Object.fromEntries(steps),
      start: all[0]?.name,
      worse: 'call',
      budget: { calls: most, within: '1d' },
    };
    this.#files.set(file, `# yaml-language-server: $schema=../../schemas/policy.json\n${stringify(body)}`);
    this.#say(
      `${file}: PagerDuty has no texts for the telephone, and each user's own notification rules: read \`say\`, \`attempts\` and \`every\``,
    );
    if (asList(policy['services']).length > 0) {
      const names = asList(policy['services']).map((service) => asText(asObject(service)['summary']));
      this.#say(`${file}: services use it (${names.join(', ')}): write rules of the routing file for them`);
    }
  }
}

const TEXT = '{{incident}}。対応は1を押してください。';

interface Period {
  readonly unit: 'h' | 'd' | 'w';
  /** Hours of one unit; of a turn it has `count`. */
  readonly hours: number;
  readonly count: number;
}

function periodOf(seconds: number): Period | null {
  const hours = seconds / 3_600;
  if (!Number.isInteger(hours) || hours < 1) return null;
  if (hours % 168 === 0) return { unit: 'w', hours: 168, count: hours / 168 };
  if (hours % 24 === 0) return { unit: 'd', hours: 24, count: hours / 24 };
  return 24 % hours === 0 ? { unit: 'h', hours, count: 1 } : null;
}

interface Restriction {
  readonly written: { readonly from: string; readonly to: string };
  readonly isAlways: boolean;
  /** In each week: hours of the local clock after Sunday's midnight, in milliseconds. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
}

/** Null: it has seconds. */
function windowOf(restriction: Readonly<Record<string, Json>>): Restriction | null {
  const [hours = 0, minutes = 0, seconds = 0] = asText(restriction['start_time_of_day']).split(':').map(Number);
  const length = (asNumber(restriction['duration_seconds']) ?? 0) * 1_000;
  const time = hours * HOUR + minutes * 60_000;
  if (seconds !== 0 || length % 60_000 !== 0) return null;
  if (!asText(restriction['type']).startsWith('weekly')) {
    const spans = Array.from({ length: 7 }, (_, day) => ({ from: day * DAY + time, to: day * DAY + time + length }));
    return { written: { from: clock(time), to: clock((time + length) % DAY) }, isAlways: length >= DAY, spans };
  }
  const begin = ((asNumber(restriction['start_day_of_week']) ?? 1) % 7) * DAY + time;
  const weekly = (at: number) => `${WEEKDAYS[Math.floor(at / DAY) % 7]} ${clock(at % DAY)}`;
  const written = { from: weekly(begin), to: weekly(begin + length) };
  return { written, isAlways: length >= 7 * DAY, spans: [{ from: begin, to: begin + length }] };
}

/**
 * PagerDuty counts every turn, a rotation with `when` here only those with a shift: where some have none the list is
 * written out until it repeats. Null: it would be too long.
 */
function turnsOf(
  people: readonly string[],
  { unit, hours, count }: Period,
  local: number,
  when: readonly Restriction[],
) {
  const length = hours * HOUR;
  const perWeek = Math.max(1, 168 / hours);
  const week = 7 * DAY;
  const begin = weekdayOf(Math.floor(local / DAY)) * DAY + (((local % DAY) + DAY) % DAY);
  const hasShift = (index: number): boolean => {
    const from = (begin + index * length) % week;
    return [-week, 0, week].some((shift) =>
      when.some(({ spans }) => spans.some((span) => span.from + shift < from + length && span.to + shift > from)),
    );
  };
  const isWhole = when.length === 0 || Array.from({ length: perWeek }, (_, index) => index).every(hasShift);
  if (isWhole) return { every: unit === 'h' ? hours : count, people: [...people] };
  const cycle = leastCommonMultiple(perWeek, people.length * count);
  if (cycle > 50 * MAX_TURNS) return null;
  const counted = Array.from({ length: cycle }, (_, index) => index).filter(hasShift);
  if (counted.length === 0 || counted.length > MAX_TURNS) return null;
  const turns = counted.map((index) => people[Math.floor(index / count) % people.length] ?? '');
  return { every: unit === 'h' ? hours : 1, people: turns };
}

function leastCommonMultiple(one: number, other: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return (one * other) / divisor(one, other);
}

const two = (number: number): string => String(number).padStart(2, '0');
const clock = (time: number): string => `${two(Math.floor(time / HOUR))}:${two(Math.floor((time % HOUR) / 60_000))}`;
