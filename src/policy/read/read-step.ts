import { Fields } from '../../yaml-file/fields.js';
import { describeLocated, shortened, type Located, type LocatedEntry } from '../../yaml-file/located.js';
import type { Placed, Reading } from '../../yaml-file/problem.js';
import { readDuration, readText, readWhole } from '../../yaml-file/values.js';
import type { DraftKey, DraftStep, DraftAction } from '../draft.js';
import { KeySchema, MOST, StepSchema } from '../policy-file-schema.js';
import { choose } from './choose.js';
import { readCalls } from './read-call.js';
import { readOtherwise, readForm } from './read-outcome.js';
import { readRun } from './read-run.js';

const CALL_KEYS = 'it belongs into `call`';
const HINTS = {
  say: CALL_KEYS,
  contacts: CALL_KEYS,
  loops: CALL_KEYS,
  callflowId: CALL_KEYS,
  guidanceId: CALL_KEYS,
  parameters: CALL_KEYS,
  waitTime: CALL_KEYS,
  budget: 'it belongs to the top of the file, for all steps together',
  acknowledged: 'it belongs to the top of the file',
  escalate: 'write `otherwise: { escalate: … }`',
};

export function readStep({ key, keyPlace, value }: LocatedEntry, reading: Reading): DraftStep | undefined {
  const what = `the step "${shortened(key)}"`;
  const fields = Fields.read(value, { what, schema: StepSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const callField = fields.require('call', 'whom to call and what to read, such as { contacts: [tanaka], say: "…" }');
  const keysField = fields.require('keys', 'what each key does, such as { 1: acknowledge }');
  const calls = callField && readCalls(callField, reading);
  const keys = keysField && readKeys(keysField, what, reading);
  const everyField = fields.get('every');
  const every =
    everyField &&
    readDuration(everyField, { what: '`every`', longest: '30d', why: 'the incident would seem forgotten' }, reading);
  const otherwiseField = fields.get('otherwise');
  const otherwise = otherwiseField && readOtherwise(otherwiseField, reading);
  const attempts = readAttempts(fields, reading);
  if (calls === undefined || keys === undefined || keysField === undefined || attempts === undefined) return undefined;
  return {
    name: { value: key, place: keyPlace },
    calls,
    attempts,
    every,
    keys,
    keysPlace: fields.keyPlace('keys'),
    otherwise: otherwise && { value: otherwise, place: fields.keyPlace('otherwise') },
  };
}

function readAttempts(fields: Fields, reading: Reading): Placed<number | 'unlimited'> | undefined {
  const field = fields.get('attempts');
  if (field === undefined) return { value: 1, place: fields.place };
  if (field.kind === 'scalar' && field.value === 'unlimited') return { value: 'unlimited', place: field.place };
  const why = 'or `unlimited`, which calls until somebody takes it, within the budget';
  return readWhole(field, { what: '`attempts`', most: MOST.attempts, why }, reading);
}

function readKeys(located: Located, what: string, reading: Reading): readonly DraftKey[] | undefined {
  if (located.kind !== 'map') {
    reading.error(
      'no-mapping',
      located.place,
      `\`keys\` of ${what} says what each key does, such as { 1: acknowledge }; here stands ${describeLocated(located)}`,
    );
    return undefined;
  }
  const keys = located.entries.map((entry) => readKey(entry, reading));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

const NOT_ASSIGNABLE: Readonly<Record<string, string>> = {
  '0': 'Pigeon cuts the call at key 0, so a call cannot end with it',
  '*': 'a call cannot end with it',
  '#': 'a call cannot end with it',
};

function readKey({ key, keyPlace, value }: LocatedEntry, reading: Reading): DraftKey | undefined {
  if (!/^[1-9]$/.test(key)) {
    const wide = /^[０-９]+$/.test(key) ? 'it is a full-width digit, write a half-width one; ' : '';
    const why = Object.hasOwn(NOT_ASSIGNABLE, key) ? `${NOT_ASSIGNABLE[key]}; ` : wide;
    reading.error(
      'no-such-key',
      keyPlace,
      `"${shortened(key)}" cannot be a key: ${why}the keys are 1 to 9, one digit each`,
    );
    return undefined;
  }
  if (value.kind !== 'map' || !value.entries.some((entry) => entry.key === 'do' || entry.key === 'say')) {
    const action = readAction(value, key, reading);
    return action && { key: { value: key, place: keyPlace }, say: undefined, action };
  }
  const fields = Fields.read(
    value,
    {
      what: `key ${key}`,
      schema: KeySchema,
      hints: {
        escalate: 'write it under `do`: do: { escalate: … }',
        snooze: 'write it under `do`: do: { snooze: … }',
        run: 'write it under `do`: do: { run: … }',
      },
    },
    reading,
  );
  const doField = fields?.require('do', 'what happens, such as do: acknowledge');
  const action = doField && readAction(doField, key, reading);
  const sayField = fields?.get('say');
  const say = sayField && readText(sayField, `\`say\` of key ${key}`, MOST.textLength, reading);
  return action && { key: { value: key, place: keyPlace }, say, action };
}

const WORDS = ['acknowledge', 'resolve', 'next', 'leave'] as const;
const FORMS = ['escalate', 'snooze', 'run'] as const;

/** What a key does. */
function readAction(located: Located, key: string, reading: Reading): DraftAction | undefined {
  const what = `what key ${key} does`;
  const chosen = choose(located, what, WORDS, FORMS, reading);
  if (chosen === undefined) return undefined;
  if (chosen.kind === 'word') return { kind: chosen.word };
  if (chosen.form === 'run') return readRun(chosen.value, reading);
  return readForm(chosen.form, chosen.value, reading);
}
