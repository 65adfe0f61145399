/**
 * The file of people as JSON Schema: published as `schemas/people.json` (`npm run generate`) for editors, and the one place
 * where its keys are listed.
 */
import { Type, type Static } from 'typebox';
import { SEVERITIES } from '../contract/severity.js';
import { HANDLE_ALLOWED, HANDLE_PATTERN } from '../policy/policy-file-schema.js';
import { refuseName, refusePhone } from '../policy/refuse.js';
import { describeLocated, shortened } from '../yaml-file/located.js';
import { byName, refuseVersion, says, shape, type Path, type Says } from '../yaml-file/schema.js';

const MOST_PEOPLE = 5_000;
/** As many as Pigeon is asked to try for one person. */
const MOST_PHONES = 5;
const LONGEST = 200;

const personOf = (path: Path) => `the person "${shortened(String(path[1]))}"`;
const line = (description: string, words: Says = {}) =>
  Type.String({ minLength: 1, maxLength: LONGEST, description, ...says({ line: true, ...words }) });

const TIME_OF_DAY = '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$';
const timeOfDay = (description: string) =>
  Type.String({
    pattern: TIME_OF_DAY,
    description,
    ...says({ why: 'a time of day in quotes, such as "23:00"', allowed: 'it is a time of day such as "23:00"' }),
  });

const Quiet = shape(
  {
    from: timeOfDay('When they begin.'),
    to: timeOfDay('When they end; before `from` it is on the next day.'),
    timeZone: Type.Optional(line('Name of the IANA database (that of the file).')),
    unless: Type.Optional(
      Type.Array(
        Type.Union(
          SEVERITIES.map((word) => Type.Literal(word)),
          says({ what: 'a severity' }),
        ),
        { maxItems: SEVERITIES.length, description: 'Severities for which they do not count ([critical]).' },
      ),
    ),
  },
  'Quiet hours. They are checked, and not used yet.',
  { what: 'the quiet hours', spare: true },
);

const refusePhones: NonNullable<Says['refuse']> = (written, path) => {
  if (written.kind !== 'list') {
    const message = `\`phones\` of ${personOf(path)} is a list of numbers in quotes, such as ["0300000001"]; here stands ${describeLocated(written)}`;
    return [{ code: 'no-list', message }];
  }
  if (written.items.length > 0) return [];
  return [{ code: 'no-number', message: `${personOf(path)} has no number; write at least one, or remove the person` }];
};

const Person = shape(
  {
    name: Type.Optional(
      line('Shown in Pigeon and in results (the handle).', {
        what: (path) => `the name of ${personOf(path)}`,
        refuse: refuseName(personOf),
      }),
    ),
    reading: Type.Optional(line('How the name is read, such as たなか.')),
    phones: Type.Array(
      Type.String({
        pattern: '^[ -]*[0+][0-9 -]*$',
        ...says({ refuse: refusePhone(personOf, 'phones: ["…"]') }),
      }),
      {
        minItems: 1,
        maxItems: MOST_PHONES,
        description:
          'In the order in which they are rung, in quotes: "0300000001", or with the country "+81300000001".',
        ...says({ why: 'the numbers in quotes, such as phones: ["0300000001"]', refuse: refusePhones }),
      },
    ),
    mail: Type.Optional(
      Type.String({
        pattern: '^[^@\\s]+@[^@\\s]+$',
        maxLength: LONGEST,
        description: 'Address of mail.',
        ...says({ allowed: 'it is an address such as tanaka@example.com' }),
      }),
    ),
    chat: Type.Optional(
      byName(
        line('The id there.'),
        '^[a-z][A-Za-z0-9-]{0,39}$',
        { description: 'Ids in chats, `{ slack: U0123456 }`.' },
        { spare: true, names: { what: 'a chat', allowed: 'it is a short name such as "slack"' } },
      ),
    ),
    language: Type.Optional(
      Type.Union([Type.Literal('ja'), Type.Literal('en')], {
        description: 'In which the person is addressed (ja).',
        ...says({ spare: true, instead: 'write ja or en' }),
      }),
    ),
    quiet: Type.Optional(Quiet),
  },
  'A person.',
  {
    what: personOf,
    spare: true,
    hints: {
      phone: 'it is a list, `phones`: phones: ["0300000001"]',
      email: 'it is called `mail`',
      slack: 'it belongs into `chat`: chat: { slack: U0123456 }',
    },
  },
);

export const PeopleFileSchema = Type.Object(
  {
    version: Type.Optional(
      Type.Literal(1, {
        description: 'Version of this format.',
        ...says({ spare: true, refuse: refuseVersion('files of people') }),
      }),
    ),
    timeZone: Type.Optional(line('Of the times of day: a name of the IANA database, such as Asia/Tokyo.')),
    people: byName(
      Person,
      HANDLE_PATTERN,
      { description: 'Everybody who can be called, by a short handle.', minProperties: 1 },
      {
        why: 'everybody by a handle, such as people: { tanaka: { name: 田中, phones: ["0300000001"] } }',
        refuse: (written) => {
          if (written.kind !== 'map' || written.entries.length <= MOST_PEOPLE) return [];
          return [{ code: 'too-many-people', message: `a file has at most ${MOST_PEOPLE} people` }];
        },
        names: { what: 'the handle of a person', allowed: HANDLE_ALLOWED },
      },
    ),
  },
  {
    $id: 'people',
    title: 'People of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({
      what: 'a file of people',
      hints: { contacts: 'they are called `people` here', users: 'they are called `people`' },
    }),
  },
);

export type PeopleFile = Static<typeof PeopleFileSchema>;
