import { describe, expect, test } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { withDirectory } from '../../src/people/directory.js';
import { readPeople } from '../../src/people/read-people.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { useRig } from '../rig/rig.js';
import { peopleWorld } from './people-world.js';
import { eventsOf } from './incident-history.js';
import { calledIn, open, presses, rings, SATO, SIDE_BY_SIDE, TANAKA } from './incident-world.js';

const withPeople = peopleWorld(useRig());
const NEW_NUMBER = { ...TANAKA, phone: '0300000091' };

const fileOf = (phone: string) =>
  `people: { tanaka: { name: 田中, phones: ["${phone}"] }, sato: { name: 佐藤, phones: ["${SATO.phone}"] } }`;

const POLICY = `name: web
steps:
  primary:
    call: { contacts: [tanaka], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    attempts: 2
    every: 2s
    keys: { 1: acknowledge }
    otherwise: { escalate: manager }
  manager:
    call: { contacts: [sato], say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1 }
    keys: { 1: acknowledge }
start: primary
parameters: [server]
budget: { calls: 50, within: 1d }
`;

/** What the gateway sends along: with a copy of the people whom it has read. */
function policyWith(people: string) {
  const known = readPeople(people);
  const reading = readPolicy(POLICY, { people: 'unknown' });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return withDirectory(reading.policy, known.ok ? known.people : null).policy;
}

const numbersCalled = ({ emulator }: { emulator: { journal: { calls: () => readonly { phoneNumber: string }[] } } }) =>
  emulator.journal.calls().map(({ phoneNumber }) => phoneNumber);

describe('a policy that names people of the file', SIDE_BY_SIDE, () => {
  test('reads their numbers at each attempt: a new one rings in an incident that is open', async (context) => {
    const answering = { [TANAKA.phone]: [neverPicksUp()], [NEW_NUMBER.phone]: presses('1') };
    const { here, write } = await withPeople(POLICY, fileOf(TANAKA.phone), { answering, context });
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await write(fileOf(NEW_NUMBER.phone));
    expect(await incident.result()).toMatchObject({ owner: { by: '田中', step: 'primary' }, placedCalls: 2 });
    expect(numbersCalled(here)).toEqual([TANAKA.phone, NEW_NUMBER.phone]);
  });

  test('costs no activity more, and its answer has names alone', async (context) => {
    const { here } = await withPeople(POLICY, fileOf(TANAKA.phone), {
      answering: { [TANAKA.phone]: presses('1') },
      context,
    });
    const incident = await open(here, policyWith(fileOf(TANAKA.phone)), { until: 'acknowledged' });
    await incident.result();
    const events = await eventsOf(incident);
    const activities = events.flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    );
    expect(activities.filter((name) => name !== 'getResult')).toEqual(['invoke']);
    const { entries } = await incident.timeline();
    expect(entries.filter(({ kind }) => kind === 'calleesFound').map(({ text }) => text)).toEqual(['Calls 田中.']);
    expect(JSON.stringify(entries)).not.toContain(TANAKA.phone);
  });

  test('a broken file counts as it was when it was last right', async (context) => {
    const answering = { [TANAKA.phone]: [neverPicksUp(), presses('1')] };
    const { here, write, logged } = await withPeople(POLICY, fileOf(TANAKA.phone), { answering, context });
    const incident = await open(here, 'web', { until: 'acknowledged' });
    await rings(here.emulator, TANAKA);
    await write('people: { tanaka: { phones: 0300000091 } }');
    expect(await incident.result()).toMatchObject({ owner: { by: '田中' }, placedCalls: 2 });
    expect(logged.join()).toContain('is a list of numbers');
  });

  test('where it was never right the copy counts that travelled with the incident, in further levels too', async (context) => {
    const answering = { [TANAKA.phone]: [neverPicksUp(), neverPicksUp()], [SATO.phone]: presses('1') };
    const { here } = await withPeople(POLICY, 'people: [', { answering, context });
    const incident = await open(here, policyWith(fileOf(TANAKA.phone)), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({ owner: { by: '佐藤', step: 'manager' } });
    expect(calledIn(here.emulator)).toEqual(['田中', '田中', '佐藤']);
  });

  test('where there is no copy either it is blocked, loudly, and calls when the file is right', async (context) => {
    const { here, write } = await withPeople(POLICY, 'people: [', {
      answering: { [TANAKA.phone]: presses('1') },
      context,
    });
    const incident = await open(here, policyWith('people: ['));
    const { message, placedCalls } = await incident.until(({ state }) => state === 'blocked', 'is blocked');
    expect(message).toMatch(/^BLOCKED, nobody is called: Nothing rings: no number of "tanaka" is known/);
    expect(placedCalls).toBe(0);
    await write(fileOf(TANAKA.phone));
    await incident.handle.signal('check');
    await incident.until(({ owner }) => owner?.by === '田中', 'is owned');
    await incident.ask('resolve');
    await incident.result();
  });

  test('somebody whom the file no longer has, and no copy, is passed over at once and loudly', async (context) => {
    const onlySato = `people: { sato: { name: 佐藤, phones: ["${SATO.phone}"] } }`;
    const { here } = await withPeople(POLICY, onlySato, { answering: { [SATO.phone]: presses('1') }, context });
    const incident = await open(here, policyWith(onlySato), { until: 'acknowledged' });
    expect(await incident.result()).toMatchObject({
      owner: { by: '佐藤', step: 'manager' },
      levels: [{ step: 'primary', outcome: 'nobody', calls: 0 }, { step: 'manager' }],
    });
    const { entries } = await incident.timeline();
    expect(entries.find(({ kind }) => kind === 'callEnded')?.text).toMatch(
      /NOBODY WAS CALLED \(.*no number of "tanaka" is known/,
    );
  });
});
