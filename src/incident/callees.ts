/** Whom calls reach, where that is known only at their POST: in words, and what travels with an incident for it. */
import type { Called, Callout, WantedCallees } from '../contract/activities.js';
import type { Callees, Directory, Policy, Shift, StepCall } from '../contract/policy-schema.js';
import { type Words, words } from '../words/words.js';

/**
 * In order: names, `on duty (web)`; null where Pigeon keeps the people.
 *
 * @param contacts of the policy: who has which name.
 */
export function whomItCalls(
  { callflow, callees }: Pick<StepCall, 'callflow' | 'callees'>,
  contacts: Policy['contacts'] = {},
): readonly string[] | null {
  if (callees !== undefined) return callees.contacts.map((callee) => wordsOf(callee, callees, contacts));
  return callflow === undefined ? null : callflow.contacts.map(({ displayName }) => displayName);
}

function wordsOf(callee: Callees['contacts'][number], { local }: Callees, contacts: Policy['contacts']): string {
  if (typeof callee === 'string') return local[callee]?.name ?? contacts[callee]?.name ?? callee;
  const { onDuty, next } = callee;
  const said = words().callees;
  return next === undefined ? said.onDuty(onDuty) : said.nextOnDuty(onDuty, next);
}

/** The most telephones that one pass through the contacts rings, by the copy; one each where nothing is known of them. */
export function maxPhones({ contacts, local }: Callees, directory: Directory = { people: {}, schedules: {} }): number {
  const phonesOf = (handle: string) => (local[handle] ?? directory.people[handle])?.phones.length ?? 1;
  const most = (all: readonly number[]) => Math.max(1, ...all);
  return contacts.reduce((sum, callee) => {
    if (typeof callee === 'string') return sum + phonesOf(callee);
    const shifts = directory.schedules[callee.onDuty] ?? [];
    const ofShift = ({ people, next }: Shift) =>
      callee.next === undefined
        ? people.reduce((phones, handle) => phones + phonesOf(handle), 0)
        : most(next.map(phonesOf));
    return sum + most(shifts.map(ofShift));
  }, 0);
}

/** A POST may wait so long for a worker. */
const POST_TIMEOUT_MS = 900_000;

/** What a POST that is sent now, or soon, needs of the directory. */
export function wantedCallees(
  callees: Callees,
  { people, schedules }: Directory,
  called: readonly string[],
  now: number,
): WantedCallees {
  const wanted = callees.contacts.flatMap((callee) => (typeof callee === 'string' ? [] : [callee.onDuty]));
  const named = callees.contacts.filter((callee) => typeof callee === 'string');
  const shifts = Object.entries(schedules)
    .filter(([schedule]) => wanted.includes(schedule))
    .map(([schedule, all]) => {
      const soon = all.filter(
        ({ from, until }) => Date.parse(from) <= now + POST_TIMEOUT_MS && (until === null || Date.parse(until) > now),
      );
      return [schedule, soon] as const;
    });
  const onDuty = shifts.flatMap(([, all]) => all.flatMap(({ people, next }) => [...people, ...next]));
  const known = [...new Set([...named, ...onDuty])].flatMap((handle) => {
    const person = people[handle];
    return person === undefined ? [] : [[handle, person] as const];
  });
  return {
    ...callees,
    directory: { people: Object.fromEntries(known), schedules: Object.fromEntries(shifts) },
    called,
  };
}

/** `Calls 田中, on duty by "web" (weekly) until 09:00; 鈴木. Missing: …` */
export function describeCallout({ at, people, missing }: Callout & { readonly at: number }, said: Words): string {
  const { callees } = said;
  const names = people.map((one) => describeCalled(one, at, callees)).join('; ');
  return missing.length === 0 ? callees.calls(names) : callees.callsWithout(names, missing.join('; '));
}

function describeCalled({ name, duty }: Called, at: number, said: Words['callees']): string {
  if (duty === undefined) return said.named(name);
  const { schedule, until, next, copy } = duty;
  const layer = duty.override === undefined ? duty.layer : describeOverride(duty.override, said);
  const by = copy === true ? said.bySchedule(schedule, layer) + said.asCopied : said.bySchedule(schedule, layer);
  if (next !== undefined) return said.calledNext(name, by);
  return until === null ? said.calledOnDuty(name, by) : said.calledOnDutyUntil(name, by, inWords(until, at));
}

type CalledByOverride = NonNullable<NonNullable<Called['duty']>['override']>;

function describeOverride({ of, by, reason, unconfirmed, former }: CalledByOverride, said: Words['callees']): string {
  const waitsFor = (unconfirmed ?? []).join(', ');
  if (former === true) return said.sinceUnconfirmed(waitsFor);
  const override = said.overrideOf(of.join(', '), by, reason);
  return waitsFor === '' ? override : said.unconfirmed(override);
}

/** By the clock of the schedule's time zone: its offset is in the text. */
function inWords(until: string, at: number): string {
  const [, date = '', time = until] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(until) ?? [];
  return Date.parse(until) - at < DAY_MS ? time : `${date} ${time}`;
}

const DAY_MS = 24 * 3_600_000;
