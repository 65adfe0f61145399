/**
 * What Opsgenie's API says of users, teams, schedules and escalations, as files of ours; also as its configuration backup has
 * it, a file each. Shapes: docs.opsgenie.com (schedule, rotation, override, escalation, user and contact API),
 * github.com/opsgenie/opsgenie-go-sdk-v2 and opsgenie-configuration-backup.
 */
import { shiftsOf } from '../duty/on-duty.js';
import { readSchedule } from '../duty/read-schedule.js';
import { DAY, HOUR } from '../duty/schedule.js';
import { toLocal } from '../duty/zone.js';
import { stringify } from 'yaml';
import { clockOf, Drafts, type Callee, type Imported, type Level } from './drafts.js';
import { asList, asMoment, asNumber, asObject, asText, isEnd, type Json, type JsonObject } from './json.js';
import { layerOf, layersOfAll, Unwritable, weekOf, type Turns, type Week } from './turns.js';

/**
 * @param exported One answer of the API, or one file of the backup, each.
 * @param now Milliseconds since 1970: what is over is left out.
 */
export function importOpsgenie(exported: readonly Json[], now: number): Imported {
  return new Opsgenie(now).read(exported);
}

const LAST_LEVEL_MINUTES = 10;
const MAX_DEPTH = 20;
const MAX_TEAM = 50;
const MAX_PARTS_OF_OVERRIDE = 200;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const HOURS = { hourly: 1, daily: 24, weekly: 168 } as const;
const MINUTES = { minutes: 1, hours: 60, days: 1_440 } as const;

class Opsgenie {
  readonly #drafts: Drafts;
  /** By id: what a list has and what one answer has of a thing come together. */
  readonly #users = new Map<string, JsonObject>();
  readonly #schedules = new Map<string, JsonObject>();
  readonly #escalations = new Map<string, JsonObject>();
  readonly #teams = new Map<string, JsonObject>();
  /** By the id of the schedule. */
  readonly #overrides = new Map<string, JsonObject[]>();
  readonly #notRead = new Set<string>();
  /** The files of a schedule, by its id: more than one where they cannot be one. */
  readonly #filesOf = new Map<string, readonly string[]>();
  readonly #rotationKeys = new Map<Turns, readonly string[]>();

  constructor(private readonly now: number) {
    this.#drafts = new Drafts('Opsgenie', now);
  }

  read(exported: readonly Json[]): Imported {
    for (const one of exported) this.#sort(one, 0);
    for (const what of this.#notRead) this.#drafts.say(`${what} not read: there is nothing like it here`);
    this.#readPeople();
    for (const schedule of this.#schedules.values()) this.#readSchedule(schedule);
    for (const escalation of this.#escalations.values()) this.#readPolicy(escalation);
    return this.#drafts.finish();
  }

  /** Things are told apart by what they have: the API has them in `data`, the backup one in a file. */
  #sort(value: Json, depth: number): void {
    if (depth > MAX_DEPTH) return void this.#notRead.add('what is nested too deep is');
    if (Array.isArray(value)) return value.forEach((one) => this.#sort(one, depth + 1));
    const found = asObject(value);
    const isSchedule = Array.isArray(found['rotations']) || typeof found['timezone'] === 'string';
    if (found['startDate'] !== undefined && found['user'] !== undefined) {
      return this.#addOverrides(asObject(found['_parent']), [found]);
    }
    if (typeof found['username'] === 'string') return add(this.#users, found);
    if (isSchedule) return add(this.#schedules, found);
    if (Array.isArray(found['rules'])) return add(this.#escalations, found);
    if (Array.isArray(found['members'])) return add(this.#teams, found);
    for (const [key, part] of Object.entries(found)) {
      if (key === 'scheduleOverrideList') this.#addOverrides(asObject(found['schedule']), asList(part).map(asObject));
      else if (PLACES.has(key)) this.#sort(part, depth + 1);
      else if (!ABOUT.has(key)) this.#notRead.add(`"${key.slice(0, 60)}" is`);
    }
  }

  #addOverrides(schedule: JsonObject, overrides: readonly JsonObject[]): void {
    const [id = ''] = keysOf(schedule);
    if (id === '' && overrides.length > 0) {
      this.#notRead.add('overrides without `_parent`, which says of which schedule they are: they are');
    }
    this.#overrides.set(id, [...(this.#overrides.get(id) ?? []), ...overrides]);
  }

  #readPeople(): void {
    const people = [...this.#users.values()].map((user) => {
      const [name, mail] = [asText(user['fullName']), asText(user['username'])];
      const handle = this.#drafts.people.add([asText(user['id']), mail], mail.split('@')[0] ?? '', name);
      const isBlocked = user['blocked'] === true;
      if (isBlocked) this.#drafts.say(`people.yaml: ${handle} is blocked in Opsgenie`);
      const contacts = [...asList(user['userContacts']), ...asList(user['contacts'])].map(asObject);
      return { handle, name, mail, phones: isBlocked ? [] : this.#phonesOf(contacts, handle) };
    });
    this.#drafts.addPeople(people);
  }

  /** A telephone for text messages is called where there is no other. */
  #phonesOf(contacts: readonly JsonObject[], handle: string): readonly string[] {
    const of = (wanted: string) =>
      contacts.flatMap((contact) => {
        const method = asText(contact['contactMethod'] ?? contact['method']).toLowerCase();
        if (method !== wanted) return [];
        if (contact['enabled'] === false || asObject(contact['status'])['enabled'] === false) {
          this.#drafts.say(`people.yaml: ${handle}: a number that is not enabled is left out`);
          return [];
        }
        const [country = '', ...rest] = asText(contact['to']).trim().replace(/^\+/, '').split('-');
        return this.#drafts.phone(country, rest.join(''), handle) ?? [];
      });
    const phones = of('voice');
    return phones.length > 0 ? phones : of('sms');
  }

  #readSchedule(schedule: JsonObject): void {
    const [id = ''] = keysOf(schedule);
    const title = asText(schedule['name']);
    const name = this.#drafts.schedules.add(keysOf(schedule), title);
    const file = `schedules/${name}.yaml`;
    if (!Array.isArray(schedule['rotations'])) {
      return this.#drafts.say(`${file}: it is not written: "${title}" has no rotations; export with expand=rotation`);
    }
    const timeZone = this.#drafts.zoneOf(asText(schedule['timezone']), file, title);
    if (timeZone === null) return;
    if (schedule['enabled'] === false) {
      return this.#drafts.say(`${file}: it is not written: "${title}" is disabled in Opsgenie`);
    }
    const rotations = asList(schedule['rotations'])
      .map(asObject)
      .flatMap((one) => this.#rotationOf(one, id, timeZone, file) ?? []);
    const groups = this.#groupsOf(rotations, timeZone, file);
    const names = [name, ...groups.slice(1).map((_, more) => this.#drafts.schedules.add([], `${title} ${more + 2}`))];
    const overrides = [
      ...asList(schedule['overrides']).map(asObject),
      ...keysOf(schedule).flatMap((key) => this.#overrides.get(key) ?? []),
    ].filter((override) => !(asMoment(override['endDate']) <= this.now));
    for (const [index, group] of (groups.length === 0 ? [[]] : groups).entries()) {
      this.#drafts.addSchedule({
        id,
        title,
        name: names[index] ?? name,
        timeZone,
        layers: layersOfAll(group, toLocal(this.now, timeZone)),
        overrides: overrides.flatMap((override) => this.#overrideOf(override, group, rotations, timeZone, file)),
      });
      if (group.some((one, place) => group.slice(place + 1).some((other) => overlap(one.when, other.when)))) {
        const titles = group.map((one) => `"${one.title}"`).join(', ');
        this.#drafts.say(
          `schedules/${names[index] ?? name}.yaml: who is on duty at once (${titles}) is called one after the other, in this order`,
        );
      }
    }
    this.#filesOf.set(id, names);
    const [, ...others] = names;
    if (others.length > 0) {
      this.#drafts.say(
        `${file}: its rotations cannot all be one list of turns: the others are ${others.join(', ')}, and policies call them at once`,
      );
    }
  }

  /** In Opsgenie all rotations are on duty at once: as many in one file as can be written so. */
  #groupsOf(rotations: readonly Turns[], timeZone: string, file: string): readonly (readonly Turns[])[] {
    const now = toLocal(this.now, timeZone);
    const groups: Turns[][] = [];
    for (const rotation of rotations) {
      try {
        layerOf([rotation], now);
      } catch (error) {
        this.#drafts.say(`${file}: the rotation "${rotation.title}" is left out: ${whyOf(error)}`);
        continue;
      }
      const group = groups.find((one) => isWritable([...one, rotation], now));
      if (group === undefined) groups.push([rotation]);
      else group.push(rotation);
    }
    return groups;
  }

  #rotationOf(written: JsonObject, scheduleId: string, timeZone: string, file: string): Turns | null {
    const title = asText(written['name']) || asText(written['id']);
    const leave = (why: string) => {
      this.#drafts.say(`${file}: the rotation "${title}" is left out: ${why}`);
      return null;
    };
    const people = asList(written['participants'])
      .map(asObject)
      .map((one) => this.#turnOf(one, `${file}: the rotation "${title}"`));
    this.#drafts.addOnSchedule(scheduleId, people.flat());
    if (written['enabled'] === false) return leave('it is disabled');
    const start = asMoment(written['startDate']);
    const end = isEnd(written['endDate']) ? asMoment(written['endDate']) : null;
    if (Number.isNaN(start) || (end !== null && Number.isNaN(end))) return leave('its start or its end is no time');
    if (end !== null && end <= this.now) return leave('it has ended');
    if (people.flat().length === 0) return leave('it has nobody');
    const type = asText(written['type']).toLowerCase();
    const length = asNumber(written['length'] ?? 1) ?? 0;
    if (!isKeyOf(HOURS, type) || !Number.isInteger(length) || length < 1) return leave('its turns have no length');
    const local = toLocal(start, timeZone);
    if (local % 60_000 !== 0) return leave('its times have seconds');
    const when = weekOfRestriction(asObject(written['timeRestriction']));
    if (when === 'unknown') return leave('its restriction of time cannot be read');
    const ends = end === null ? null : toLocal(end, timeZone);
    const turns = { title, start: local, end: ends, hours: HOURS[type] * length, people, when };
    this.#rotationKeys.set(turns, keysOf(written));
    return turns;
  }

  /** Who is on duty when it is the turn of a participant. */
  #turnOf(participant: JsonObject, where: string): readonly string[] {
    const type = asText(participant['type']).toLowerCase();
    if (type === 'none') return [];
    const people = this.#peopleOf(participant, type, where);
    if (people.length === 0) this.#drafts.say(`${where}: somebody is not in the export: the turn is kept, with nobody`);
    if (people.length > MAX_TEAM)
      this.#drafts.say(`${where}: ${people.length} at once; the first ${MAX_TEAM} are kept`);
    return people.slice(0, MAX_TEAM);
  }

  #peopleOf(participant: JsonObject, type: string, where: string): readonly string[] {
    if (type === 'team') {
      const members = this.#membersOf(participant, 'all');
      if (members.length > 0)
        this.#drafts.say(`${where}: a team has its routing rules in Opsgenie; its members are on duty`);
      return members;
    }
    if (type === 'escalation') {
      const rules = asList(find(this.#escalations, participant)?.['rules']);
      // Its schedules are not followed: they may name this escalation again.
      const people = rules.map(asObject).flatMap((rule) => {
        const recipient = asObject(rule['recipient']);
        if (asText(recipient['type']).toLowerCase() === 'team') return this.#membersOf(recipient, notifyTypeOf(rule));
        return this.#drafts.people.get(...keysOf(recipient)) ?? [];
      });
      this.#drafts.say(`${where}: an escalation is not on duty here; those whom it names are, in its order`);
      return [...new Set(people)];
    }
    const person = this.#drafts.people.get(...keysOf(participant));
    return person === null ? [] : [person];
  }

  #membersOf(team: JsonObject, which: string): readonly string[] {
    return asList(find(this.#teams, team)?.['members'])
      .map(asObject)
      .flatMap((member) => {
        const isAdmin = asText(member['role']).toLowerCase() === 'admin';
        if ((which === 'admins' && !isAdmin) || (which === 'users' && isAdmin)) return [];
        return this.#drafts.people.get(...keysOf(asObject(member['user']))) ?? [];
      });
  }

  /** One of some rotations replaces those who are on duty by them, each in their shift. */
  #overrideOf(
    override: JsonObject,
    group: readonly Turns[],
    rotations: readonly Turns[],
    timeZone: string,
    file: string,
  ): readonly object[] {
    const [from, to] = [asMoment(override['startDate']), asMoment(override['endDate'])];
    const person = this.#drafts.people.get(...keysOf(asObject(override['user'])));
    if (person === null || !(from < to)) {
      this.#drafts.say(
        `${file}: an override from ${asText(override['startDate']).slice(0, 30)} is left out: its user or its time is not in the export, or it is for nobody`,
      );
      return [];
    }
    const wanted = new Set(asList(override['rotations']).map(asObject).flatMap(keysOf));
    const isWanted = (one: Turns) => this.#rotationKeys.get(one)?.some((key) => wanted.has(key)) === true;
    const own = group.filter(isWanted);
    if (wanted.size === 0 || rotations.every(isWanted)) return this.#drafts.overrideOf({ from, to }, timeZone, person);
    const parts = own.flatMap((rotation) =>
      shiftsBy(rotation, Math.max(from, this.now), to, toLocal(this.now, timeZone), timeZone).flatMap((shift) =>
        shift.people
          .filter((instead) => instead !== person)
          .flatMap((instead) => this.#drafts.overrideOf(shift, timeZone, person, instead)),
      ),
    );
    if (parts.length <= MAX_PARTS_OF_OVERRIDE) return parts;
    this.#drafts.say(`${file}: an override from ${clockOf(from, timeZone)} is left out: it is for too many shifts`);
    return [];
  }

  #readPolicy(escalation: JsonObject): void {
    const title = asText(escalation['name']);
    const name = this.#drafts.policies.add(keysOf(escalation), title);
    const file = `policies/${name}.yaml`;
    const scheduleIds: string[] = [];
    const byDelay = new Map<number, { readonly contacts: Callee[]; inOrder: boolean }>();
    let notClosed: number | null = null;
    for (const [index, rule] of asList(escalation['rules']).map(asObject).entries()) {
      const { contacts, inOrder } = this.#recipientsOf(rule, `${file}: rule ${index + 1}`, scheduleIds);
      const delay = minutesOf(rule['delay']);
      if (contacts.length === 0) {
        this.#drafts.say(`${file}: rule ${index + 1} is left out: it has nobody who is in the export and was written`);
        continue;
      }
      const level = byDelay.get(delay) ?? { contacts: [], inOrder: false };
      level.contacts.push(...contacts);
      level.inOrder ||= inOrder;
      byDelay.set(delay, level);
      if (asText(rule['condition']) === 'if-not-closed' && delay > 0)
        notClosed = Math.min(notClosed ?? Infinity, delay);
    }
    const repeat = asObject(escalation['repeat']);
    const pause = Math.max(1, Math.ceil(asNumber(repeat['waitInterval']) ?? LAST_LEVEL_MINUTES));
    // Each delay counts from the beginning of the alert.
    const delays = [...byDelay.keys()].toSorted((one, other) => one - other);
    const levels = delays.map((delay, index): Level => {
      const { contacts, inOrder } = byDelay.get(delay) ?? { contacts: [], inOrder: false };
      const distinct = [...new Map(contacts.map((one) => [JSON.stringify(one), one])).values()];
      return { contacts: distinct, minutes: (delays[index + 1] ?? delay + pause) - delay, inOrder };
    });
    const level = notClosed === null ? -1 : delays.indexOf(notClosed);
    this.#drafts.addPolicy({
      title,
      name,
      levels,
      repeated: Math.max(0, Math.floor(asNumber(repeat['count']) ?? 0)),
      scheduleIds,
      ...(notClosed !== null && { notResolved: { minutes: Math.min(notClosed, 43_200), level } }),
    });
    if (levels.length === 0) return;
    if ((delays[0] ?? 0) > 0) {
      this.#drafts.say(`${file}: Opsgenie waits ${delays[0]} minutes before the first rule; here it calls at once`);
    }
    if (notClosed !== null) {
      this.#drafts.say(`${file}: "if not closed" counts from the acknowledgement here: read \`acknowledged\``);
    }
    if (repeat['resetRecipientStates'] === true) {
      this.#drafts.say(`${file}: a repetition takes no acknowledgement back here; \`acknowledged\` calls again`);
    }
    if (repeat['closeAlertAfterAll'] === true) {
      this.#drafts.say(`${file}: after the last repetition Opsgenie closes the alert; here it stays open`);
    }
  }

  /** Whom a rule notifies; in order: they must not be called at once. */
  #recipientsOf(rule: JsonObject, where: string, scheduleIds: string[]) {
    const recipient = asObject(rule['recipient']);
    const [type, notify] = [asText(recipient['type']).toLowerCase(), notifyTypeOf(rule)];
    if (type === 'schedule') {
      const [id = ''] = keysOf(find(this.#schedules, recipient) ?? {});
      scheduleIds.push(id);
      if (notify === 'previous') this.#drafts.say(`${where}: there is no "previous" on duty; who is on duty is called`);
      const names = (this.#filesOf.get(id) ?? []).filter((name) => this.#drafts.hasSchedule(name));
      const contacts = names.map((name): Callee => ({ onDuty: name, ...(notify === 'next' && { next: 1 }) }));
      return { contacts, inOrder: false };
    }
    if (type === 'team') {
      const contacts = this.#membersOf(recipient, notify);
      if (notify === 'default') {
        this.#drafts.say(`${where}: a team has its routing rules in Opsgenie; here its members are called`);
      }
      if (notify === 'random') this.#drafts.say(`${where}: not one member at random, but all, one after the other`);
      return { contacts, inOrder: notify === 'random' };
    }
    const person = type === 'user' ? this.#drafts.people.get(...keysOf(recipient)) : null;
    return { contacts: person === null ? [] : [person], inOrder: false };
  }
}

/** Where lists and single things are. */
const PLACES = new Set(['data', 'users', 'user', 'schedules', 'schedule', 'escalations', 'teams', 'team', 'overrides', 'scheduleOverrides']); // prettier-ignore
/** What an answer says of itself. */
const ABOUT = new Set(['took', 'requestId', 'paging', 'totalCount', 'expandable', 'result', 'message']);

/** By which it is named elsewhere: its id first. */
const keysOf = (thing: JsonObject): readonly string[] =>
  [asText(thing['id']), asText(thing['username']), asText(thing['name'])].filter((key) => key !== '');

function add(to: Map<string, JsonObject>, thing: JsonObject): void {
  const [id = `unnamed ${to.size}`] = keysOf(thing);
  to.set(id, { ...to.get(id), ...thing });
}

/** By its id, or by what else names it. */
function find(things: ReadonlyMap<string, JsonObject>, named: JsonObject): JsonObject | undefined {
  const keys = keysOf(named);
  const byId = keys.map((key) => things.get(key)).find((thing) => thing !== undefined);
  return byId ?? [...things.values()].find((thing) => keysOf(thing).some((key) => keys.includes(key)));
}

const notifyTypeOf = (rule: JsonObject): string => asText(rule['notifyType']).toLowerCase() || 'default';

const isKeyOf = <T extends object>(table: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(table, key);

/** A number, as Jira Service Management has it, counts minutes. */
function minutesOf(delay: Json): number {
  const { timeAmount, timeUnit } = asObject(delay);
  const unit = asText(timeUnit).toLowerCase();
  const minutes = (asNumber(delay) ?? asNumber(timeAmount) ?? 0) * (isKeyOf(MINUTES, unit) ? MINUTES[unit] : 1);
  return Math.max(0, Math.ceil(minutes));
}

function weekOfRestriction(restriction: JsonObject): Week | 'unknown' {
  const type = asText(restriction['type']).toLowerCase().replaceAll('_', '-');
  const one = restriction['restriction'];
  const parts = [...asList(restriction['restrictions']), ...(one === undefined ? [] : [one])].map(asObject);
  if (parts.length === 0) return type === '' ? null : 'unknown';
  const timeOf = (part: JsonObject, side: 'start' | 'end') =>
    (asNumber(part[`${side}Hour`]) ?? 0) * HOUR + (asNumber(part[`${side}Min`]) ?? 0) * 60_000;
  const spans = parts.flatMap((part) => {
    const [from, to] = [timeOf(part, 'start'), timeOf(part, 'end')];
    if (!(from >= 0 && from < DAY && to >= 0 && to <= DAY)) return [{ from: Number.NaN, to: Number.NaN }];
    if (type === 'time-of-day') {
      return DAYS.map((_, day) => ({ from: day * DAY + from, to: day * DAY + (to > from ? to : to + DAY) }));
    }
    const [first, last] = [part['startDay'], part['endDay']].map((day) => DAYS.indexOf(asText(day).toLowerCase()));
    if (first === undefined || last === undefined || first < 0 || last < 0)
      return [{ from: Number.NaN, to: Number.NaN }];
    const [begin, end] = [first * DAY + from, last * DAY + to];
    return [{ from: begin, to: end > begin ? end : end + 7 * DAY }];
  });
  return spans.some(({ from }) => Number.isNaN(from)) ? 'unknown' : weekOf(spans);
}

function overlap(one: Week, other: Week): boolean {
  if (one === null || other === null) return true;
  return one.some((span) => other.some(({ from, to }) => from < span.to && span.from < to));
}

function isWritable(rotations: readonly Turns[], now: number): boolean {
  try {
    layersOfAll(rotations, now);
    return true;
  } catch (error) {
    if (error instanceof Unwritable) return false;
    throw error;
  }
}

/** The shifts of one rotation. Milliseconds since 1970. */
function shiftsBy(rotation: Turns, from: number, to: number, now: number, timeZone: string) {
  const layers = [{ name: 'one', ...layerOf([rotation], now).body }];
  const reading = readSchedule(
    stringify({ name: 'one', timeZone, layers }, { aliasDuplicateObjects: false }),
    () => '',
  );
  const [layer] = reading.ok ? reading.schedule.layers : [];
  if (!reading.ok || layer === undefined) return [];
  const found = [];
  for (const shift of shiftsOf(reading.schedule, layer, [], from, to)) {
    if (found.push(shift) > MAX_PARTS_OF_OVERRIDE) break;
  }
  return found;
}

function whyOf(error: unknown): string {
  if (error instanceof Unwritable) return error.message;
  throw error;
}
