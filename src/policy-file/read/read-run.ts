import type { DraftRun } from '../draft.js';
import { RunSchema } from '../policy-file-schema.js';
import type { Reading } from './reading.js';
import { plainValue, type Located } from '../yaml/located.js';
import { Fields } from './fields.js';
import { readOutcome } from './read-outcome.js';
import { readDuration, readText } from './values.js';

export function readRun(located: Located, reading: Reading): DraftRun | undefined {
  const fields = Fields.read(
    located,
    { what: '`run`', schema: RunSchema, hints: { otherwise: 'write `onFailure` for what follows when it fails' } },
    reading,
  );
  if (fields === undefined) return undefined;
  const workflowField = fields.require('workflow', 'the type of the workflow to start, such as restartWeb');
  const queueField = fields.require('taskQueue', 'the task queue of the worker that runs it, such as ops');
  const workflow = workflowField && readText(workflowField, '`workflow`', 1000, reading);
  const taskQueue = queueField && readText(queueField, '`taskQueue`', 1000, reading);
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

function optional<T>(fields: Fields, key: string, read: (field: Located) => T | undefined): T | undefined {
  const field = fields.get(key);
  return field && read(field);
}
