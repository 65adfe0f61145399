/**
 * The normal form of an escalation policy as JSON Schema: what `pigeonflow policy show --json` prints, and what a caller
 * may give to an incident instead of a name. Checked when an incident opens; `Policy` is its type.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN } from './duration.js';
import { Id, AdHocCallflow, AdHocGuidance, Parameters, WaitTime } from './pigeon-call-schema.js';

const duration = (description: string) => Type.String({ pattern: DURATION_PATTERN, description });
const stepName = Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'Name of a step.' });
const of = <K extends string>(kind: K, description: string) =>
  Type.Object({ kind: Type.Literal(kind) }, { description });

const Escalate = Type.Object(
  { kind: Type.Literal('escalate'), step: stepName },
  { description: 'Goes on with another step.' },
);
const Exhausted = of('exhausted', 'The incident ends loudly: nobody was reached.');
const Snooze = Type.Object(
  { kind: Type.Literal('snooze'), for: duration('Until the same step begins again.') },
  { description: 'Calls again later.' },
);
const Acknowledge = of('acknowledge', 'Whoever presses it owns the incident.');
const Resolve = of('resolve', 'Ends the incident.');
const RunOutcome = Type.Union([Acknowledge, Resolve, Escalate, Snooze, Exhausted]);
/** Neither internal queues of the server nor texts that it would refuse. */
const name = (description: string) => Type.String({ pattern: '^(?!/_sys/)[^\\u0000-\\u001f]{1,200}$', description });
const Run = Type.Object(
  {
    kind: Type.Literal('run'),
    workflow: name('Type of the workflow.'),
    taskQueue: name('Task queue of its worker.'),
    input: Type.Optional(Type.Unknown({ description: 'Given to it beside the incident and the key.' })),
    within: duration('How long it may take.'),
    then: RunOutcome,
    onFailure: RunOutcome,
  },
  { description: 'Starts a workflow of yours; whoever pressed the key owns the incident meanwhile.' },
);
const KeyAction = Type.Union([
  Acknowledge,
  Resolve,
  of('next', "Pigeon's continue."),
  of('leave', "Pigeon's leave."),
  Escalate,
  Snooze,
  Run,
]);

const StepCall = Type.Object(
  {
    callflowId: Type.Optional(Id('call flow')),
    callflow: Type.Optional(AdHocCallflow),
    guidanceId: Type.Optional(Id('guidance')),
    guidance: Type.Optional(AdHocGuidance),
    parameters: Type.Optional(Parameters),
    waitTime: Type.Optional(WaitTime),
  },
  { description: 'One run of Pigeon, as `pigeonCall` takes it.' },
);

const Step = Type.Object({
  call: Type.Array(StepCall, { minItems: 1, maxItems: 30, description: 'Runs that are placed together.' }),
  attempts: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Literal('unlimited')]),
  every: duration('From the end of one attempt to the start of the next.'),
  keys: Type.Object(
    {},
    { additionalProperties: KeyAction, propertyNames: { pattern: '^[1-9]$' }, description: 'What each key does.' },
  ),
  otherwise: Type.Union([Escalate, Exhausted]),
});

export const PolicySchema = Type.Object(
  {
    version: Type.Literal(1),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    start: stepName,
    parameters: Type.Array(Type.String({ maxLength: 100 }), {
      maxItems: 100,
      description: 'Names that every incident brings along.',
    }),
    contacts: Type.Object(
      {},
      {
        additionalProperties: Type.Object({ name: Type.String({ maxLength: 200 }) }),
        description: 'Display names by handle.',
      },
    ),
    steps: Type.Object({}, { additionalProperties: Step, propertyNames: { pattern: '^[a-z0-9-]{1,40}$' } }),
    acknowledged: Type.Object({ resolveWithin: duration('Then the calls start again.'), otherwise: Escalate }),
    worse: Type.Optional(
      Type.Union([Type.Literal('call'), Type.Literal('note')], {
        description: 'Whether an incident that gets worse after somebody took or snoozed it calls again.',
      }),
    ),
    budget: Type.Object({
      calls: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Telephone calls in any such span.' }),
      within: duration('The span.'),
    }),
  },
  { $id: 'policy-normal-form', title: 'Escalation policy in its normal form' },
);
