/** `docs/reference/incident.md`: every field, default and meaning comes from the schemas. */
import {
  CHECK_SIGNAL,
  DEFAULT_TASK_QUEUE,
  OWNER_ATTRIBUTE,
  STATE_ATTRIBUTE,
  STATUS_QUERY,
  TIMELINE_QUERY,
} from '../src/contract/names.js';
import {
  AcknowledgeSchema,
  AlertUpdateSchema,
  EscalateSchema,
  HangUpSchema,
  IncidentAnswerSchema,
  IncidentInputSchema,
  IncidentResultSchema,
  IncidentStatusSchema,
  ResolveSchema,
  SnoozeSchema,
} from '../src/contract/incident-schema.js';
import { constantsOf, fieldsOf, plain, type Schema, table } from './schema-markdown.js';

const input = plain(IncidentInputSchema);
const result = plain(IncidentResultSchema);
const status = plain(IncidentStatusSchema);
const owner = withoutNull(result.properties?.['owner']);
const level = result.properties?.['levels']?.items ?? {};
const entry = result.properties?.['timeline']?.items ?? {};

/** Shapes that have a table of their own. */
const shapes = [
  { schema: input.properties?.['policy']?.anyOf?.[1] ?? {}, link: '[policy](../../schemas/policy-normal-form.json)' },
  { schema: owner, link: '[owner](#owner)' },
  { schema: level, link: '[level](#level)' },
  { schema: entry, link: '[entry](#timeline)' },
  { schema: result, link: '[result](#result)' },
];

const UPDATES: readonly (readonly [name: string, schema: object, effect: string])[] = [
  [
    'acknowledge',
    AcknowledgeSchema,
    'Owns it and hangs up every telephone. Refused while somebody else owns it, but for `takeOver`.',
  ],
  ['resolve', ResolveSchema, 'Ends it.'],
  ['escalate', EscalateSchema, 'Calls another step now, no matter who owned it before.'],
  ['snooze', SnoozeSchema, 'Calls nobody for a while, 30m by default and 7d at most, and then the same step again.'],
  ['hangUp', HangUpSchema, 'Hangs up without owning it: the next attempt follows.'],
  [
    'alert',
    AlertUpdateSchema,
    'Reports it again. Answered with `reported`: `opened` to the first one that says what the start has said, in the first workflow task of the first run, so an Update with Start that opens succeeds; `changed` where it is news. Rejected as `AlertUnchanged`, without an event in the history, when it says nothing new; an incident that is `exhausted` and open begins its policy again with any report (`changed`). `accepted: false` when the incident is over and still hangs up: start it again in a moment. Rejected as `TooManyChanges`, in the same way, beyond 500 changes of one run that cannot continue as new: what is left of its 2,000 updates is for people. What is worse than before is always taken.',
  ],
];

export function incidentMarkdown(): string {
  return `<!-- Made by \`npm run generate\` from src/contract. Do not edit. -->

# Contract of \`incident\`

\`incident\` is a Temporal workflow: from an alert to its owner, level by level, as a policy says. What is here changes as
[a version promises](../../CONTRIBUTING.md#what-a-version-promises). The same as JSON Schema: [input](../../schemas/incident-input.json), [result](../../schemas/incident-result.json),
[status](../../schemas/incident-status.json), [timeline](../../schemas/incident-timeline.json),
[answer](../../schemas/incident-answer.json).

${table(
  ['what', 'name'],
  [
    [
      'workflow type',
      '`incident`; each level from the second on is a child of the type `escalation`, which nobody else starts',
    ],
    ['task queue', `\`${DEFAULT_TASK_QUEUE}\``],
    ['updates', UPDATES.map(([name]) => `\`${name}\``).join(', ')],
    ['queries', `\`${STATUS_QUERY}\`, \`${TIMELINE_QUERY}\``],
    [
      'signals',
      `\`acknowledge\`, \`resolve\`, \`escalate\`, \`snooze\` and \`hangUp\` with the arguments of the updates, for workflows, which cannot send updates; \`${CHECK_SIGNAL}\`: look at the results now`,
    ],
    [
      'cancel',
      'hangs up, then ends with the state `cancelled`; *Terminate* cancels the levels, which hang up; level 1 keeps ringing',
    ],
  ],
)}

The **workflow id** makes two reports one incident: take one that follows from the alert, \`incident/<route>-<hash of the key>\`, and
start it with _Update with Start_ of \`alert\` and the conflict policy _Use Existing_: \`reported: "opened"\` says that it is new, and the failure
\`AlertUnchanged\` that it was open and is told nothing new. [The client](client.md) does the same in its own way. Start it without a workflow retry
policy: its second attempt fails at once, \`InvalidInput\`.

## Input

One argument. Keys that are not listed are ignored.

${table(['field', 'type', 'default', 'meaning'], fieldsOf(input, { shapes, defaults: 'shown' }))}

The parameters in all are at most 16,384 characters of JSON. Input that is not valid fails the workflow as \`InvalidInput\`, naming
each field. A call never fails an incident.

## Updates

Each is answered at once, with [what is true from then on](#answer). What a person asks for and the state does not allow **fails**, so that the
Web UI shows it in red: an \`ApplicationFailure\` of the type \`NotAccepted\`, not retryable, with the message of the answer, and the answer itself
(\`accepted: false\`) as its first detail. It is rejected before it is in the history, but where it comes together with what changes the state. With
\`soft: true\` it is answered instead. An argument that is not valid is rejected as \`InvalidInput\`, without an event in the history. Every field
may be left out, null or empty.

${UPDATES.map(([name, schema, effect]) => updateMarkdown(name, plain(schema), effect)).join('\n\n')}

An update can be repeated safely. One that arrives when the incident is closed is refused by Temporal (_not found_); one that ends the incident
in the instant in which something else happens to it may be refused by Temporal with \`FAILED_PRECONDITION\`: send it again. The client
does.

### Answer

${table(['field', 'type', 'meaning'], fieldsOf(plain(IncidentAnswerSchema), { shapes, defaults: 'hidden' }))}

## Result

${table(['field', 'type', 'meaning'], fieldsOf(result, { shapes, defaults: 'hidden' }))}

### Owner

${table(['field', 'type', 'meaning'], fieldsOf(owner, { shapes: [], defaults: 'hidden' }))}

### Level

${table(['field', 'type', 'meaning'], fieldsOf(level, { shapes: [], defaults: 'hidden' }))}

### Timeline

Each entry says in words what happened (\`text\`), and in further fields the same as data.

${table(['field', 'type', 'meaning'], fieldsOf(entry, { shapes: [], defaults: 'hidden' }))}

## Status

The answer of the query \`${STATUS_QUERY}\`, while it is open and after. A query needs a worker that lives.

${table(['field', 'type', 'meaning'], fieldsOf(status, { shapes, defaults: 'hidden' }))}

### States

${table(['state', 'meaning'], constantsOf(status.properties?.['state'] ?? {}))}

## Search attributes and memo

Readable without a worker. Both attributes are of type Keyword, and their values never hold a telephone number or a display name.

${table(
  ['attribute', 'value'],
  [
    [`\`${STATE_ATTRIBUTE}\``, 'the [state](#states)'],
    [
      `\`${OWNER_ATTRIBUTE}\``,
      "the owner's handle in the policy; `external` for somebody whom the policy does not know, `nobody` while nobody owns it",
    ],
  ],
)}
`;
}

function updateMarkdown(name: string, schema: Schema, effect: string): string {
  const fields = fieldsOf(schema, { shapes, defaults: 'shown' });
  return [`### \`${name}\``, effect, table(['field', 'type', 'default', 'meaning'], fields)].join('\n\n');
}

function withoutNull(schema: Schema = {}): Schema {
  return schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
}
