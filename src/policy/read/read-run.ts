import type { DraftRun } from '../draft.js';
import { MOST, RunSchema } from '../policy-file-schema.js';
import type { Placed, Reading } from '../../yaml-file/problem.js';
import { plainValue, shortened, type Located } from '../../yaml-file/located.js';
import { Fields } from '../../yaml-file/fields.js';
import { readOutcome } from './read-outcome.js';
import { readDuration, readLine } from '../../yaml-file/values.js';

export function readRun(located: Located, reading: Reading): DraftRun | undefined {
  const fields = Fields.read(
    located,
    { what: '`run`', schema: RunSchema, hints: { otherwise: 'write `onFailure` for what follows when it fails' } },
    reading,
  );
  if (fields === undefined) return undefined;
  const workflowField = fields.require('workflow', 'the type of the workflow to start, such as restartWeb');
  const queueField = fields.require('taskQueue', 'the task queue of the worker that runs it, such as ops');
  const workflow = workflowField && readName(workflowField, '`workflow`', reading);
  const taskQueue = queueField && readName(queueField, '`taskQueue`', reading);
  const within = optional(fields, 'within', (field) =>
    readDuration(
      field,
      { what: '`within` of `run`', longest: '7d', why: 'nobody is called while it runs; take a shorter one' },
      reading,
    ),
  );
  const then = optional(fields, 'then', (field) => readOutcome(field, '`then`', reading));
  const onFailure = optional(fields, 'onFailure', (field) => readOutcome(field, '`onFailure`', reading));
  const input = fields.get('input');
  if (input !== undefined) checkNumbers(input, reading);
  return (
    workflow &&
    taskQueue && {
      kind: 'run',
      workflow: workflow.value,
      taskQueue: taskQueue.value,
      input: input === undefined ? null : plainValue(input),
      within: within?.value,
      then,
      onFailure,
    }
  );
}

/** As Temporal takes it. */
function readName(located: Located, what: string, reading: Reading): Placed<string> | undefined {
  const read = readLine(located, what, MOST.nameLength, reading);
  if (read?.value.startsWith('/_sys/') !== true) return read;
  reading.error('name-taken', read.place, `${what} cannot begin with /_sys/, which Temporal keeps for itself`);
  return undefined;
}

/** A number that the workflow would not get as it is written: a telephone number without its 0, an id that is rounded. */
function checkNumbers(located: Located, reading: Reading): void {
  if (located.kind === 'map') for (const { value } of located.entries) checkNumbers(value, reading);
  if (located.kind === 'list') for (const item of located.items) checkNumbers(item, reading);
  if (located.kind !== 'scalar' || typeof located.value !== 'number') return;
  const { value, written, place } = located;
  const exact = Number.isSafeInteger(value)
    ? !/^[-+]?0\d|^\+/.test(written)
    : Number.isFinite(value) && value % 1 !== 0;
  if (exact) return;
  reading.error(
    'changed-number',
    place,
    `${shortened(written)} in \`input\` would be read as ${shortened(String(value))}; put it in quotes to keep it as it is written: "${shortened(written)}"`,
  );
}

function optional<T>(fields: Fields, key: string, read: (field: Located) => T | undefined): T | undefined {
  const field = fields.get(key);
  return field && read(field);
}
