import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expand } from '../../src/duty/calendar/expand.js';
import { readIcs } from '../../src/duty/calendar/read-ics.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

/** With `icalendar` and `recurring-ical-events`: `pip install` them, or name a Python that has them. */
const PYTHON = process.env['PIGEONFLOW_TEST_PYTHON'] ?? 'python3';
const HAS_PYTHON = spawnSync(PYTHON, ['-c', 'import icalendar, recurring_ical_events']).status === 0;

const WINDOW = { from: Date.parse('2026-11-01T00:00Z'), to: Date.parse('2027-12-01T00:00Z') };
const ZONE = 'Asia/Tokyo';

const ours = (path: string): unknown =>
  expand(readIcs(readFileSync(path), ZONE).events, WINDOW)
    .occurrences.map(({ from, to, summary }) => [from, to, summary])
    .toSorted(inOrder);
const inOrder = ([a, b, c]: unknown[], [x, y, z]: unknown[]): number =>
  Number(a) - Number(x) || Number(b) - Number(y) || (String(c) < String(z) ? -1 : 1);

function theirs(paths: readonly string[]): readonly unknown[] {
  const input = paths.map((path) => JSON.stringify({ path, ...WINDOW, zone: ZONE })).join('\n');
  const oracle = join(projectRoot, 'test/duty/oracle/ical_feed.py');
  const { stdout, stderr } = spawnSync(PYTHON, [oracle], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as unknown[][]).toSorted(inOrder));
}

const days = fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), { minLength: 1, maxLength: 4 });
const interval = fc.integer({ min: 1, max: 4 }).map((each) => `INTERVAL=${each}`);
const position = fc.constantFrom(1, 2, 3, 4, -1, -2);
const rule = fc.oneof(
  interval.map((each) => `FREQ=DAILY;${each}`),
  fc
    .tuple(interval, days, fc.constantFrom('MO', 'SU'))
    .map(([each, on, week]) => `FREQ=WEEKLY;${each};BYDAY=${on.join(',')};WKST=${week}`),
  fc
    .tuple(interval, position, days)
    .map(([each, nth, on]) => `FREQ=MONTHLY;${each};BYDAY=${on.map((day) => `${nth}${day}`).join(',')}`),
  fc.tuple(interval, fc.integer({ min: 1, max: 31 })).map(([each, day]) => `FREQ=MONTHLY;${each};BYMONTHDAY=${day}`),
  fc.tuple(days, position).map(([on, nth]) => `FREQ=MONTHLY;BYDAY=${on.join(',')};BYSETPOS=${nth}`),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), days)
    .map(([month, on]) => `FREQ=YEARLY;BYMONTH=${month};BYDAY=${on.join(',')}`),
);
const end = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 1, max: 60 }).map((times) => `;COUNT=${times}`),
  fc.integer({ min: 0, max: 500 }).map((after) => `;UNTIL=${stamp(WINDOW.from + after * 86_400_000)}Z`),
);
const stamp = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+Z/g, '');

const anyCalendar = fc
  .array(
    fc.record({
      zone: fc.constantFrom('Asia/Tokyo', 'Europe/London', 'America/Chicago', 'Tokyo Standard Time'),
      begins: fc.integer({ min: 0, max: 700 }),
      hour: fc.integer({ min: 6, max: 22 }),
      hours: fc.integer({ min: 1, max: 40 }),
      rule,
      end,
      without: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((events) => {
    const written = events.map(({ zone, begins, hour, hours, rule, end, without }, index) => {
      const begin = Date.parse('2025-06-01T00:00Z') + begins * 86_400_000 + hour * 3_600_000;
      const removed = without.map((days) => stamp(begin + days * 86_400_000));
      return [
        'BEGIN:VEVENT',
        `UID:${index}@example.com`,
        'DTSTAMP:20261130T000000Z',
        `DTSTART;TZID=${zone}:${stamp(begin)}`,
        `DURATION:PT${hours}H`,
        `RRULE:${rule}${end}`,
        // Whether the first one counts where the rule has another day is not defined: here it does.
        `RDATE;TZID=${zone}:${stamp(begin)}`,
        ...(removed.length > 0 ? [`EXDATE;TZID=${zone}:${removed.join(',')}`] : []),
        `SUMMARY:person-${index}`,
        'END:VEVENT',
      ];
    });
    return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...written.flat(), 'END:VCALENDAR', ''].join(
      '\r\n',
    );
  });

describe.skipIf(!HAS_PYTHON)('a second implementation, in Python', () => {
  test('has the same shifts in calendars as Google, Outlook and groupware write them', () => {
    const paths = ['google', 'outlook', 'groupware'].map((name) =>
      join(projectRoot, `test/duty/calendars/${name}.ics`),
    );
    const answers = theirs(paths);
    for (const [index, path] of paths.entries())
      expect({ path, shifts: ours(path) }).toEqual({ path, shifts: answers[index] });
  });

  test('has the same shifts of any rules', () => {
    const folder = temporaryFolder();
    const calendars = fc.sample(anyCalendar, 80);
    const paths = calendars.map((text, index) => {
      const path = join(folder, `${index}.ics`);
      writeFileSync(path, text);
      return path;
    });
    const answers = theirs(paths);
    for (const [index, path] of paths.entries()) {
      expect({ calendar: calendars[index], shifts: ours(path) }).toEqual({
        calendar: calendars[index],
        shifts: answers[index],
      });
    }
  });
});
