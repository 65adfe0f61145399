/**
 * `docs/reference/pigeon-call.md`: the contract in words and tables. Every field, default and meaning comes from the
 * schemas, every failure type from the comments of `names.ts`; only the sentences between them are here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHECK_SIGNAL,
  DEFAULT_INVOKE_TASK_QUEUE,
  DEFAULT_TASK_QUEUE,
  OWNER_ATTRIBUTE,
  STATE_ATTRIBUTE,
  STATUS_QUERY,
} from '../src/contract/names.js';
import {
  PigeonCallInputSchema,
  PigeonCallResultSchema,
  PigeonCallStatusSchema,
} from '../src/contract/pigeon-call-schema.js';
import { projectRoot } from './engine/project-root.js';
import { constantsOf, fieldsOf, plain, table } from './schema-markdown.js';

const input = plain(PigeonCallInputSchema);
const result = plain(PigeonCallResultSchema);
const status = plain(PigeonCallStatusSchema);
const telephoneCall = result.properties?.['calls']?.items ?? {};

/** Shapes that have a table of their own. */
const shapes = [
  { schema: telephoneCall, link: '[call](#a-telephone-call)' },
  { schema: result, link: '[result](#result)' },
];

export function contractMarkdown(): string {
  return `<!-- Made by \`npm run generate\` from src/contract. Do not edit. -->

# Contract of \`pigeonCall\`

\`pigeonCall\` is a Temporal workflow: one run of a call flow in Pigeon, followed to its end. What is here changes as
[a version promises](../../CONTRIBUTING.md#what-a-version-promises). The same as JSON Schema: [input](../../schemas/pigeon-call-input.json),
[result](../../schemas/pigeon-call-result.json), [status](../../schemas/pigeon-call-status.json).

${table(
  ['what', 'name'],
  [
    ['workflow type', '`pigeonCall`'],
    ['task queue', `\`${DEFAULT_TASK_QUEUE}\`; the POST alone runs on \`${DEFAULT_INVOKE_TASK_QUEUE}\``],
    ['query', `\`${STATUS_QUERY}\`: [what is happening now](#status)`],
    ['signal', `\`${CHECK_SIGNAL}\`: look at the result now, not at the next poll; without an argument`],
    ['cancel', 'hangs up, then closes as *Canceled*; *Terminate* does not hang up'],
  ],
)}

## Ids

- The **workflow id** is yours, 1 to 200 bytes. Take one that follows from your alert, and start with the id reuse policy
  *Reject Duplicate*: then a second start with the same id calls nobody twice, for as long as the namespace keeps closed workflows. [The client](../how-to/your-own-worker.md) does this.
- The **reference** is \`<workflow id>#<n>\`, where n counts the POSTs of this call. It travels with each POST as
  \`parameters.pigeonflowRef\`, and Pigeon keeps it in the result of the run: from there it leads back to the workflow.
- Start it without a workflow retry policy and without workflow time-outs. A second attempt by such a policy would call twice, so it
  fails at once, \`InvalidInput\`. For a limit there is \`deadline\`.

## Input

One argument. Exactly one of \`callflowId\` and \`callflow\`, and exactly one of \`guidanceId\` and \`guidance\`, must be given. Keys that
are not listed are ignored.

${table(['field', 'type', 'default', 'meaning'], fieldsOf(input, { shapes, defaults: 'shown' }))}

## Result

${table(['field', 'type', 'meaning'], fieldsOf(result, { shapes, defaults: 'hidden' }))}

### Outcomes

${table(['outcome', 'when'], constantsOf(result.properties?.['outcome'] ?? {}))}

Only \`answered\` is a success. A call that is cancelled or fails has no result.

### A telephone call

${table(['field', 'type', 'meaning'], fieldsOf(telephoneCall, { shapes, defaults: 'hidden' }))}

## Status

The answer of the query \`${STATUS_QUERY}\`, while the call runs and after it. A query needs a worker that lives.

${table(['field', 'type', 'meaning'], fieldsOf(status, { shapes, defaults: 'hidden' }))}

### States

${table(['state', 'meaning'], constantsOf(status.properties?.['state'] ?? {}))}

## Failures

The workflow itself fails with one of two types only:

${table(['type', 'meaning'], failureTypes().filter(endsTheWorkflow))}

Whatever else Pigeon or the network does keeps the call waiting, visibly, and never ends it. These types are seen at the activities, in
the history:

${table(
  ['type', 'meaning'],
  failureTypes().filter((row) => !endsTheWorkflow(row)),
)}

## Search attributes

Of type Keyword; the namespace needs both. Their values never hold a display name or a telephone number.

${table(
  ['attribute', 'value'],
  [
    [
      `\`${STATE_ATTRIBUTE}\``,
      'the state, from the first time that it is `waiting`, `blocked` or `looking`; at the end the outcome, `cancelled` or `failed`',
    ],
    [`\`${OWNER_ATTRIBUTE}\``, 'reserved; a call does not write it'],
  ],
)}
`;
}

/** Type and meaning of each `FailureType`, which has its comment in front of it. */
function failureTypes(): readonly (readonly string[])[] {
  const source = readFileSync(join(projectRoot, 'src/contract/names.ts'), 'utf8');
  const rows = [...source.matchAll(/\/\*\* (.+) \*\/\n {2}(\w+): '\2'/g)];
  return rows.map(([, meaning = '', type = '']) => [`\`${type}\``, meaning]);
}

const endsTheWorkflow = ([type]: readonly string[]): boolean => type === '`InvalidInput`' || type === '`PigeonRefused`';
