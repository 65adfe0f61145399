/**
 * The shape of a policy file as JSON Schema: published as `schemas/policy.json` (`npm run generate`) for editors, and the
 * one place where its keys are listed. What a schema cannot say (unknown steps, numbers that cannot be dialled, ...) is
 * said by `readPolicy`.
 */
import { Type, type TProperties } from 'typebox';
import { DURATION_PATTERN } from '../contract/duration.js';

export const STEP_NAME_PATTERN = '^[a-z0-9-]{1,40}$';
export const POLICY_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,59}$';
/** `external`, `nobody` and `unknown` are what results and lists say where an owner is no contact, none, or not known. */
export const HANDLE_PATTERN = '^(?!(?:external|nobody|unknown)$)[a-z0-9][a-z0-9-]{0,39}$';
/** `pigeonflowRef` is how a call that was sent and not confirmed is found again. */
export const PARAMETER_PATTERN = '^(?!pigeonflowRef$)[^{}\\s]{1,100}$';

/** Pigeon's own limits are not public; these are those of `pigeonCall` and of the normal form. */
export const MOST = {
  attempts: 1000,
  loops: 1000,
  contacts: 1000,
  calls: 30,
  parameters: 100,
  budgetCalls: 100_000,
  textLength: 10_000,
  nameLength: 200,
  waitTime: 3600,
} as const;

const shape = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { description, additionalProperties: false, patternProperties: { '^x-': {} } });
const named = (schema: object, pattern: string, description: string) =>
  Type.Object({}, { description, additionalProperties: schema, propertyNames: { pattern }, minProperties: 1 });

const duration = (description: string) =>
  Type.String({ pattern: DURATION_PATTERN, description: `${description} A whole number and a unit: 30s, 5m, 4h, 2d.` });
const stepName = Type.String({ pattern: STEP_NAME_PATTERN, description: 'Name of a step of this file.' });
const text = (description: string) => Type.String({ minLength: 1, maxLength: MOST.textLength, description });
const name = (description: string) =>
  Type.String({ pattern: '^(?!/_sys/)[^\\u0000-\\u001f]+$', maxLength: MOST.nameLength, description });
const word = (value: string, description: string) => Type.Literal(value, { description });

const Escalate = shape({ escalate: stepName }, 'Goes on with another step.');
const Snooze = shape({ snooze: duration('Calls the same step again after this time.') }, 'Calls again later.');
const Exhausted = word('exhausted', 'The incident ends loudly: nobody was reached.');

const RunOutcomeSchema = Type.Union([
  word('acknowledge', 'It stays owned by whoever pressed the key.'),
  word('resolve', 'The incident ends.'),
  Exhausted,
  Escalate,
  Snooze,
]);

export const RunSchema = shape(
  {
    workflow: name('Type of the workflow to start, in any language.'),
    taskQueue: name('Task queue of its worker.'),
    input: Type.Optional(Type.Unknown({ description: 'Anything; given to it beside the incident and the key.' })),
    within: Type.Optional(duration('How long it may take (15m); then onFailure.')),
    then: Type.Optional(RunOutcomeSchema),
    onFailure: Type.Optional(RunOutcomeSchema),
  },
  'Starts a workflow of yours; whoever pressed the key owns the incident meanwhile.',
);

const ActionSchema = Type.Union([
  word('acknowledge', 'Whoever presses it owns the incident, and every other telephone is hung up.'),
  word('resolve', 'Ends the incident.'),
  word('next', "Pigeon's continue: the next contact is called."),
  word('leave', "Pigeon's leave: the next contact is called, and this one not again in this run."),
  Escalate,
  Snooze,
  shape({ run: RunSchema }, 'Starts a workflow of yours.'),
]);

export const KeySchema = shape(
  {
    say: Type.Optional(text('Read after the key was pressed. Only with a text (`say`) in the call.')),
    do: ActionSchema,
  },
  'What the key does, and the sentence that confirms it.',
);

export const CallSchema = shape(
  {
    callflowId: Type.Optional(name('Id of a call flow that is stored in Pigeon; or `contacts`.')),
    contacts: Type.Optional(
      Type.Array(Type.String({ pattern: HANDLE_PATTERN }), {
        minItems: 1,
        maxItems: MOST.contacts,
        description: 'Who is called, one after the other: handles from the `contacts` of this file.',
      }),
    ),
    loops: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST.loops, description: 'How often to go through the contacts (1).' }),
    ),
    guidanceId: Type.Optional(name('Id of a guidance that is stored in Pigeon; or `say`.')),
    say: Type.Optional(text('What is read to whoever picks up; {{name}} is filled in from the parameters.')),
    parameters: Type.Optional(
      Type.Object(
        {},
        {
          description: 'Values for {{name}}, beside those of the incident; these win.',
          additionalProperties: Type.Union([
            Type.String({ maxLength: MOST.textLength }),
            Type.Number(),
            Type.Boolean(),
          ]),
          propertyNames: { pattern: PARAMETER_PATTERN },
        },
      ),
    ),
    waitTime: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: MOST.waitTime,
        description: 'Seconds between two looks at the result (15): how soon the end of the call is seen.',
      }),
    ),
  },
  'One run of Pigeon: whom to call (`callflowId` or `contacts`), and what to read (`guidanceId` or `say`).',
);

export const StepSchema = shape(
  {
    call: Type.Union([CallSchema, Type.Array(CallSchema, { minItems: 1, maxItems: MOST.calls })], {
      description: 'A call, or a list of calls that are placed at the same time.',
    }),
    attempts: Type.Optional(
      Type.Union(
        [Type.Integer({ minimum: 1, maximum: MOST.attempts }), word('unlimited', 'Until somebody takes it.')],
        {
          description: 'How often it is tried (1) until somebody presses a key that decides.',
        },
      ),
    ),
    every: Type.Optional(duration('From the end of one attempt to the start of the next (1m).')),
    keys: named(Type.Union([ActionSchema, KeySchema]), '^[1-9]$', 'What each key does, 1 to 9.'),
    otherwise: Type.Optional(
      Type.Union([Escalate, Exhausted], { description: 'After the last attempt without a deciding key (exhausted).' }),
    ),
  },
  'One level: who is called, how often, and what each key does.',
);

export const ContactSchema = shape(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MOST.nameLength,
        description: 'Shown in Pigeon and in results (the handle).',
      }),
    ),
    phone: Type.String({
      pattern: '^[ -]*[0+][0-9 -]*$',
      description: 'In quotes: "0300000001", or with the country "+81300000001".',
    }),
  },
  'A person who can be called.',
);

export const AcknowledgedSchema = shape(
  {
    resolveWithin: Type.Optional(duration('Whoever owns it has this long to resolve it (4h).')),
    otherwise: Type.Optional(Escalate),
  },
  'What happens when somebody owns the incident and nobody resolves it.',
);

export const BudgetSchema = shape(
  {
    calls: Type.Integer({ minimum: 1, maximum: MOST.budgetCalls, description: 'Number of calls.' }),
    within: duration('In any such span of time.'),
  },
  'No more calls than this, whatever the steps say. Required: it is what bounds every loop.',
);

export const PolicyFileSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'Version of this format.' })),
    name: Type.String({ pattern: POLICY_NAME_PATTERN, description: 'Name by which incidents ask for this policy.' }),
    parameters: Type.Optional(
      Type.Array(Type.String({ pattern: PARAMETER_PATTERN }), {
        maxItems: MOST.parameters,
        description: 'Names that every incident brings along, for {{name}} in the texts.',
      }),
    ),
    contacts: Type.Optional(named(ContactSchema, HANDLE_PATTERN, 'Everybody who can be called, by a short handle.')),
    steps: named(StepSchema, STEP_NAME_PATTERN, 'The levels, by name.'),
    start: Type.String({ pattern: STEP_NAME_PATTERN, description: 'Name of the step that is called first.' }),
    acknowledged: Type.Optional(AcknowledgedSchema),
    worse: Type.Optional(
      Type.Union(
        [word('call', 'The owner is called, then the policy begins.'), word('note', 'It is only written down.')],
        {
          description: 'When the incident gets worse, to error or critical, after somebody took or snoozed it (call).',
        },
      ),
    ),
    budget: BudgetSchema,
  },
  {
    $id: 'policy',
    title: 'Escalation policy of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
  },
);
