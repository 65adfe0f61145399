/** What PagerDuty's REST API says of users, schedules and escalation policies, as files of ours. */
import { DAY, HOUR } from '../duty/schedule.js';
import { toLocal } from '../duty/zone.js';
import { clockOf, Drafts, type Callee, type Imported } from './drafts.js';
import { asList, asMoment, asNumber, asObject, asText, isEnd, type Json, type JsonObject } from './json.js';
import { layerOf, Unwritable, weekOf, type DraftLayer } from './turns.js';

/** @param now Milliseconds since 1970: what is over is left out. */
export function importPagerDuty(exported: Json, now: number): Imported {
  return new PagerDuty(now).read(exported);
}

class PagerDuty {
  readonly #drafts: Drafts;

  constructor(private readonly now: number) {
    this.#drafts = new Drafts('PagerDuty', now);
  }

  read(exported: Json): Imported {
    const { users, schedules, escalation_policies: policies, ...rest } = asObject(exported);
    for (const key of Object.keys(rest)) this.#drafts.say(`"${key}" is not read: there is nothing like it here`);
    this.#readPeople(asList(users).map(asObject));
    for (const schedule of asList(schedules).map(asObject)) this.#readSchedule(schedule);
    for (const policy of asList(policies).map(asObject)) this.#readPolicy(policy);
    return this.#drafts.finish();
  }

  #readPeople(users: readonly JsonObject[]): void {
    const people = users.map((user) => {
      const [name, mail] = [asText(user['name']), asText(user['email'])];
      const handle = this.#drafts.people.add([asText(user['id'])], mail.split('@')[0] ?? '', name);
      return { handle, name, mail, phones: this.#phonesOf(asList(user['contact_methods']).map(asObject), handle) };
    });
    this.#drafts.addPeople(people);
  }

  /** A telephone for text messages is called where there is no other. */
  #phonesOf(methods: readonly JsonObject[], handle: string): readonly string[] {
    const of = (kind: string) =>
      methods.flatMap((method) => (kindOf(method) === kind ? (this.#phoneOf(method, handle) ?? []) : []));
    for (const kind of new Set(methods.map(kindOf))) {
      if (['phone_contact_method', 'sms_contact_method', 'email_contact_method'].includes(kind)) continue;
      this.#drafts.say(`people.yaml: ${handle}: a way by "${kind}" is left out: people are called by telephone`);
    }
    const phones = of('phone_contact_method');
    return phones.length > 0 ? phones : of('sms_contact_method');
  }

  #phoneOf(method: JsonObject, handle: string): string | null {
    const address = asText(method['address']);
    if (/[0-9]/.test(address)) return this.#drafts.phone(`${asNumber(method['country_code']) ?? 1}`, address, handle);
    this.#drafts.say(
      `people.yaml: ${handle}: a telephone has no number in the export; export with include[]=contact_methods`,
    );
    return null;
  }

  #readSchedule(schedule: JsonObject): void {
    const id = asText(schedule['id']);
    const title = asText(schedule['name']);
    const name = this.#drafts.schedules.add([id], title);
    const file = `schedules/${name}.yaml`;
    // The API gives the layer that wins first: its answer to GET is in the opposite order of what POST and PUT take
    // (github.com/PagerDuty/public-support-scripts/pull/60; the Terraform provider turns it round too), in which a later layer wins
    // over the earlier ones (support.pagerduty.com/docs/schedules). Here the one that wins is the last.
    const layers = asList(schedule['schedule_layers']).map(asObject).toReversed();
    for (const layer of layers) this.#drafts.addOnSchedule(id, this.#peopleOf(layer).flat());
    const timeZone = this.#drafts.zoneOf(asText(schedule['time_zone']), file, title);
    if (timeZone === null) return;
    this.#drafts.addSchedule({
      id,
      title,
      name,
      timeZone,
      layers: layers.flatMap((layer) => this.#layerOf(layer, timeZone, file) ?? []),
      overrides: this.#overridesOf(schedule, timeZone, file),
    });
    if (layers.length > 1) {
      this.#drafts.say(`${file}: a later layer covers the earlier ones; compare their order with PagerDuty`);
    }
  }

  #layerOf(written: JsonObject, timeZone: string, file: string): DraftLayer | null {
    const title = asText(written['name']);
    const leave = (why: string) => {
      this.#drafts.say(`${file}: the layer "${title}" is left out: ${why}`);
      return null;
    };
    const start = asMoment(written['start']);
    const end = isEnd(written['end']) ? asMoment(written['end']) : null;
    if (Number.isNaN(end)) return leave('its end is no time');
    if (end !== null && end <= this.now) return leave('it has ended');
    if (start > this.now) {
      const begins = clockOf(start, timeZone);
      this.#drafts.say(`${file}: the layer "${title}" begins ${begins} in PagerDuty; here it begins with its rotation`);
    }
    const people = this.#peopleOf(written);
    if (people.flat().length === 0) return leave('it has nobody');
    if (people.some((turn) => turn.length === 0)) {
      this.#drafts.say(
        `${file}: a user of the layer "${title}" is not in the export: the turns are kept, with nobody in them`,
      );
    }
    const virtual = asMoment(written['rotation_virtual_start'] ?? written['start']);
    if (Number.isNaN(virtual)) return leave('its rotation has no start');
    const hours = (asNumber(written['rotation_turn_length_seconds']) ?? 0) / 3_600;
    if (!Number.isInteger(hours) || hours < 1) return leave('its turns are not whole hours');
    const spans = asList(written['restrictions']).map(asObject).map(spansOf);
    const local = toLocal(virtual, timeZone);
    if (local % 60_000 !== 0 || spans.some((one) => one === null)) return leave('its times are none, or have seconds');
    const when = spans.length === 0 ? null : weekOf(spans.flatMap((one) => one ?? []));
    const ends = end === null ? null : toLocal(end, timeZone);
    try {
      return layerOf([{ title, start: local, end: ends, hours, people, when }], toLocal(this.now, timeZone));
    } catch (error) {
      if (error instanceof Unwritable) return leave(error.message);
      throw error;
    }
  }

  /** Nobody: the user is not in the export. */
  #peopleOf(layer: JsonObject): readonly (readonly string[])[] {
    return asList(layer['users']).map((entry) => {
      const user = asObject(asObject(entry)['user'] ?? entry);
      const handle = this.#drafts.people.get(asText(user['id']));
      return handle === null ? [] : [handle];
    });
  }

  #overridesOf(schedule: JsonObject, timeZone: string, file: string): readonly object[] {
    const sub = asObject(schedule['overrides_subschedule']);
    const written = [...asList(schedule['overrides']), ...asList(sub['rendered_schedule_entries'])].map(asObject);
    return written.flatMap((override) => {
      const [from, to] = [asMoment(override['start']), asMoment(override['end'])];
      if (to <= this.now) return [];
      const person = this.#drafts.people.get(asText(asObject(override['user'])['id']));
      if (person === null || !(from < to)) {
        this.#drafts.say(
          `${file}: an override from ${asText(override['start'])} is left out: its user or its time is not in the export`,
        );
        return [];
      }
      return this.#drafts.overrideOf({ from, to }, timeZone, person);
    });
  }

  #readPolicy(policy: JsonObject): void {
    const title = asText(policy['name']);
    const name = this.#drafts.policies.add([asText(policy['id'])], title);
    const file = `policies/${name}.yaml`;
    const scheduleIds: string[] = [];
    const levels = asList(policy['escalation_rules'])
      .map(asObject)
      .flatMap((rule, index) => {
        const contacts = asList(rule['targets'])
          .map(asObject)
          .flatMap((target): readonly Callee[] => {
            const id = asText(target['id']);
            const [person, schedule] = [this.#drafts.people.get(id), this.#drafts.schedules.get(id)];
            const isSchedule = asText(target['type']).startsWith('schedule');
            if (isSchedule) scheduleIds.push(id);
            if (isSchedule && this.#drafts.hasSchedule(schedule)) return [{ onDuty: schedule }];
            if (!isSchedule && person !== null) return [person];
            this.#drafts.say(
              `${file}: a target of level ${index + 1} is left out: it is not in the export, or was not written`,
            );
            return [];
          });
        const minutes = asNumber(rule['escalation_delay_in_minutes']) ?? 30;
        if (contacts.length > 0) return [{ contacts, minutes }];
        this.#drafts.say(`${file}: level ${index + 1} is left out: it has nobody`);
        return [];
      });
    this.#drafts.addPolicy({
      title,
      name,
      levels,
      repeated: Math.max(0, asNumber(policy['num_loops']) ?? 0),
      scheduleIds,
    });
    if (levels.length > 0 && asList(policy['services']).length > 0) {
      const names = asList(policy['services']).map((service) => asText(asObject(service)['summary']));
      this.#drafts.say(`${file}: services use it (${names.join(', ')}): write rules of the routing file for them`);
    }
  }
}

const kindOf = (method: JsonObject): string => asText(method['type']).replace(/_reference$/, '');

/** Null: it has seconds, or is no time at all. */
function spansOf(restriction: JsonObject): readonly { readonly from: number; readonly to: number }[] | null {
  const [hours = 0, minutes = 0, seconds = 0] = asText(restriction['start_time_of_day']).split(':').map(Number);
  const length = (asNumber(restriction['duration_seconds']) ?? 0) * 1_000;
  const time = hours * HOUR + minutes * 60_000;
  if (seconds !== 0 || length % 60_000 !== 0 || !(time >= 0 && time < DAY)) return null;
  const first = asNumber(restriction['start_day_of_week']) ?? 1;
  const days = asText(restriction['type']).startsWith('weekly') ? [first % 7] : [0, 1, 2, 3, 4, 5, 6];
  if (!days.every((day) => Number.isInteger(day) && day >= 0)) return null;
  return days.map((day) => ({ from: day * DAY + time, to: day * DAY + time + length }));
}
