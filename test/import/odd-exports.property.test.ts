import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importOpsgenie } from '../../src/import/opsgenie.js';
import { importPagerDuty } from '../../src/import/pagerduty.js';

const NOW = Date.parse('2026-12-01T00:00Z');

const OPSGENIE = {
  users: ['U1', 'U2', 'U3'].map((id) => ({
    id,
    username: `${id}@example.com`,
    fullName: '田中',
    userContacts: [{ contactMethod: 'voice', to: '81-300000001', enabled: true }],
  })),
  teams: [{ id: 'T1', name: 'Web', members: [{ user: { id: 'U1' }, role: 'admin' }] }],
  schedules: [
    {
      id: 'S1',
      name: 'web',
      timezone: 'Asia/Tokyo',
      rotations: [
        {
          id: 'R1',
          name: 'weekly',
          type: 'weekly',
          length: 1,
          startDate: '2026-11-30T00:00:00Z',
          participants: [{ type: 'user', id: 'U1' }, { type: 'team', id: 'T1' }, { type: 'none' }],
        },
        {
          id: 'R2',
          name: '夜',
          type: 'hourly',
          length: 12,
          startDate: '2026-11-30T00:00:00Z',
          endDate: '2027-11-30T00:00:00Z',
          participants: [
            { type: 'user', id: 'U2' },
            { type: 'escalation', id: 'E1' },
          ],
          timeRestriction: {
            type: 'weekday-and-time-of-day',
            restrictions: [
              { startDay: 'monday', startHour: 9, startMin: 30, endDay: 'friday', endHour: 18, endMin: 0 },
            ],
          },
        },
      ],
      overrides: [
        { alias: 'a', user: { id: 'U3' }, startDate: '2026-12-02T00:00:00Z', endDate: '2026-12-05T03:00:00Z', rotations: [{ id: 'R1' }] }, // prettier-ignore
      ],
    },
  ],
  escalations: [
    {
      id: 'E1',
      name: 'web',
      rules: [
        { condition: 'if-not-acked', notifyType: 'next', delay: { timeAmount: 0, timeUnit: 'minutes' }, recipient: { type: 'schedule', id: 'S1' } }, // prettier-ignore
        { condition: 'if-not-closed', notifyType: 'all', delay: { timeAmount: 5, timeUnit: 'minutes' }, recipient: { type: 'team', id: 'T1' } }, // prettier-ignore
      ],
      repeat: { waitInterval: 10, count: 2, resetRecipientStates: true },
    },
  ],
};

const PAGERDUTY = {
  users: ['PA', 'PB'].map((id) => ({
    id,
    name: '田中',
    email: `${id}@example.com`,
    contact_methods: [{ type: 'phone_contact_method', country_code: 81, address: '300000001' }],
  })),
  schedules: [
    {
      id: 'S1',
      name: 'web',
      time_zone: 'Asia/Tokyo',
      schedule_layers: [
        {
          name: 'nights',
          start: '2026-11-30T12:00:00+09:00',
          end: '2027-11-30T12:00:00+09:00',
          rotation_virtual_start: '2026-11-30T12:00:00+09:00',
          rotation_turn_length_seconds: 86_400,
          users: [{ user: { id: 'PA' } }, { user: { id: 'PB' } }],
          restrictions: [
            { type: 'weekly_restriction', start_day_of_week: 1, start_time_of_day: '22:00:00', duration_seconds: 32_400 }, // prettier-ignore
          ],
        },
      ],
      overrides: [{ start: '2026-12-03T04:00:00Z', end: '2026-12-03T06:00:00Z', user: { id: 'PB' } }],
    },
  ],
  escalation_policies: [
    {
      id: 'P1',
      name: 'web',
      num_loops: 1,
      services: [{ summary: 'Shop' }],
      escalation_rules: [{ escalation_delay_in_minutes: 15, targets: [{ id: 'S1', type: 'schedule_reference' }] }],
    },
  ],
};

const ODD: readonly unknown[] = [
  null, true, '', 'x', '\n\u001b[31m', '田中', 'nobody', 'x-y', '__proto__', 'x'.repeat(3_000), 0, -1, 0.5, 7, 1e6, 1e300, [], [null], [[[]]], {},
  '1900-01-01T00:00:00Z', '2026-12-01T00:00:30Z', '9999-12-31T00:00:00Z', '+275760-09-13T00:00:00Z', 'Mars/Phobos', 'GMT+9', '99:99:99',
]; // prettier-ignore

/** The places of a value, each with how it is replaced. */
function placesIn(value: unknown): readonly ((by: unknown) => unknown)[] {
  const here = (by: unknown) => by;
  if (Array.isArray(value)) {
    const all = value as readonly unknown[];
    return [
      here,
      ...all.flatMap((one, index) => placesIn(one).map((put) => (by: unknown) => all.with(index, put(by)))),
    ];
  }
  if (typeof value !== 'object' || value === null) return [here];
  const inside = Object.entries(value).flatMap(([key, one]) =>
    placesIn(one).map((put) => (by: unknown) => ({ ...value, [key]: put(by) })),
  );
  return [here, ...inside];
}

const changed = (whole: unknown) =>
  fc.array(fc.tuple(fc.nat(), fc.nat({ max: ODD.length - 1 })), { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<unknown>((now, [place, odd]) => {
      const places = placesIn(now);
      return places[place % places.length]?.(ODD[odd]);
    }, whole),
  );

describe('an export in which anything is something else', () => {
  test.each([
    ['Opsgenie', OPSGENIE, (odd: unknown) => importOpsgenie([odd], NOW)],
    ['PagerDuty', PAGERDUTY, (odd: unknown) => importPagerDuty(odd, NOW)],
  ])('of %s becomes files that can be used, or none', (_, whole, read) => {
    fc.assert(
      fc.property(changed(whole), (odd) => {
        const { report } = read(odd);
        const wrong = report.filter((line) => /to be corrected|\p{Cc}/u.test(line));
        // Nobody has a telephone: only somebody who knows a number can correct that.
        expect(wrong.filter((line) => !/everybody in it depends on a schedule/.test(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
