import type { DescribedCallflow, DescribedGuidance, DraftCall, StoredCallflow, StoredGuidance } from '../draft.js';
import { CallSchema, MOST } from '../policy-file-schema.js';
import type { Reading } from '../../yaml-file/problem.js';
import { describeLocated, type Located } from '../../yaml-file/located.js';
import { Fields } from '../../yaml-file/fields.js';
import { readHandles } from './read-contacts.js';
import { readParameters } from './read-parameters.js';
import { readLine, readSeconds, readText, readWhole } from '../../yaml-file/values.js';

/** `call`: one, or a list of calls that are placed together. */
export function readCalls(located: Located, reading: Reading): readonly DraftCall[] | undefined {
  if (located.kind !== 'list') {
    const call = readCall(located, reading);
    return call && [call];
  }
  if (located.items.length === 0) {
    reading.error('nobody', located.place, 'nobody would be called: the list is empty; write at least one call');
    return undefined;
  }
  if (located.items.length > MOST.calls) {
    reading.error(
      'too-many-calls',
      located.place,
      `at most ${MOST.calls} calls can be placed at the same time, and here stand ${located.items.length}; put several contacts into one call, they are called one after the other`,
    );
    return undefined;
  }
  const calls = located.items.map((item) => readCall(item, reading));
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

const STEP_KEYS = 'it belongs to the step, beside `call`; all calls of a step share it';
const HINTS = {
  keys: STEP_KEYS,
  attempts: STEP_KEYS,
  every: STEP_KEYS,
  otherwise: STEP_KEYS,
  callflow: 'name the people in `contacts` (and how often in `loops`), or a stored one in `callflowId`',
  guidance: 'write the text in `say` and the keys in the `keys` of the step, or name a stored one in `guidanceId`',
};

function readCall(located: Located, reading: Reading): DraftCall | undefined {
  if (located.kind === 'scalar') {
    reading.error(
      'no-call',
      located.place,
      `a call says whom to call and what to read, such as { contacts: [tanaka], say: "…" }; here stands ${describeLocated(located)}`,
    );
    return undefined;
  }
  const fields = Fields.read(located, { what: 'a call', schema: CallSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const callees = readCallees(fields, reading);
  const guidance = readGuidance(fields, reading);
  const given = fields.get('parameters');
  const parameters = given === undefined ? [] : readParameters(given, reading);
  const wait = fields.get('waitTime');
  const waitTime = wait && readSeconds(wait, { what: '`waitTime`', most: MOST.waitTime }, reading);
  return callees && guidance && parameters && { place: located.place, callees, guidance, parameters, waitTime };
}

function readCallees(fields: Fields, reading: Reading): StoredCallflow | DescribedCallflow | undefined {
  const id = fields.get('callflowId');
  const contacts = fields.get('contacts');
  const loops = fields.get('loops');
  if (id !== undefined && contacts !== undefined) {
    reading.error(
      'two-callees',
      fields.keyPlace('contacts'),
      'a call has either a stored call flow (`callflowId`) or `contacts`, not both; remove one, or make a list of two calls',
    );
    return undefined;
  }
  if (id !== undefined) {
    if (loops !== undefined) {
      reading.warning(
        'ignored-loops',
        fields.keyPlace('loops'),
        '`loops` would be ignored: a stored call flow has its own loop limit, in Pigeon; remove it here',
      );
    }
    const read = readLine(id, '`callflowId`', MOST.nameLength, reading);
    return read && { kind: 'stored', id: read };
  }
  const field = fields.require(
    'contacts',
    'whom to call, such as [tanaka]; or `callflowId` for a call flow stored in Pigeon',
  );
  const handles = field && readHandles(field, reading);
  const why = 'to try again after a pause, use `attempts` of the step';
  const times = loops && readWhole(loops, { what: '`loops`', most: MOST.loops, why }, reading);
  if (times !== undefined && times.value > 10) {
    reading.warning(
      'many-loops',
      times.place,
      'Pigeon is said to go through a call flow at most 10 times; use `attempts` of the step, which has no such limit',
    );
  }
  return handles && { kind: 'described', contacts: handles, loops: times };
}

function readGuidance(fields: Fields, reading: Reading): StoredGuidance | DescribedGuidance | undefined {
  const id = fields.get('guidanceId');
  const say = fields.get('say');
  if (id !== undefined && say !== undefined) {
    reading.error(
      'two-guidances',
      fields.keyPlace('say'),
      'a call has either a stored guidance (`guidanceId`) or a text (`say`), not both; remove one',
    );
    return undefined;
  }
  if (id !== undefined) {
    const read = readLine(id, '`guidanceId`', MOST.nameLength, reading);
    return read && { kind: 'stored', id: read };
  }
  const field = fields.require(
    'say',
    'the text that is read, in quotes; or `guidanceId` for a guidance stored in Pigeon',
  );
  const text = field && readText(field, '`say`', MOST.textLength, reading);
  return text && { kind: 'described', text };
}
