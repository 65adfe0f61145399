import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scheduleCommand } from '../../src/cli/schedule.js';
import { withCalendars, type CalendarReading } from '../../src/duty/calendar/calendar-layers.js';
import { expand } from '../../src/duty/calendar/expand.js';
import { readIcs } from '../../src/duty/calendar/read-ics.js';
import { zoneOf } from '../../src/duty/calendar/windows-zones.js';
import { onDuty, stretches } from '../../src/duty/on-duty.js';
import { readSchedule } from '../../src/duty/read-schedule.js';
import type { Schedule } from '../../src/duty/schedule.js';
import { icsOf } from '../../src/duty/show/ics.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { maskPrivate } from '../../src/yaml-file/mask-private.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { layer, rotation, schedule, utc } from './schedules.js';

const DAY = 86_400_000;
const AROUND = utc('2026-12-01T00:00Z');
const PEOPLE = new Map(
  Object.entries({
    tanaka: '田中太郎',
    yamada: '山田',
    sato: '佐藤',
    abe: '阿部',
    kato: '加藤',
    ito: '伊藤',
    suzuki: '鈴木次郎',
  }).map(([handle, name]) => [handle, { name }] as const),
);
const fixture = (name: string): Buffer => readFileSync(join(projectRoot, 'test/duty/calendars', `${name}.ics`));

const event = (...lines: readonly string[]): string => ['BEGIN:VEVENT', ...lines, 'END:VEVENT', ''].join('\r\n');
const calendar = (...events: readonly string[]): Buffer =>
  Buffer.from(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events.join('')}END:VCALENDAR\r\n`);
const shift = (
  summary: string,
  start = 'DTSTART:20261201T000000Z',
  end = 'DTEND:20261202T000000Z',
  ...more: string[]
) => event(`SUMMARY:${summary}`, start, end, ...more);

const BELOW = layer('below', { turns: [['below']] });
const BY_CALENDAR = layer('calendar', {
  turns: [[]],
  calendar: { source: { kind: 'file', path: 'web.ics' }, shifts: null },
});

function filled(
  bytes: Uint8Array,
  people: typeof PEOPLE | undefined = PEOPLE,
): { schedule: Schedule; reading: CalendarReading } {
  const { schedule: found, calendars } = withCalendars(schedule([BELOW, BY_CALENDAR]), () => bytes, {
    around: AROUND,
    people,
  });
  return { schedule: found, reading: calendars[0] as CalendarReading };
}
const at = (bytes: Uint8Array, moment: string, people?: typeof PEOPLE) =>
  onDuty(filled(bytes, people).schedule, [], utc(moment));
const shiftsIn = (bytes: Uint8Array) =>
  [...stretches(filled(bytes).schedule, [], utc('2026-11-30T00:00Z'), utc('2027-04-30T00:00Z'))]
    .filter(({ layer }) => layer === 'calendar')
    .map(
      ({ from, to, people }) =>
        `${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)} ${people.join(' ')}`,
    );

describe('calendars as other products write them', () => {
  test('Google: rules, days left out, changed and cancelled instances, days, names as people write them', () => {
    expect(shiftsIn(fixture('google'))).toEqual([
      '2026-11-30T00:00 2026-12-07T00:00 tanaka',
      '2026-12-07T00:00 2026-12-14T00:00 yamada',
      '2026-12-14T00:00 2026-12-21T00:00 tanaka',
      '2026-12-22T03:00 2026-12-28T00:00 yamada sato',
      '2026-12-31T15:00 2027-01-03T15:00 abe',
      '2027-01-04T00:00 2027-01-11T00:00 yamada',
      '2027-01-11T00:00 2027-01-18T00:00 tanaka',
      '2027-01-25T00:00 2027-02-01T00:00 tanaka',
      '2027-02-01T00:00 2027-02-08T00:00 yamada',
      '2027-02-08T00:00 2027-02-15T00:00 tanaka',
      '2027-02-15T00:00 2027-02-22T00:00 yamada',
      '2027-02-22T00:00 2027-03-01T00:00 tanaka',
      '2027-03-01T00:00 2027-03-08T00:00 yamada',
      '2027-03-08T00:00 2027-03-15T00:00 tanaka',
      '2027-03-15T00:00 2027-03-22T00:00 yamada',
      '2027-03-22T00:00 2027-03-25T22:00 tanaka',
      // London's clocks change in the night of the 28th.
      '2027-03-25T22:00 2027-03-26T07:00 tanaka kato',
      '2027-03-26T07:00 2027-03-26T22:00 tanaka',
      '2027-03-26T22:00 2027-03-27T07:00 tanaka kato',
      '2027-03-27T07:00 2027-03-27T22:00 tanaka',
      '2027-03-27T22:00 2027-03-28T06:00 tanaka kato',
      '2027-03-28T06:00 2027-03-28T21:00 tanaka',
      '2027-03-28T21:00 2027-03-29T00:00 tanaka kato',
      '2027-03-29T00:00 2027-03-29T06:00 kato',
      '2027-03-29T21:00 2027-03-30T06:00 kato',
      '2027-03-30T21:00 2027-03-31T06:00 kato',
    ]);
    expect(filled(fixture('google')).reading.unknown).toEqual([{ summary: 'Weekly meeting', line: 113, meant: null }]);
  });

  test("Outlook: names of Windows' zones, several days left out in one line, the last Friday of each month", () => {
    const shifts = shiftsIn(fixture('outlook'));
    expect(shifts.slice(0, 3)).toEqual([
      '2026-12-01T08:00 2026-12-02T00:00 suzuki',
      '2026-12-02T08:00 2026-12-03T00:00 suzuki',
      '2026-12-03T08:00 2026-12-04T00:00 suzuki',
    ]);
    expect(shifts).toContain('2026-12-24T08:00 2026-12-25T00:00 kato');
    expect(shifts).toContain('2026-12-28T15:00 2026-12-29T00:00 suzuki abe');
    expect(shifts).toContain('2026-12-29T00:00 2026-12-31T15:00 abe');
    expect(shifts.filter((one) => one.endsWith(' tanaka'))).toEqual([
      // 鈴木 has the night in Tokyo too.
      '2026-12-25T16:00 2026-12-26T00:00 suzuki tanaka',
      '2027-01-29T16:00 2027-01-30T00:00 suzuki tanaka',
      '2027-02-26T16:00 2027-02-27T00:00 tanaka',
      '2027-03-26T15:00 2027-03-26T23:00 tanaka',
    ]);
    expect(filled(fixture('outlook')).reading).toMatchObject({ problems: [], unknown: [], why: null });
  });

  test('groupware: single appointments in UTC, without a zone, as days, of two people; bytes folded anywhere', () => {
    expect(shiftsIn(fixture('groupware'))).toEqual([
      '2026-12-01T00:00 2026-12-01T09:00 tanaka ito',
      '2026-12-02T00:00 2026-12-02T09:00 yamada',
      '2026-12-03T00:00 2026-12-03T09:00 ito',
      '2026-12-03T15:00 2026-12-04T15:00 sato',
      '2026-12-07T00:00 2026-12-08T09:00 yamada',
      '2026-12-10T00:00 2026-12-11T09:00 yamada',
      '2026-12-14T00:00 2026-12-15T09:00 yamada',
    ]);
  });
});

describe('a layer of a calendar', () => {
  test('covers those below it while an event names somebody; who began first is called first', () => {
    const bytes = calendar(
      shift('yamada'),
      shift('sato', 'DTSTART:20261201T060000Z', 'DTEND:20261201T120000Z'),
      shift('nobody', 'DTSTART:20261202T000000Z', 'DTEND:20261203T000000Z'),
    );
    expect(at(bytes, '2026-12-01T07:00Z').people).toEqual(['yamada', 'sato']);
    expect(at(bytes, '2026-12-01T13:00Z')).toMatchObject({ people: ['yamada'], to: utc('2026-12-02T00:00Z') });
    expect(at(bytes, '2026-12-02T07:00Z')).toMatchObject({ people: ['below'], layer: 'below' });
  });

  test('an override of a shift is for the event that begins on that date', () => {
    const { schedule: found } = filled(calendar(shift('yamada')));
    const override = {
      people: ['sato'],
      note: null,
      of: { kind: 'shift', layer: 'calendar', date: '2026-12-01', time: null },
    } as const;
    expect(onDuty(found, [override], utc('2026-12-01T12:00Z')).people).toEqual(['sato']);
  });

  test('whom a title names: handles and names whatever their width, case and spaces; what is before a colon is not read', () => {
    const named = (title: string) => at(calendar(shift(title)), '2026-12-01T12:00Z').people;
    expect(named('ＴＡＮＡＫＡ')).toEqual(['tanaka']);
    expect(named('田中　太郎')).toEqual(['tanaka']);
    expect(named('当番：山田、 佐藤')).toEqual(['yamada', 'sato']);
    expect(named('web: abe\\, kato\\, abe')).toEqual(['abe', 'kato']);
    expect(named('tanaka, somebody')).toEqual(['tanaka']);
    expect(named('Team lunch')).toEqual(['below']);
    expect(at(calendar(shift('anybody-7')), '2026-12-01T12:00Z').people).toEqual(['below']);
    expect(
      onDuty(filled(calendar(shift('anybody-7')), undefined as never).schedule, [], utc('2026-12-01T12:00Z')).people,
    ).toEqual(['below']);
  });

  test('without a file of people any handle is taken on trust, and a name is unknown', () => {
    const { calendars, schedule: found } = withCalendars(schedule([BY_CALENDAR]), () => calendar(shift('sato, 田中')), { around: AROUND, people: undefined }); // prettier-ignore
    expect(onDuty(found, [], utc('2026-12-01T12:00Z')).people).toEqual(['sato']);
    expect(calendars[0]?.unknown).toEqual([{ summary: '田中', line: 3, meant: null }]);
  });

  test('what cannot be read as it is written is said with its line; an unknown zone counts as that of the layer', () => {
    const bytes = calendar(
      shift('tanaka', 'DTSTART;TZID=Customized Time Zone:20261201T090000', 'DURATION:PT8H'),
      shift('sato', 'DTSTART:20260231T000000Z'),
      shift('sato', 'DTSTART:20261201T000000Z', 'DTEND:20261130T000000Z'),
      shift('sato', 'DTSTART:20261201T000000Z', 'DTEND:20261202T000000Z', 'RRULE:FREQ=MINUTELY'),
      shift('sato', 'DTSTART:20261201T000000Z', 'DTEND:20261202T000000Z', 'RRULE:FREQ=DAILY;BYDAY=XX'),
    );
    expect(at(bytes, '2026-12-01T00:30Z').people).toEqual(['tanaka']);
    expect(filled(bytes).reading.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 the time zone "Customized Time Zone" is not known: its times count as Asia/Tokyo',
      '8 the event is left out: a time of it is none, such as 20261201T090000',
      '13 the event is left out: it ends before it begins',
      '18 the event is left out: its FREQ is not one of DAILY, WEEKLY, MONTHLY, YEARLY',
      '24 the event is left out: its RRULE is none, or cannot be followed',
    ]);
  });

  test('the names of time zones of Windows, and those with a path before them', () => {
    expect(
      ['Tokyo Standard Time', '/mozilla.org/20050126_1/Asia/Tokyo', 'Europe/London', 'JST-9', 'x'.repeat(999)].map(
        zoneOf,
      ),
    ).toEqual(['Asia/Tokyo', 'Asia/Tokyo', 'Europe/London', null, null]);
  });
});

describe('hostile and broken files', () => {
  const many = (count: number, one: (index: number) => string) =>
    calendar(...Array.from({ length: count }, (_, index) => one(index)));
  test.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => Buffer.from(''), /cut off/],
    ['a page', () => Buffer.from('<!doctype html><title>Sign in</title>'), /no iCalendar file/],
    ['half a file', () => fixture('google').subarray(0, 2_000), /cut off/],
    ['another encoding', () => calendar(`BEGIN:VEVENT\r\nSUMMARY:`, '\xff').fill(0x93, 40, 42), /UTF-8/],
    ['more than 5 MB', () => Buffer.alloc(5 * 1024 * 1024 + 1, 'x'), /5 MB/],
    ['more than 20,000 events', () => many(20_001, () => 'BEGIN:VEVENT\r\nEND:VEVENT\r\n'), /20000 events/],
    ['more than 50,000 shifts', () => many(200, (index) => shift('tanaka', 'DTSTART:20200101T000000Z', 'DURATION:PT1H', `UID:${index}`, 'RRULE:FREQ=DAILY')), /50000 shifts|too long/], // prettier-ignore
    ['hundreds at once', () => many(300, () => shift('tanaka')), /50 events at once/],
    ['parts in parts', () => Buffer.from('BEGIN:VCALENDAR\n'.repeat(100_000)), /nested/],
  ])('%s: nobody is on duty by it, and it is said why', (_, bytes, why) => {
    const { reading, schedule: found } = filled(bytes());
    expect(reading.why).toMatch(why);
    expect(onDuty(found, [], AROUND)).toMatchObject({ people: ['below'] });
  });

  test('rules that take too long to follow are given up, and it is said', () => {
    const { events } = readIcs(
      many(3, (index) => shift('tanaka', undefined, undefined, `UID:${index}`, 'RRULE:FREQ=DAILY')),
      'Asia/Tokyo',
    );
    let now = 0;
    const slowly = () => (now += 600);
    expect(() => expand(events, { from: AROUND, to: AROUND + 1 }, slowly)).toThrow('its rules take too long to follow');
  });

  test('rules that never end, long lines and lists of days are answered', () => {
    const bytes = calendar(
      shift('tanaka', 'DTSTART:19000101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=999999999'),
      shift('tanaka', 'DTSTART:20200101T000000Z', 'DURATION:PT1H', `EXDATE:${'20200101T000000Z,'.repeat(100_000)}`),
      shift('tanaka', 'DTSTART:20200101T000000Z', `DURATION:P${'9'.repeat(100)}W`),
      shift('x'.repeat(500_000)),
      shift('tanaka', `DTSTART${';X=1'.repeat(100_000)}:20261201T000000Z`),
    );
    expect(filled(bytes).reading).toMatchObject({ why: null });
  });

  test('nothing is answered outside of the window', () => {
    const window = { from: utc('2026-12-01T00:00Z'), to: utc('2026-12-10T00:00Z') };
    for (const name of ['google', 'outlook', 'groupware']) {
      for (const { from, to } of expand(readIcs(fixture(name), 'Asia/Tokyo').events, window).occurrences) {
        expect(from < window.to && to > window.from).toBe(true);
      }
    }
  });
});

test('the file that a schedule is written to says the same when it is read again', () => {
  const source = schedule([
    layer('weekly', {
      rotation: rotation('1 weeks', '2026-11-02', '09:00', 1),
      turns: [['tanaka'], ['yamada', 'sato'], []],
    }),
    layer('nights', {
      timeZone: 'Europe/London',
      rotation: rotation('3 days', '2026-11-02', '02:30'),
      turns: [[], ['kato'], ['abe']],
    }),
  ]);
  const [from, to] = [AROUND, AROUND + 365 * DAY];
  const text = icsOf(source, [], { from, to, person: null, now: AROUND, names: new Map() });
  const { schedule: again } = withCalendars(schedule([BY_CALENDAR]), () => Buffer.from(text), {
    around: AROUND,
    people: PEOPLE,
  });
  const plain = (one: Schedule) => [...stretches(one, [], from, to)].map(({ from, to, people }) => ({ from, to, people })).filter(({ people }) => people.length > 0); // prettier-ignore
  const merged = (all: ReturnType<typeof plain>) =>
    all.reduce<ReturnType<typeof plain>>((found, one) => {
      const last = found.at(-1);
      if (last?.to === one.from && last.people.join() === one.people.join())
        found[found.length - 1] = { ...last, to: one.to };
      else found.push(one);
      return found;
    }, []);
  expect(merged(plain(again))).toEqual(merged(plain(source)));
});

describe('in the file of a schedule', () => {
  const head = 'name: web\ntimeZone: Asia/Tokyo\nlayers:\n';
  const read = (text: string) => readSchedule(`${head}  - ${text}\n`, () => '');
  const messages = (text: string) => read(text).problems.map(({ message }) => message);

  test('a file, or a file that holds the address', () => {
    expect(read('{ name: a, calendar: { file: web.ics } }')).toMatchObject({ ok: true, schedule: { layers: [{ calendar: { source: { kind: 'file', path: 'web.ics' } } }] } }); // prettier-ignore
    expect(read('{ name: a, calendar: { urlFile: /run/secrets/web } }')).toMatchObject({ ok: true, schedule: { layers: [{ calendar: { source: { kind: 'address' } } }] } }); // prettier-ignore
  });

  test('one of them, and no people beside it', () => {
    expect(messages('{ name: a, calendar: { file: a.ics, urlFile: b } }')).toEqual([
      expect.stringContaining('remove one'),
    ]);
    expect(messages('{ name: a, calendar: {} }')).toEqual([expect.stringContaining('urlFile')]);
    expect(messages('{ name: a, people: [abe], calendar: { file: a.ics } }')).toEqual([
      expect.stringContaining('remove all but one'),
    ]);
  });

  test('an address is refused, and never repeated', () => {
    const secret = 'https://calendar.example.com/calendar/ical/web/private-abcdef/basic.ics';
    for (const key of ['file', 'urlFile']) {
      expect(messages(`{ name: a, calendar: { ${key}: "${secret}" } }`).join()).toMatch(/file of its own/);
      expect(messages(`{ name: a, calendar: { ${key}: "${secret}" } }`).join()).not.toContain('private');
    }
    expect(maskPrivate(`file: "${secret}"`)).toBe(`file: "https://calendar.example.com/${'*'.repeat(42)}"`);
    expect(maskPrivate('url: webcal://example.com/abc')).toBe('url: webcal://example.com/***');
  });
});

describe('pigeonflow schedule', () => {
  const printed: string[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    printed.length = 0;
  });
  const run = async (...args: readonly string[]) => {
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    await scheduleCommand().parseAsync([...args], { from: 'user' });
    return printed.join('\n');
  };
  const folderWith = (ics: Buffer) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'web.yaml'), 'name: web\ntimeZone: Asia/Tokyo\nlayers:\n  - { name: below, people: [below] }\n  - { name: feed, calendar: { file: web.ics } }\n'); // prettier-ignore
    writeFileSync(join(folder, 'web.ics'), ics);
    writeFileSync(join(folder, 'people.yaml'), 'people:\n  tanaka: { name: 田中太郎, phones: ["0300000001"] }\n  below: { phones: ["0300000002"] }\n'); // prettier-ignore
    return folder;
  };

  test('check says which titles name nobody, and whom they may mean', async () => {
    const folder = folderWith(calendar(shift('田中次郎'), shift('tanka'), shift('田中太郎'), shift('')));
    const out = await run(
      'check',
      join(folder, 'web.yaml'),
      '--people',
      join(folder, 'people.yaml'),
      '--at',
      '2026-12-01T00:00:00Z',
    );
    expect(out).toContain('line 3 of the calendar: there is no person "田中次郎"; did you mean "田中太郎"?');
    expect(out).toContain('line 8 of the calendar: there is no person "tanka"; did you mean "tanaka"?');
    expect(out).toContain('line 18 of the calendar: an event has no title');
    expect(process.exitCode).toBe(2);
  });

  test('who is on duty by a calendar', async () => {
    const folder = folderWith(calendar(shift('tanaka')));
    expect(await run('who', join(folder, 'web.yaml'), '--at', '2026-12-01T12:00:00Z')).toContain('web: tanaka (feed)');
  });
});

describe('the schedules of a folder', () => {
  test('follow a calendar that changes; a broken one counts as it was when it was last right', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'web.yaml'),
      'name: web\ntimeZone: Asia/Tokyo\nlayers:\n  - { name: feed, calendar: { file: web.ics } }\n',
    );
    const write = (bytes: Uint8Array) => writeFileSync(join(folder, 'web.ics'), bytes);
    const logged: string[] = [];
    const log = {
      info: () => undefined,
      error: (about: object, words: string) => logged.push(`${words}: ${JSON.stringify(about)}`),
    };
    const schedules = new SchedulesFolder(folder, log, { people: () => Promise.resolve(new Map([['tanaka', { name: '田中', phones: [] }]])), now: () => AROUND }); // prettier-ignore
    const now = async () => (await schedules.roster(['web'])).onDuty('web', utc('2026-12-01T12:00Z'))?.people;
    expect(await now()).toBeUndefined();
    expect(logged).toHaveLength(1);
    write(Buffer.from('no calendar'));
    expect(await now()).toBeUndefined();
    write(calendar(shift('田中')));
    await vi.waitUntil(async () => (await now())?.[0] === 'tanaka', { timeout: 20_000, interval: 50 });
    write(Buffer.from('no calendar'));
    await vi.waitUntil(async () => (await now()) && logged.some((line) => line.includes('what was read before')), { timeout: 20_000, interval: 50 }); // prettier-ignore
    expect(await now()).toEqual(['tanaka']);
    write(calendar(shift('tanaka, somebody')));
    await vi.waitUntil(async () => (await now()) && logged.some((line) => line.includes('call nobody')), { timeout: 20_000, interval: 50 }); // prettier-ignore
  });
});
