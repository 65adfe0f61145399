import type { Called, Callout, WantedCallees } from '../contract/activities.js';
import type { PigeonCallInput } from '../contract/pigeon-call-schema.js';
import type { Callees, Directory, Shift } from '../contract/policy-schema.js';
import { type Words, words } from '../words/words.js';
import type { People, Person } from './read-people.js';

/** Who is on duty, as schedules have it now. */
export interface DutyRoster {
  /** Null: nobody has read this schedule. `at`: epoch milliseconds. */
  readonly onDuty: (schedule: string, at: number) => OnDuty | null;
  /** All shifts from then to then, in order; null as above. */
  readonly shifts: (schedule: string, from: number, to: number) => readonly Shift[] | null;
}
export interface OnDuty extends Omit<Shift, 'from'> {
  /** Made while the schedule was in use. Handles. */
  readonly override?: {
    readonly people: readonly string[];
    readonly of: readonly string[];
    readonly by: string;
    readonly reason: string | null;
    readonly unconfirmed: boolean;
  };
}

type Callflow = NonNullable<PigeonCallInput['callflow']>;

export interface ResolvedCallees extends Callout {
  /** Null: there is nobody to be called. */
  readonly callflow: Callflow | null;
  /** Something could not be read, so that somebody may be missing. */
  readonly unreadable: boolean;
}

/**
 * Whom a call rings at this moment. Contacts of the policy win over people of the file, those over the copy that travelled with
 * the incident. Pure.
 *
 * @param people null: their file has never been read.
 * @param roster null: there are no schedules here.
 * @param said for who is missing.
 */
export function resolveCallees(
  wanted: WantedCallees,
  people: People | null,
  roster: DutyRoster | null,
  at: number,
  said: Words['callees'] = words().callees,
): ResolvedCallees {
  const { directory, called, local, loopLimit } = wanted;
  const found = new Map<string, { readonly person: Person; readonly called: Called }>();
  const missing: string[] = [];
  let unreadable = false;

  const personOf = (handle: string): Person | undefined =>
    local[handle] ?? people?.get(handle) ?? directory.people[handle];
  const namesOf = (handles: readonly string[]) => handles.map((handle) => personOf(handle)?.name ?? handle);
  const overrideOf = (handle: string, { override }: OnDuty): Pick<NonNullable<Called['duty']>, 'override'> => {
    if (override === undefined) return {};
    const { by, reason } = override;
    const unconfirmed = override.unconfirmed && { unconfirmed: namesOf(override.people) };
    const isFormer = !override.people.includes(handle);
    if (isFormer && !(override.unconfirmed && override.of.includes(handle))) return {};
    const of = namesOf(override.of);
    return { override: { of, by, reason, ...unconfirmed, ...(isFormer && { former: true as const }) } };
  };
  const add = (handle: string, duty?: Called['duty']) => {
    const person = personOf(handle);
    if (person === undefined) {
      unreadable ||= people === null;
      missing.push(said.noNumber(handle));
    } else if (!found.has(handle)) {
      found.set(handle, { person, called: { handle, name: person.name, ...(duty !== undefined && { duty }) } });
    }
  };
  const addOnDuty = ({ onDuty: schedule, next }: Exclude<Callees['contacts'][number], string>) => {
    const now = roster?.onDuty(schedule, at) ?? null;
    const duty = now ?? shiftAt(directory, schedule, at);
    if (duty === null) {
      unreadable = true;
      missing.push(said.dutyUnreadable(schedule));
      return;
    }
    const { layer, until } = duty;
    const by = { schedule, layer, until, ...(now === null && { copy: true as const }) };
    if (next === undefined) {
      if (duty.people.length === 0) missing.push(said.nobodyOnDuty(schedule));
      for (const handle of duty.people) add(handle, { ...by, ...overrideOf(handle, duty) });
      return;
    }
    const handle = followerOf(duty, next, [...called, ...found.keys()]);
    if (handle === null || found.has(handle)) missing.push(said.nobodyFollows(schedule));
    else add(handle, { ...by, next });
  };

  for (const callee of wanted.contacts) {
    if (typeof callee === 'string') add(callee);
    else addOnDuty(callee);
  }
  const contacts = [...found.values()].map(({ person: { name, phones } }) => ({
    displayName: name,
    phones: phones.map((phoneNumber) => ({ phoneNumber })),
  }));
  return {
    callflow: contacts.length === 0 ? null : { loopLimit, contacts },
    people: [...found.values()].map(({ called }) => called),
    missing,
    unreadable,
  };
}

/** The n-th who follows and is not on duty; if this level has called that person, the first after who was not called. */
function followerOf({ people, next }: OnDuty, n: number, called: readonly string[]): string | null {
  const others = [...new Set(next)].filter((handle) => !people.includes(handle));
  const first = n - 1;
  const inOrder = [...others.slice(first), ...others.slice(0, first)];
  return inOrder.find((handle) => !called.includes(handle)) ?? others[first] ?? null;
}

function shiftAt({ schedules }: Directory, schedule: string, at: number): OnDuty | null {
  const shift = schedules[schedule]?.find(
    ({ from, until }) => Date.parse(from) <= at && (until === null || at < Date.parse(until)),
  );
  return shift ?? null;
}
