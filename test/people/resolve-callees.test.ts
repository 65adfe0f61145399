import { describe, expect, test } from 'vitest';
import type { WantedCallees } from '../../src/contract/activities.js';
import type { Shift } from '../../src/contract/policy-schema.js';
import { wantedCallees } from '../../src/incident/callees.js';
import { type DutyRoster, resolveCallees } from '../../src/people/resolve-callees.js';

const NIGHT = Date.parse('2026-12-01T03:00:00+09:00');
const NAMES = { tanaka: '田中', yamada: '山田', sato: '佐藤', suzuki: '鈴木' };
const people = new Map(
  Object.entries(NAMES).map(([handle, name], n) => [handle, { name, phones: [`030000000${n + 1}`] }]),
);
const UNTIL = '2026-12-01T09:00:00+09:00';

const shift = (part: Partial<Shift> = {}): Shift => ({
  from: '2026-11-30T00:00:00Z',
  until: UNTIL,
  people: ['tanaka'],
  layer: 'weekly',
  next: ['yamada', 'sato'],
  ...part,
});
const rosterOf = (one: Shift | null): DutyRoster => ({
  onDuty: () => one,
  shifts: () => (one === null ? null : [one]),
});
const wanted = (contacts: WantedCallees['contacts'], part: Partial<WantedCallees> = {}): WantedCallees => ({
  loopLimit: 1,
  contacts,
  local: {},
  directory: { people: {}, schedules: {} },
  called: [],
  ...part,
});
const WEB = { onDuty: 'web' } as const;
const NEXT = { onDuty: 'web', next: 1 } as const;
const handles = (
  contacts: WantedCallees['contacts'],
  roster: DutyRoster | null = rosterOf(shift()),
  part: Partial<WantedCallees> = {},
) => resolveCallees(wanted(contacts, part), people, roster, NIGHT).people.map(({ handle }) => handle);

describe('whom a call reaches', () => {
  test('is who is on duty, then who follows, then who is named; and why', () => {
    const found = resolveCallees(wanted([WEB, NEXT, 'suzuki']), people, rosterOf(shift()), NIGHT);
    const duty = { schedule: 'web', layer: 'weekly', until: UNTIL };
    expect(found.people).toEqual([
      { handle: 'tanaka', name: '田中', duty },
      { handle: 'yamada', name: '山田', duty: { ...duty, next: 1 } },
      { handle: 'suzuki', name: '鈴木' },
    ]);
    expect(found.callflow?.contacts.map(({ phones }) => phones)).toEqual(
      ['0300000001', '0300000002', '0300000004'].map((phoneNumber) => [{ phoneNumber }]),
    );
    expect(found.missing).toEqual([]);
  });

  test('is each person once, where the same one is named and on duty', () => {
    expect(handles(['tanaka', WEB, 'tanaka'])).toEqual(['tanaka']);
  });

  test('`next` is a different person than those on duty', () => {
    expect(handles([NEXT], rosterOf(shift({ people: ['tanaka', 'yamada'], next: ['yamada', 'tanaka', 'sato'] })))).toEqual(['sato']); // prettier-ignore
  });

  test('`next` passes over whom the level has called, and begins again when that is everybody', () => {
    expect(handles([WEB, NEXT], rosterOf(shift()), { called: ['tanaka', 'yamada'] })).toEqual(['tanaka', 'sato']);
    expect(handles([WEB, NEXT], rosterOf(shift()), { called: ['tanaka', 'yamada', 'sato'] })).toEqual(['tanaka', 'yamada']); // prettier-ignore
  });

  test('`next: 2` beside `next: 1` is the second who follows', () => {
    expect(handles([WEB, NEXT, { onDuty: 'web', next: 2 }])).toEqual(['tanaka', 'yamada', 'sato']);
  });

  test('nobody on duty: nobody is called, and it is said', () => {
    const found = resolveCallees(wanted([WEB]), people, rosterOf(shift({ people: [] })), NIGHT);
    expect(found).toMatchObject({ callflow: null, unreadable: false, missing: ['nobody is on duty by "web"'] });
  });

  test('nobody on duty, and somebody is named: that person is called, and it is said', () => {
    const found = resolveCallees(wanted([WEB, 'suzuki']), people, rosterOf(shift({ people: [] })), NIGHT);
    expect(found.people.map(({ handle }) => handle)).toEqual(['suzuki']);
    expect(found.missing).toEqual(['nobody is on duty by "web"']);
  });

  test.for([
    ['there are no schedules', null],
    ['it was never read', rosterOf(null)],
  ] as const)('a schedule that cannot be read (%s) is never "nobody"', ([, roster]) => {
    expect(resolveCallees(wanted([WEB]), people, roster, NIGHT)).toMatchObject({ callflow: null, unreadable: true });
  });

  test('of a schedule that cannot be read the copy counts, and it is said', () => {
    const directory = {
      people: {},
      schedules: { web: [shift({ until: '2026-11-30T00:00:01Z', people: ['sato'] }), shift()] },
    };
    const { people: called } = resolveCallees(wanted([WEB], { directory }), people, null, NIGHT);
    expect(called).toMatchObject([{ handle: 'tanaka', duty: { copy: true } }]);
  });

  test('a contact of the policy wins over the file, and the file over the copy', () => {
    const copy = { name: 'x', phones: ['0300000098'] };
    const local = { tanaka: { name: '田中', phones: ['0300000099'] } };
    const directory = { people: { tanaka: copy, yamada: copy }, schedules: {} };
    const found = resolveCallees(wanted([WEB, 'yamada'], { local, directory }), people, rosterOf(shift()), NIGHT);
    expect(found.callflow?.contacts.map(({ phones }) => phones[0]?.phoneNumber)).toEqual(['0300000099', '0300000002']);
  });
});

describe('what a POST takes of the copy', () => {
  test('is the shifts of now and of the next minutes, and their people: an hour ahead is none', () => {
    const at = (minutes: number) => new Date(NIGHT + minutes * 60_000).toISOString();
    const shifts = [[-60, 0], [0, 10], [10, 60], [60, 120]].map(([from = 0, until = 0], n) =>
      shift({ from: at(from), until: at(until), people: [Object.keys(NAMES)[n] ?? ''], next: [] }),
    ); // prettier-ignore
    const directory = { people: Object.fromEntries(people), schedules: { web: shifts, other: shifts } };
    const taken = wantedCallees({ loopLimit: 1, contacts: [WEB], local: {} }, directory, [], NIGHT);
    expect(taken.directory.schedules).toEqual({ web: shifts.slice(1, 3) });
    expect(Object.keys(taken.directory.people)).toEqual(['yamada', 'sato']);
  });
});
