/**
 * The file of a schedule and that of a calendar, each declared once: their JSON Schemas, published as `schemas/schedule.json`
 * and `schemas/calendar.json` (`npm run generate`) for editors, and what messages say of each part. What concerns several
 * parts is in `read-schedule.ts`, what concerns the time to come in `check-schedule.ts`.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { describeLocated, shortened } from '../yaml-file/located.js';
import { byName, refuseVersion, says, shape, type Says } from '../yaml-file/schema.js';
import { refuseTimeZone } from '../yaml-file/time-zone.js';

const SCHEDULE_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,59}$';
const LAYER_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,39}$';
/** As the handles of a policy's contacts, but `nobody`, which is a pause. */
const TURN_PATTERN = '^(?!(?:external|unknown)$)[a-z0-9][a-z0-9-]{0,39}$';
const HANDLE_PATTERN = '^(?!(?:external|unknown|nobody)$)[a-z0-9][a-z0-9-]{0,39}$';
const HANDLE_ALLOWED = 'a handle has 1 to 40 small letters, digits and hyphens, such as "tanaka"';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const WEEKDAY = `(?:${WEEKDAYS.join('|')})`;
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';
const DATE_PATTERN = '^20[0-9]{2}-[01][0-9]-[0-3][0-9]$';
const DATE_TIME_PATTERN = `^20[0-9]{2}-[01][0-9]-[0-3][0-9]T${TIME}$`;
const DATE_OR_TIME_PATTERN = `^20[0-9]{2}-[01][0-9]-[0-3][0-9](?:T${TIME})?$`;

const MAX = { layers: 30, turns: 200, team: 50, changes: 200, overrides: 2_000, windows: 30, calendars: 20 } as const;

/** 31 February has the form of a date. */
export const isDate = (written: string): boolean =>
  new Date(`${written.slice(0, 10)}T00:00Z`).getTime() > 0 &&
  new Date(`${written.slice(0, 10)}T00:00Z`).toISOString().startsWith(written.slice(0, 10));

const oneOrMore = <T extends TSchema>(schema: T, most: number, description: string, words: Says = {}) =>
  Type.Union([schema, Type.Array(schema, { minItems: 1, maxItems: most })], { description, ...says(words) });

const dated = (pattern: string, description: string, wanted: string, words: Says = {}) =>
  Type.String({
    pattern,
    description,
    ...says({
      ...words,
      refuse: (written, path) => {
        const text = written.kind === 'scalar' ? written.written : '';
        if (new RegExp(pattern).test(text) && isDate(text)) return [];
        const found = text === '' ? describeLocated(written) : `"${shortened(text)}"`;
        return [{ code: 'no-date', message: `\`${path.at(-1)}\` must be ${wanted}; here stands ${found}` }];
      },
    }),
  });
const date = (description: string, words: Says = {}) =>
  dated(DATE_PATTERN, description, 'a date such as 2026-12-01', words);

const handle = (pattern = HANDLE_PATTERN) =>
  Type.String({ pattern, ...says({ what: 'a person', allowed: HANDLE_ALLOWED }) });
const team = (description: string, words: Says = {}) =>
  Type.Array(handle(), { minItems: 1, maxItems: MAX.team, description, ...says(words) });

const Turn = Type.Union([handle(TURN_PATTERN), Type.Array(handle(), { minItems: 1, maxItems: MAX.team })], {
  description:
    'A handle; several who are on duty at once, in the order in which they are called; or `nobody`, a pause.',
  ...says({ what: 'a turn' }),
});

const note = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'Why; shown wherever it is shown.',
    ...says({ line: true, spare: true }),
  }),
);

const Window = shape(
  {
    days: Type.Optional(
      oneOrMore(
        Type.String({
          pattern: `^${WEEKDAY}(?:-${WEEKDAY})?$|^holiday$|^workday$`,
          ...says({
            what: 'a day',
            allowed:
              'write mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, `holiday`, or `workday` (Monday to Friday, and no holiday)',
          }),
        }),
        10,
        'Days on which it begins (every day): mon-fri, holiday, workday …',
      ),
    ),
    from: Type.Optional(
      Type.String({
        pattern: `^(?:${WEEKDAY} )?${TIME}$`,
        description: 'When it begins (00:00); or once a week, "fri 18:00".',
        ...says({ allowed: 'write a time of day in quotes, "09:00", or one of the week, "fri 18:00"' }),
      }),
    ),
    to: Type.Optional(
      Type.String({
        pattern: `^(?:${WEEKDAY} )?(?:${TIME}|24:00)$`,
        description: 'When it ends (24:00); not after `from`: on the next day. Or "mon 09:00".',
        ...says({ allowed: 'write a time of day in quotes, "18:00", or one of the week, "mon 09:00"' }),
      }),
    ),
  },
  'Days and times of each week, in the zone of the layer.',
  {
    hints: {
      timeZone: 'it belongs to the layer, or to the top of the file',
      start: 'it is called `from`',
      end: 'it is called `to`',
    },
  },
);

const Rotation = shape(
  {
    every: Type.String({
      pattern: '^[1-9][0-9]{0,2}(?:h|d|w|mo)$',
      description: 'How long a turn is: 8h (a part of a day: 1, 2, 3, 4, 6, 8 or 12), 1d, 2w, 1mo.',
      ...says({
        why: 'how long each turn is: 8h, 1d, 1w, 1mo',
        allowed: 'write hours, days, weeks or months: 8h, 1d, 1w, 1mo',
      }),
    }),
    handOff: Type.String({
      pattern: `^(?:(?:${WEEKDAY}|[1-9]|[12][0-9]|3[01]) )?${TIME}$`,
      description: 'Wall-clock time of the hand-off: "09:00"; of weeks "mon 09:00"; of months the day, "1 09:00".',
      ...says({
        why: 'when the next one takes over: "09:00", of weeks "mon 09:00", of months "1 09:00"',
        allowed: 'write a time in quotes: "09:00", of weeks "mon 09:00", of months "1 09:00"',
      }),
    }),
    from: date('On which date the first turn begins, at the time of the hand-off.', {
      why: 'the date on which the first of `people` begins, such as 2026-12-01',
    }),
    people: Type.Array(Turn, {
      minItems: 1,
      maxItems: MAX.turns,
      description: 'The turns, in order.',
      ...says({ why: 'the turns in order, such as [tanaka, yamada, [sato, ito], nobody]' }),
    }),
  },
  'Turns that follow one another. With `when` only days, weeks or months with a shift count.',
  { hints: { users: 'they are called `people`', start: 'it is called `from`', length: 'it is called `every`' } },
);

const timeZone = (description: string, words: Says = {}) =>
  Type.String({ description, ...says({ refuse: refuseTimeZone, ...words }) });

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/** What is here instead may be a secret address, so no message repeats it. */
const pathOf = (description: string, wanted: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4_096,
      description,
      ...says({
        line: true,
        refuse: (written, path) => {
          if (written.kind !== 'scalar' || !ADDRESS.test(written.written)) return [];
          const message = `\`${path.at(-1)}\` is ${wanted}, and here stands an address: whoever knows it can read the calendar, so write it into a file of its own, and the path of that file here, as \`urlFile\``;
          return [{ code: 'address-in-file', message }];
        },
      }),
    }),
  );

const Calendar = shape(
  {
    file: pathOf('Path of an iCalendar file (.ics), from this file.', 'the path of an iCalendar file'),
    urlFile: pathOf(
      'Path of a file that holds the address of the calendar, from this file. The address itself is a secret.',
      'the path of a file that holds the address',
    ),
  },
  'A calendar whose events are the shifts; the summary of each is a handle or a name.',
  {
    hints: {
      url: 'an address is a secret: write it into a file of its own, and its path as `urlFile`',
      address: 'an address is a secret: write it into a file of its own, and its path as `urlFile`',
      path: 'it is called `file`',
    },
    either: [
      {
        keys: ['urlFile', 'file'],
        both: { code: 'two-ways', message: 'a calendar has a `file` or a `urlFile`; remove one' },
        why: 'the path of an iCalendar file, such as file: web.ics; or `urlFile`, the path of a file that holds its address',
      },
    ],
  },
);

const Layer = shape(
  {
    name: Type.String({
      pattern: LAYER_NAME_PATTERN,
      description: 'Shown wherever somebody is on duty by it.',
      ...says({
        what: 'the name of a layer',
        why: 'by which it is spoken of, such as name: weekly',
        allowed: 'it has 1 to 40 small letters, digits and hyphens, such as "weekly"',
      }),
    }),
    timeZone: Type.Optional(timeZone('IANA time zone of its times (that of the file).')),
    when: Type.Optional(oneOrMore(Window, MAX.windows, 'When it has somebody (always).')),
    people: Type.Optional(team('Who is on duty by it, all at once, in this order; or `rotation`, or `calendar`.')),
    rotation: Type.Optional(Rotation),
    calendar: Type.Optional(Calendar),
  },
  'A layer: it covers the ones above it in the file while it has somebody.',
  {
    what: 'a layer',
    either: [
      {
        keys: ['people', 'rotation'],
        unless: 'calendar',
        both: {
          code: 'two-ways',
          message: 'a layer has `people`, who are always the same, or a `rotation`; remove one',
        },
        why: 'turns: rotation: { every: 1w, handOff: "mon 09:00", from: 2026-12-01, people: [tanaka, yamada] }; or `people`, always the same; or `calendar`, the shifts of a calendar',
      },
    ],
    hints: {
      every: 'it belongs into `rotation`',
      handOff: 'it belongs into `rotation`',
      days: 'it belongs into `when`: when: { days: mon-fri }',
      ics: 'it is called `calendar`: calendar: { file: web.ics }',
    },
  },
);

const ChangeSchema = shape(
  {
    layer: Type.String({
      description: 'Of which layer.',
      ...says({ line: true, why: 'the layer whose people change' }),
    }),
    from: dated(
      DATE_OR_TIME_PATTERN,
      'From the first hand-off on or after it: a date, or 2027-04-05T09:00. Nobody is moved before.',
      'a date, or a date with a time: 2027-04-05, 2027-04-05T09:00',
      { why: 'the date from which it holds, such as 2027-04-05' },
    ),
    people: Type.Array(Turn, {
      minItems: 1,
      maxItems: MAX.turns,
      description: 'The new list; who follows the one on duty then does so as before.',
      ...says({ why: 'the new list of turns' }),
    }),
  },
  'A planned change of the people of a layer.',
  { what: 'a change' },
);

const OverrideSchema = shape(
  {
    from: Type.Optional(
      dated(DATE_TIME_PATTERN, 'When it begins, in the zone of the file.', 'a date with a time: 2026-12-29T09:00'),
    ),
    to: Type.Optional(dated(DATE_TIME_PATTERN, 'When it ends.', 'a date with a time: 2027-01-04T09:00')),
    instead: Type.Optional(
      Type.String({
        pattern: HANDLE_PATTERN,
        description: 'Only where this person would be on duty, in whose place they are.',
        ...says({ allowed: HANDLE_ALLOWED }),
      }),
    ),
    layer: Type.Optional(Type.String({ description: 'With `shift`: of this layer.', ...says({ line: true }) })),
    shift: Type.Optional(
      dated(
        DATE_OR_TIME_PATTERN,
        'In place of `from` and `to`: the shift that begins on this date; of several the one nearest to its time. It moves with the shift.',
        'the date on which the shift begins, with its time where there are several: 2026-12-07, 2026-12-07T17:00',
      ),
    ),
    people: team('Who is on duty instead, in this order.', { why: 'who is on duty instead, such as people: [abe]' }),
    note,
  },
  'Somebody else is on duty: for a time, or for one shift of a layer.',
  {
    what: 'an override',
    hints: { user: 'it is a list, `people`', reason: 'it is called `note`', with: 'it is called `people`' },
  },
);

const version = Type.Optional(
  Type.Literal(1, { description: 'Version of this format.', ...says({ spare: true, refuse: refuseVersion() }) }),
);

const refuseRequired: NonNullable<Says['refuse']> = (written) => {
  if (written.kind !== 'scalar' || written.value === 'always') return [];
  const wanted = '`required` is `always`, or days and times: { days: mon-fri, from: "09:00", to: "18:00" }';
  return [{ code: 'required', message: `${wanted}; here stands ${describeLocated(written)}` }];
};

export const ScheduleFileSchema = Type.Object(
  {
    version,
    name: Type.String({
      pattern: SCHEDULE_NAME_PATTERN,
      description: 'As its file is called, without ".yaml".',
      ...says({
        what: 'the name of a schedule',
        why: 'as its file is called, such as name: web',
        allowed: 'it has 1 to 60 small letters, digits and hyphens',
      }),
    }),
    timeZone: timeZone('IANA time zone of all times, such as Asia/Tokyo.', {
      why: 'the zone of all its times, such as timeZone: Asia/Tokyo',
    }),
    holidays: Type.Optional(
      oneOrMore(
        Type.String({
          pattern: '^japan$|^[^\\u0000-\\u001f]+\\.ya?ml$',
          ...says({
            what: 'a calendar',
            allowed: 'write `japan`, or the path of a file of days, such as company.yaml',
          }),
        }),
        MAX.calendars,
        '`japan`, and files with days of your own, beside this file.',
      ),
    ),
    layers: Type.Array(Layer, {
      minItems: 1,
      maxItems: MAX.layers,
      description: 'A later one covers the earlier ones while it has somebody.',
      ...says({ why: 'the layers, such as layers: [{ name: weekly, rotation: { … } }]' }),
    }),
    changes: Type.Optional(
      Type.Array(ChangeSchema, { minItems: 1, maxItems: MAX.changes, description: 'Who joins and leaves, and when.' }),
    ),
    overrides: Type.Optional(
      Type.Array(OverrideSchema, {
        minItems: 1,
        maxItems: MAX.overrides,
        description: 'Planned ones; a later one wins.',
      }),
    ),
    required: Type.Optional(
      Type.Union([Type.Literal('always'), oneOrMore(Window, MAX.windows, 'Days and times, in the zone of the file.')], {
        description: 'When somebody must be on duty (always): what `schedule check` calls a gap.',
        ...says({ refuse: refuseRequired }),
      }),
    ),
  },
  {
    $id: 'schedule',
    title: 'Schedule of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({
      what: 'a schedule',
      hints: {
        contacts: 'a schedule names people by their handles; their numbers are in the policy or in the file of people',
        people: 'they belong to a layer: layers: [{ name: weekly, people: [tanaka] }]',
        rotation: 'it belongs to a layer: layers: [{ name: weekly, rotation: { … } }]',
        rotations: 'they are called `layers`',
        restrictions: 'they are called `when`, and belong to a layer',
        timezone: 'it is called `timeZone`',
      },
    }),
  },
);
export type ScheduleFile = Static<typeof ScheduleFileSchema>;
export type WrittenWindow = Static<typeof Window>;
export type WrittenTurn = Static<typeof Turn>;

export const CalendarFileSchema = Type.Object(
  {
    version,
    knownUntil: date('The last day of which this file knows whether it is a holiday.', {
      why: 'the last day of which this file knows whether it is a holiday, such as 2027-12-31',
    }),
    days: byName(
      Type.String({
        minLength: 1,
        maxLength: 200,
        ...says({ line: true, what: (path) => `the name of ${path.at(-1)}` }),
      }),
      DATE_PATTERN,
      { description: 'What each day is called, by its date.', minProperties: 1 },
      {
        why: 'the days by date, such as days: { 2026-12-29: 年末年始 }',
        names: { what: 'a date', allowed: 'write it as 2026-12-29' },
      },
    ),
  },
  {
    $id: 'calendar',
    title: 'Calendar of pigeonflow: holidays of your own',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({ what: 'a calendar', hints: { holidays: 'they are called `days`', until: 'it is called `knownUntil`' } }),
  },
);
