import type { DraftParameter } from '../draft.js';
import { MOST, PARAMETER_PATTERN } from '../policy-file-schema.js';
import type { Placed, Reading } from '../../yaml-file/problem.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from '../../yaml-file/located.js';
import { readWord } from '../../yaml-file/values.js';

const NAME = {
  what: 'the name of a parameter',
  pattern: PARAMETER_PATTERN,
  allowed: 'it has no spaces and no braces, such as "server", which the text uses as {{server}}',
};
const OURS = 'pigeonflowRef';

/** `parameters` of a call: a value by name. */
export function readParameters(located: Located, reading: Reading): readonly DraftParameter[] | undefined {
  if (located.kind !== 'map') {
    reading.error(
      'no-mapping',
      located.place,
      `\`parameters\` of a call gives each name its value, such as { team: DB }; here stands ${describeLocated(located)}`,
    );
    return undefined;
  }
  const parameters = located.entries.map((entry) => readParameter(entry, reading));
  return parameters.every((parameter) => parameter !== undefined) ? parameters : undefined;
}

function readParameter({ key, keyPlace, value }: LocatedEntry, reading: Reading): DraftParameter | undefined {
  const name = readName({ kind: 'scalar', value: key, written: key, quoted: true, place: keyPlace }, reading);
  const what = `the parameter "${shortened(key)}"`;
  if (value.kind !== 'scalar' || value.value === null) {
    reading.error(
      'no-value',
      value.place,
      `${what} must be text, a number, true or false; here stands ${describeLocated(value)}`,
    );
    return undefined;
  }
  if (typeof value.value === 'number' && String(value.value) !== value.written) {
    reading.error(
      'changed-number',
      value.place,
      `${what} would be read as ${shortened(String(value.value))}; put it in quotes to keep it as it is written: "${shortened(value.written)}"`,
    );
    return undefined;
  }
  if (typeof value.value === 'string' && value.value.length > MOST.textLength) {
    reading.error(
      'long-text',
      value.place,
      `${what} is longer than ${MOST.textLength} characters; nobody listens that long`,
    );
    return undefined;
  }
  return name && { name, value: value.value };
}

/** Top-level `parameters`: the names that the incident brings. */
export function readIncidentParameters(located: Located, reading: Reading): readonly Placed<string>[] | undefined {
  if (located.kind !== 'list') {
    const values = located.kind === 'map' ? '; values belong into the `parameters` of a call' : '';
    reading.error(
      'no-list',
      located.place,
      `\`parameters\` at the top lists the names that every incident brings, such as [server, incident]; here stands ${describeLocated(located)}${values}`,
    );
    return undefined;
  }
  if (located.items.length > MOST.parameters) {
    reading.error(
      'too-many-parameters',
      located.place,
      `an incident brings at most ${MOST.parameters} parameters, and here stand ${located.items.length}; list those that texts use`,
    );
    return undefined;
  }
  const names = located.items.map((item) => readName(item, reading)).filter((name) => name !== undefined);
  const twice = names.find(({ value }, index) => names.findIndex((name) => name.value === value) < index);
  if (twice !== undefined) {
    reading.error('name-twice', twice.place, `the parameter "${shortened(twice.value)}" is listed twice; remove one`);
  }
  return names;
}

function readName(located: Located, reading: Reading): Placed<string> | undefined {
  if (located.kind !== 'scalar' || located.value !== OURS) return readWord(located, NAME, reading);
  reading.error(
    'reserved',
    located.place,
    `the parameter "${OURS}" is pigeonflow's own: it marks each call; take another name`,
  );
  return undefined;
}
