import { diallable, withinJapan } from '../policy/telephone-number.js';
import { shortened } from '../yaml-file/located.js';
import { type Problem, Problems } from '../yaml-file/problem.js';
import { readYamlFile, type YamlFile } from '../yaml-file/read-file.js';
import { PeopleFileSchema, type PeopleFile } from './people-file-schema.js';

export interface Person {
  readonly name: string;
  /** As they are dialled, in the order in which they are rung. */
  readonly phones: readonly string[];
}

/** By handle. */
export type People = ReadonlyMap<string, Person>;

export type PeopleReading =
  /** `problems` are warnings. */
  | { readonly ok: true; readonly people: People; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks a file of people (YAML). Shows all mistakes in one go; no message repeats a number. */
export function readPeople(text: string): PeopleReading {
  const problems = new Problems();
  const file = readYamlFile(text, PeopleFileSchema, problems, 'policies/people/people.yaml is one to begin with');
  const written = file?.value;
  if (file === undefined || written === undefined) return { ok: false, problems: problems.found };
  checkPeople(written, file, problems);
  if (problems.hasErrors) return { ok: false, problems: problems.found };
  const people = Object.entries(written.people).map(
    ([handle, { name = handle, phones }]) => [handle, { name, phones: phones.map(diallable) }] as const,
  );
  return { ok: true, people: new Map(people), problems: problems.found };
}

function checkPeople({ people, timeZone }: PeopleFile, file: YamlFile<PeopleFile>, problems: Problems): void {
  if (timeZone !== undefined) checkTimeZone(timeZone, ['timeZone']);
  const names = new Map<string, string>();
  const numbers = new Map<string, string>();
  for (const [handle, { name = handle, phones, quiet }] of Object.entries(people)) {
    const path = ['people', handle];
    const sameName = names.get(name);
    names.set(name, handle);
    if (sameName !== undefined) {
      problems.error(
        'person-same-name',
        file.keyAt([...path, 'name']),
        `"${sameName}" has the name ${shortened(name)} too: Pigeon says by it who pressed a key, so nobody would know which of the two owns the incident; name them apart, such as ${shortened(name)} (2)`,
      );
    }
    for (const [index, phone] of phones.entries()) checkNumber(handle, phone, index);
    if (quiet === undefined) continue;
    if (quiet.from === quiet.to) {
      const message = '`from` and `to` are the same, which leaves no time between them; remove the quiet hours';
      problems.error('no-time', file.at([...path, 'quiet']), message);
    }
    if (quiet.timeZone !== undefined) checkTimeZone(quiet.timeZone, [...path, 'quiet', 'timeZone']);
    else if (timeZone === undefined) {
      const message = 'times of day need a time zone: write it at the top of the file, such as timeZone: Asia/Tokyo';
      problems.error('no-time-zone', file.keyAt([...path, 'quiet']), message);
    }
  }

  function checkNumber(handle: string, phone: string, index: number): void {
    const number = withinJapan(diallable(phone));
    const place = file.at(['people', handle, 'phones', index]);
    const other = numbers.get(number);
    numbers.set(number, handle);
    if (other === handle) {
      problems.error('number-twice', place, `"${handle}" has this number twice; remove one`);
    } else if (other !== undefined) {
      const message = `"${other}" has the same number: calling both rings one telephone twice; is one of them a slip?`;
      problems.warning('person-same-number', place, message);
    }
  }

  function checkTimeZone(zone: string, path: readonly string[]): void {
    if (isTimeZone(zone)) return;
    const message = `"${shortened(zone)}" is no time zone; write a name of the IANA database, such as Asia/Tokyo`;
    problems.error('unknown-time-zone', file.at(path), message);
  }
}

/** "+09:00" and "JST" are taken by some engines only, and know no summer time. */
function isTimeZone(name: string): boolean {
  if (!name.includes('/') && name !== 'UTC') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
