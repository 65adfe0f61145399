import { expect, test } from 'vitest';
import { withDirectory } from '../../src/people/directory.js';
import type { Shift } from '../../src/contract/policy-schema.js';
import type { DutyRoster } from '../../src/people/resolve-callees.js';
import { policyOf, step } from '../decision/policy-of.js';

const people = new Map(
  ['tanaka', 'yamada', 'suzuki', 'abe'].map((handle) => [handle, { name: handle, phones: ['0300000001'] }]),
);
const policy = policyOf({
  primary: step({
    call: [{ callees: { loopLimit: 1, contacts: [{ onDuty: 'web' }, 'suzuki'], local: {} }, guidanceId: 'stored' }],
  }),
});
const rosterOf = (shifts: readonly Shift[]): DutyRoster => ({ onDuty: () => null, shifts: () => shifts });
const shift = (n: number): Shift => ({
  from: new Date(n * 60_000).toISOString(),
  until: new Date((n + 1) * 60_000).toISOString(),
  people: ['tanaka'],
  layer: null,
  next: ['yamada'],
});

test('a policy without people and schedules is the same policy', () => {
  const plain = policyOf({ primary: step({ call: [{ callflowId: 'stored', guidanceId: 'stored' }] }) });
  expect(withDirectory(plain, people, rosterOf([shift(0)])).policy).toBe(plain);
});

test('the copy has who is named and who is on duty, and nobody else; their names are those of the policy', () => {
  const { policy: carrying } = withDirectory(policy, people, rosterOf([shift(0)]));
  expect(Object.keys(carrying.directory?.people ?? {})).toEqual(['suzuki', 'tanaka', 'yamada']);
  expect(carrying.directory?.schedules).toEqual({ web: [shift(0)] });
  expect(carrying.contacts).toMatchObject({ tanaka: { name: 'tanaka' } });
});

test('above 32 KiB there are no shifts in it, and it is said', () => {
  const many = Array.from({ length: 400 }, (_, n) => shift(n));
  const { policy: carrying, tooLarge } = withDirectory(policy, people, rosterOf(many));
  expect(carrying.directory).toEqual({ people: { suzuki: people.get('suzuki') }, schedules: {} });
  expect(tooLarge).toMatch(/bytes, at most 32768/);
});
