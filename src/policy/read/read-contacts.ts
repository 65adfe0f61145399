import type { DraftContact } from '../draft.js';
import { ContactSchema, HANDLE_PATTERN, MOST } from '../policy-file-schema.js';
import type { Placed, Reading } from '../../yaml-file/problem.js';
import { readTelephoneNumber } from '../telephone-number.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from '../../yaml-file/located.js';
import { Fields, readNamed } from '../../yaml-file/fields.js';
import { readLine } from '../../yaml-file/values.js';

const HANDLE = {
  what: 'the handle of a contact',
  pattern: HANDLE_PATTERN,
  allowed:
    'it has 1 to 40 small letters, digits and hyphens, such as "tanaka" (the name that people see is `name`); "external", "nobody" and "unknown" are taken',
};

export function readContacts(located: Located, reading: Reading): ReadonlyMap<string, DraftContact> {
  return readNamed(located, { what: '`contacts`', each: HANDLE }, reading, readContact);
}

function readContact({ key, keyPlace, value }: LocatedEntry, reading: Reading): DraftContact | undefined {
  const what = `the contact "${key}"`;
  const fields = Fields.read(
    value,
    {
      what,
      schema: ContactSchema,
      hints: {
        phones: 'it has one `phone`; for a second number write a second contact, they are called one after the other',
        loops: '`loops` belongs to the call that names the contact',
      },
    },
    reading,
  );
  if (fields === undefined) return undefined;
  const handle = { value: key, place: keyPlace };
  const written = fields.get('name');
  const name = written === undefined ? handle : readName(written, what, reading);
  const phone = fields.require('phone', 'the number in quotes, such as phone: "0300000001"');
  const number = phone && readPhone(phone, what, reading);
  return name && number && { handle, name, phone: number };
}

/** Words that stand for people of whom no name is known. */
const NOBODY = ['external', 'nobody', 'unknown'];

function readName(located: Located, what: string, reading: Reading): Placed<string> | undefined {
  const read = readLine(located, `the name of ${what}`, MOST.nameLength, reading);
  if (read === undefined || !NOBODY.includes(read.value)) return read;
  reading.error(
    'name-taken',
    read.place,
    `the name of ${what} cannot be "${read.value}": results say so of people whose name nobody knows; choose another`,
  );
  return undefined;
}

function readPhone(located: Located, what: string, reading: Reading): Placed<string> | undefined {
  const { place } = located;
  const said = `the number of ${what}`;
  if (located.kind !== 'scalar' || located.value === null || typeof located.value === 'boolean') {
    const stands = located.kind === 'scalar' && located.value === null ? 'nothing' : describeLocated(located);
    reading.error(
      'no-number',
      place,
      `${said} is missing: here stands ${stands}; write it in quotes, such as "0300000001"`,
    );
    return undefined;
  }
  if (!located.quoted && /^[“”„‘’＂＇「『]/.test(located.written)) {
    reading.error(
      'no-quotes-of-yaml',
      place,
      `${said} stands in quotes that YAML does not know (${located.written.slice(0, 1)}); write the plain ones: "…"`,
    );
    return undefined;
  }
  if (!located.quoted) {
    reading.error(
      'number-without-quotes',
      place,
      `${said} must stand in quotes: phone: "…". Without them YAML reads a number and drops its leading 0 or its "+", and somebody else is called`,
    );
    return undefined;
  }
  const number = readTelephoneNumber(located.written);
  if (!number.ok) {
    reading.error('number-not-diallable', place, `${said} cannot be dialled: ${number.why}`);
    return undefined;
  }
  return { value: number.digits, place };
}

/** The handles that a call names, in order. */
export function readHandles(located: Located, reading: Reading): readonly Placed<string>[] | undefined {
  if (located.kind !== 'list') {
    reading.error(
      'no-list',
      located.place,
      `\`contacts\` of a call is a list of handles, such as [tanaka, yamada]; here stands ${describeLocated(located)}`,
    );
    return undefined;
  }
  if (located.items.length === 0) {
    reading.error('nobody', located.place, 'nobody would be called; name at least one contact, such as [tanaka]');
    return undefined;
  }
  if (located.items.length > MOST.contacts) {
    reading.error(
      'too-many-contacts',
      located.place,
      `a call has at most ${MOST.contacts} contacts, and here stand ${located.items.length}; the last would be called tomorrow`,
    );
    return undefined;
  }
  const handles = located.items.map((item) => readHandle(item, reading));
  return handles.every((handle) => handle !== undefined) ? handles : undefined;
}

function readHandle(item: Located, reading: Reading): Placed<string> | undefined {
  if (item.kind === 'map' && item.entries.some(({ key }) => key === 'onDuty')) {
    reading.error(
      'reserved',
      item.place,
      '`onDuty` is kept for schedules, which do not exist yet; name a contact, or let a step a shift follow another (policies/follow-the-sun.yaml)',
    );
    return undefined;
  }
  if (item.kind !== 'scalar' || typeof item.value !== 'string') {
    const instead =
      item.kind === 'scalar' && item.value !== null
        ? `if it is one, put it in quotes: "${shortened(item.written)}"`
        : 'describe the person once under `contacts` at the top of the file';
    reading.error(
      'no-handle',
      item.place,
      `a call names its contacts by their handle, and here stands ${describeLocated(item)}; ${instead}`,
    );
    return undefined;
  }
  const handle = { value: item.value, place: item.place };
  reading.mentionsContact(handle);
  return handle;
}
