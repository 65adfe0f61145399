import { utf8Length } from '../contract/describe-errors.js';
import type { Directory, Policy, Shift } from '../contract/policy-schema.js';
import type { People } from './read-people.js';
import type { DutyRoster } from './resolve-callees.js';

/** It travels with each incident, and with each of its levels. */
const MAX_DIRECTORY_BYTES = 32_768;
/** Longer than a schedule stays broken. */
const COPIED_MS = 14 * 24 * 3_600_000;

/** The policy, with a copy of what it names: for the time when files cannot be read. */
export interface WithDirectory {
  readonly policy: Policy;
  /** In words, why a part of it is not there. */
  readonly tooLarge?: string;
}

/** The schedules that a policy names. */
export const schedulesOf = (policy: Policy): readonly string[] => [
  ...new Set(calleesOf(policy).flatMap((callee) => (typeof callee === 'string' ? [] : [callee.onDuty]))),
];

const calleesOf = ({ steps }: Policy) =>
  Object.values(steps).flatMap(({ call }) => call.flatMap(({ callees }) => callees?.contacts ?? []));

/**
 * @param people null: their file has never been read.
 * @param roster null: there are no schedules here.
 */
export function withDirectory(
  policy: Policy,
  people: People | null,
  roster: DutyRoster | null = null,
  at = Date.now(),
): WithDirectory {
  const callees = calleesOf(policy);
  if (callees.length === 0) return { policy };
  const schedules = Object.fromEntries(
    schedulesOf(policy).flatMap((name) => {
      const shifts = roster?.shifts(name, at, at + COPIED_MS) ?? [];
      return shifts.length === 0 ? [] : [[name, shifts] as const];
    }),
  );
  const named = callees.filter((callee) => typeof callee === 'string');
  const whole = directoryOf(policy, people, named, schedules);
  if (utf8Length(whole) <= MAX_DIRECTORY_BYTES) return { policy: carrying(policy, whole) };
  const tooLarge = `a copy of the people and shifts of the policy "${policy.name}" would have ${utf8Length(whole)} bytes, at most ${MAX_DIRECTORY_BYTES}: its incidents travel without one, and are blocked where those cannot be read`;
  const withoutShifts = directoryOf(policy, people, named, {});
  return {
    policy: utf8Length(withoutShifts) <= MAX_DIRECTORY_BYTES ? carrying(policy, withoutShifts) : policy,
    tooLarge,
  };
}

function directoryOf(
  { contacts }: Policy,
  people: People | null,
  named: readonly string[],
  schedules: Readonly<Record<string, readonly Shift[]>>,
): Directory {
  const onDuty = Object.values(schedules).flatMap((shifts) =>
    shifts.flatMap(({ people, next }) => [...people, ...next]),
  );
  const known = [...new Set([...named, ...onDuty])].flatMap((handle) => {
    const person = people?.get(handle);
    return person === undefined || Object.hasOwn(contacts, handle) ? [] : [[handle, person] as const];
  });
  return { people: Object.fromEntries(known), schedules };
}

/** By the names it is told who has pressed a key. */
function carrying(policy: Policy, directory: Directory): Policy {
  const names = Object.entries(directory.people).map(([handle, { name }]) => [handle, { name }] as const);
  if (names.length + Object.keys(directory.schedules).length === 0) return policy;
  return { ...policy, contacts: { ...policy.contacts, ...Object.fromEntries(names) }, directory };
}
