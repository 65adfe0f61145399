/**
 * The normal form of an escalation policy: every name resolved, every default filled in. It is what `policy` makes of a YAML
 * file and what `pigeonflow policy show --json` prints, what a caller may give to an incident instead of a name, what an
 * incident freezes at its start, and all that the decision knows. Plain data, checked when an incident opens. The types
 * follow from the schema; workflow code imports only them.
 *
 * Durations are strings of the contract: `30s`, `5m`, `4h`, `2d`.
 */
import { Type, type Static, type TOptional, type TSchema, type TString } from 'typebox';
import { DURATION_PATTERN } from './duration.js';
import { PigeonCallInputSchema, type PigeonCallInput } from './pigeon-call-schema.js';
import { SEVERITIES, type Severity } from './severity.js';

/** Nobody changes a policy that an incident has frozen. */
type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const byName = <T extends TSchema>(each: T, options: object) =>
  Type.Unsafe<Record<string, Static<T>>>(Type.Object({}, { additionalProperties: each, ...options }));
const duration = (description: string) => Type.String({ pattern: DURATION_PATTERN, description });
const stepName = Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'Name of a step.' });
const of = <K extends string>(kind: K, description: string) =>
  Type.Object({ kind: Type.Literal(kind) }, { description });

const Escalate = Type.Object(
  {
    kind: Type.Literal('escalate'),
    step: stepName,
    after: Type.Optional(duration('Not before this time has passed.')),
  },
  { description: 'Continues with another step.' },
);
const Exhausted = of('exhausted', 'The incident ends loudly: nobody was reached.');
const Snooze = Type.Object(
  { kind: Type.Literal('snooze'), for: duration('Until the same step begins again.') },
  { description: 'Calls again later.' },
);
const Acknowledge = of('acknowledge', 'The person who presses it owns the incident.');
const Resolve = of('resolve', 'Ends the incident.');
const AutomationOutcome = Type.Union([Acknowledge, Resolve, Escalate, Snooze, Exhausted]);
/** Neither internal queues of the server nor texts that it would refuse. */
const name = (description: string) => Type.String({ pattern: '^(?!/_sys/)[^\\u0000-\\u001f]{1,200}$', description });
const Run = Type.Object(
  {
    kind: Type.Literal('run'),
    workflow: name('Type of the workflow.'),
    taskQueue: name('Task queue of its worker.'),
    input: Type.Optional(Type.Unknown({ description: 'Given to it beside the incident and the key.' })),
    within: duration('How long it may take.'),
    then: AutomationOutcome,
    onFailure: AutomationOutcome,
  },
  { description: 'Starts a workflow of yours; the person who pressed the key owns the incident meanwhile.' },
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

const handle = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'Of a person.' });
const handles = (description: string) => Type.Array(handle, { maxItems: 1000, description });
const Person = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: 'Shown in Pigeon and in results.' }),
    phones: Type.Array(Type.String({ pattern: '^\\+?[0-9]{3,29}$' }), {
      minItems: 1,
      maxItems: 20,
      description: 'In the order in which they are rung.',
    }),
  },
  { description: 'A person who can be called.' },
);
const OnDuty = Type.Object(
  {
    onDuty: Type.String({ minLength: 1, maxLength: 60, description: 'Name of a schedule.' }),
    next: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 20, description: 'Not who is on duty, but the n-th person who follows.' }),
    ),
  },
  { description: 'Whoever is on duty when the call is placed.' },
);
const Callees = Type.Object(
  {
    loopLimit: Type.Integer({ minimum: 1, maximum: 1000, description: 'How often to go through the contacts.' }),
    contacts: Type.Array(Type.Union([handle, OnDuty]), {
      minItems: 1,
      maxItems: 1000,
      description: 'Whom to call, in this order; who that is, and by which number, is read at each POST.',
    }),
    local: byName(Person, { description: 'Contacts of the policy itself, by handle. They win.' }),
  },
  { description: 'Whom to call where that is known only at the POST.' },
);
export type Callees = Frozen<Static<typeof Callees>>;

const Shift = Type.Object({
  from: Type.String({ description: 'RFC 3339.' }),
  until: nullable(Type.String({ description: 'RFC 3339, with the offset of the time zone of the schedule.' })),
  people: handles('Who is on duty; empty: nobody.'),
  layer: nullable(Type.String({ maxLength: 200, description: 'By which layer of the schedule.' })),
  next: handles('Who follows, nearest first.'),
});
export type Shift = Frozen<Static<typeof Shift>>;
const Directory = Type.Object(
  {
    people: byName(Person, { description: 'By handle.' }),
    schedules: byName(Type.Array(Shift, { maxItems: 1000 }), { description: 'The shifts of each, in order.' }),
  },
  { description: 'People and shifts as they were when the policy was read: for what cannot be read at a POST.' },
);
export type Directory = Frozen<Static<typeof Directory>>;

/** What one run asks of Pigeon: stored ids, or the ad-hoc objects that `policy` made of contacts and texts. */
const OF_A_RUN = ['callflowId', 'callflow', 'guidanceId', 'guidance', 'parameters', 'waitTime'] as const;
export type StepCall = Frozen<Pick<PigeonCallInput, (typeof OF_A_RUN)[number]> & { callees?: Static<typeof Callees> }>;
const StepCall = Type.Unsafe<StepCall>(
  Type.Object(
    { ...Type.Pick(PigeonCallInputSchema, OF_A_RUN).properties, callees: Type.Optional(Callees) },
    { description: 'One run of Pigeon, as `pigeonCall` takes it; or with `callees` in the place of a call flow.' },
  ),
);

const Step = Type.Object({
  call: Type.Array(StepCall, { minItems: 1, maxItems: 30, description: 'Runs that are placed together.' }),
  attempts: Type.Union([Type.Integer({ minimum: 1, maximum: 1000 }), Type.Literal('unlimited')]),
  every: duration('From the end of one attempt to the start of the next.'),
  keys: byName(KeyAction, { propertyNames: { pattern: '^[1-9]$' }, description: 'What each key does.' }),
  otherwise: Type.Union([Escalate, Exhausted]),
  after: Type.Optional(
    Type.Object(
      Object.fromEntries(
        SEVERITIES.map((severity) => [severity, Type.Optional(duration('While it is no worse.'))]),
      ) as Record<Severity, TOptional<TString>>,
      { description: 'Not before the incident has been open for so long; by severity, at once where it is not named.' },
    ),
  ),
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
    contacts: byName(Type.Object({ name: Type.String({ maxLength: 200 }) }), {
      description: 'Display names by handle.',
    }),
    steps: byName(Step, { propertyNames: { pattern: '^[a-z0-9-]{1,40}$' } }),
    acknowledged: Type.Object({
      resolveWithin: Type.Union([duration('Then the calls start again.'), Type.Literal('never')]),
      otherwise: Escalate,
    }),
    rounds: Type.Optional(
      Type.Object(
        {
          times: Type.Integer({ minimum: 2, maximum: 1000, description: 'In all.' }),
          every: duration('From the end of one round to the start of the next.'),
        },
        {
          description:
            'How often it begins again at its start before it is exhausted; each is a round in which it rang.',
        },
      ),
    ),
    /** Absent in what was frozen before there was such a thing: `note`. */
    worse: Type.Optional(
      Type.Union([Type.Literal('call'), Type.Literal('note')], {
        description: 'Whether an incident that gets worse after somebody took or snoozed it calls again.',
      }),
    ),
    directory: Type.Optional(Directory),
    budget: Type.Object({
      calls: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Telephone calls in any such span.' }),
      within: duration('The span.'),
    }),
  },
  { $id: 'policy-normal-form', title: 'Escalation policy in its normal form' },
);

export type Policy = Frozen<Static<typeof PolicySchema>>;
/** One level: who is called, how often, and what each key does. */
export type Step = Policy['steps'][string];
export type KeyAction = Step['keys'][string];
export type Escalate = Frozen<Static<typeof Escalate>>;
export type Exhausted = Frozen<Static<typeof Exhausted>>;
/** Starts a workflow of anybody's, in any language, as a child. */
export type AutomationAction = Extract<KeyAction, { kind: 'run' }>;
export type AutomationOutcome = AutomationAction['then'];
/** What a key press or the end of a step's attempts decides. */
export type Decided = Exclude<KeyAction, { kind: 'next' | 'leave' }> | Exhausted;
