/**
 * A policy file as JSON Schema, the one place where its keys are listed: `readPolicy` reads by it, it is published as
 * `schemas/policy.json` (`npm run generate`) for editors, and its types follow from it. Beside each key is what messages
 * say of it.
 */
import { Type, type Static } from 'typebox';
import { DURATION_PATTERN } from '../contract/duration.js';
import { SEVERITIES } from '../contract/severity.js';
import {
  refuseAfter,
  refuseCallee,
  refuseCallees,
  refuseCalls,
  refuseInput,
  refuseKey,
  refuseName,
  refuseNames,
  refuseNobody,
  refuseNoMapping,
  refuseParameter,
  refusePhone,
  refuseReserved,
  refuseReservedValue,
  refuseScalarCall,
  refuseTaskQueue,
  refuseWorse,
} from './refuse.js';
import { shortened } from '../yaml-file/located.js';
import { byName, refuseVersion, says, shape, type DurationBounds, type Path, type Says } from '../yaml-file/schema.js';

const STEP_NAME_PATTERN = '^[a-z0-9-]{1,40}$';
export const POLICY_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,59}$';
/** `external`, `nobody` and `unknown` are what results and lists say where an owner is no contact, none, or not known. */
export const HANDLE_PATTERN = '^(?!(?:external|nobody|unknown)$)[a-z0-9][a-z0-9-]{0,39}$';
export const HANDLE_ALLOWED =
  'it has 1 to 40 small letters, digits and hyphens, such as "tanaka" (the name that people see is `name`); "external", "nobody" and "unknown" are taken';
/** `pigeonflowRef` is how a call that was sent and not confirmed is found again. */
export const PARAMETER_PATTERN = '^(?!pigeonflowRef$)[^{}\\s]{1,100}$';

/** Pigeon's own limits are not public; these are those of `pigeonCall` and of the normal form. */
const MOST = {
  attempts: 1000,
  loops: 1000,
  contacts: 1000,
  calls: 30,
  parameters: 100,
  budgetCalls: 100_000,
  textLength: 10_000,
  nameLength: 200,
  waitTime: 3600,
  next: 20,
} as const;

const duration = (description: string, bounds: DurationBounds, words: Says = {}) =>
  Type.String({
    pattern: DURATION_PATTERN,
    description: `${description} A whole number and a unit: 30s, 5m, 4h, 2d.`,
    ...says({ ...words, duration: bounds }),
  });
const text = (description: string, words: Says = {}) =>
  Type.String({ minLength: 1, maxLength: MOST.textLength, description, ...says(words) });
const name = (description: string, words: Says = {}) =>
  Type.String({
    pattern: '^(?!/_sys/)[^\\u0000-\\u001f]+$',
    maxLength: MOST.nameLength,
    description,
    ...says({ ...words, line: true }),
  });
const word = <W extends string>(value: W, description: string) => Type.Literal(value, { description });

const stepName = (words: Says) =>
  Type.String({
    pattern: STEP_NAME_PATTERN,
    description: 'Name of a step of this file.',
    ...says({ ...words, refersTo: { list: 'steps', what: 'step' } }),
  });
const stepToCall = stepName({
  what: 'the step after `escalate`',
  allowed: 'names of steps have 1 to 40 small letters, digits and hyphens',
});
const PAUSE: DurationBounds = { longest: '1d', why: 'nobody is called meanwhile; take a shorter one' };
const Escalate = shape(
  {
    escalate: stepToCall,
    after: Type.Optional(duration('Calls it only after this time.', PAUSE, { spare: true })),
  },
  'Continues with another step.',
  {
    example: '{ escalate: manager }',
    hints: {
      every: 'the pause before the step is called is `after`',
      delay: 'the pause before the step is called is `after`',
    },
  },
);
const Snooze = shape(
  {
    snooze: duration('Calls the same step again after this time.', {
      longest: '7d',
      why: 'the person who presses the key will not remember; take a shorter one',
      shortest: { duration: '1m', why: 'the telephone rings again while it is put down' },
    }),
  },
  'Calls again later.',
  { example: '{ snooze: 30m }' },
);
const Exhausted = word('exhausted', 'The incident ends loudly: nobody was reached.');

const AutomationOutcome = Type.Union(
  [
    word('acknowledge', 'It stays owned by the person who pressed the key.'),
    word('resolve', 'The incident ends.'),
    Exhausted,
    Escalate,
    Snooze,
  ],
  says({ spare: true }),
);

const Run = shape(
  {
    workflow: name('Type of the workflow to start, in any language.', {
      why: 'the type of the workflow to start, such as restartWeb',
      refuse: refuseTaskQueue,
    }),
    taskQueue: name('Task queue of its worker.', {
      why: 'the task queue of the worker that runs it, such as ops',
      refuse: refuseTaskQueue,
    }),
    input: Type.Optional(
      Type.Unknown({
        description: 'Anything; given to it beside the incident and the key.',
        ...says({ spare: true, refuse: refuseInput }),
      }),
    ),
    within: Type.Optional(
      duration(
        'How long it may take (15m); then onFailure.',
        { longest: '7d', why: 'nobody is called while it runs; take a shorter one' },
        { what: '`within` of `run`', spare: true },
      ),
    ),
    then: Type.Optional(AutomationOutcome),
    onFailure: Type.Optional(AutomationOutcome),
  },
  'Starts a workflow of yours; the person who pressed the key owns the incident meanwhile.',
  { hints: { otherwise: 'write `onFailure` for what follows when it fails' } },
);

/** Of `steps.primary.keys.1` and of what is in it. */
const keyOf = (path: Path) => String(path[3]);

const Action = Type.Union(
  [
    word('acknowledge', 'The person who presses it owns the incident, and every other telephone is hung up.'),
    word('resolve', 'Ends the incident.'),
    word('next', "Pigeon's continue: the next contact is called."),
    word('leave', "Pigeon's leave: the next contact is called, and this one not again in this run."),
    Escalate,
    Snooze,
    shape({ run: Run }, 'Starts a workflow of yours.', { example: '{ run: { workflow: …, taskQueue: … } }' }),
  ],
  says({ what: (path) => `what key ${keyOf(path)} does`, why: 'what happens, such as do: acknowledge' }),
);

const Key = shape(
  {
    say: Type.Optional(
      text('Read after the key was pressed. Only with a text (`say`) in the call.', {
        what: (path) => `\`say\` of key ${keyOf(path)}`,
        spare: true,
      }),
    ),
    do: Action,
  },
  'What the key does, and the sentence that confirms it.',
  {
    what: (path) => `key ${keyOf(path)}`,
    hints: {
      escalate: 'write it under `do`: do: { escalate: … }',
      snooze: 'write it under `do`: do: { snooze: … }',
      run: 'write it under `do`: do: { run: … }',
    },
  },
);

const PARAMETER_NAME = {
  what: 'the name of a parameter',
  allowed: 'it has no spaces and no braces, such as "server", which the text uses as {{server}}',
};
const STEP_KEY = 'it belongs to the step, beside `call`; all calls of a step share it';

const OnDuty = shape(
  {
    onDuty: Type.String({
      pattern: POLICY_NAME_PATTERN,
      description: 'Name of a schedule: whoever is on duty by it when the call is placed.',
      ...says({
        why: 'the name of the schedule, such as { onDuty: web }',
        allowed: 'it is the name of a schedule',
        refersTo: { list: 'schedules', what: 'schedule' },
      }),
    }),
    next: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST.next,
        description: 'Not who is on duty, but the n-th different person who follows.',
      }),
    ),
  },
  'Whoever is on duty when the call is placed.',
  { what: 'a contact that is on duty' },
);

const Call = shape(
  {
    callflowId: Type.Optional(name('Id of a call flow that is stored in Pigeon; or `contacts`.')),
    contacts: Type.Optional(
      Type.Array(
        Type.Union(
          [
            Type.String({
              pattern: HANDLE_PATTERN,
              ...says({
                // Whether it is there says more than how it is written.
                refuse: () => 'fine',
                refersTo: {
                  list: 'contacts',
                  what: 'contact',
                  none: 'there are no contacts, describe them at the top: contacts: { tanaka: { phone: "0300000001" } }',
                },
              }),
            }),
            OnDuty,
          ],
          says({ refuse: refuseCallee }),
        ),
        {
          minItems: 1,
          maxItems: MOST.contacts,
          description:
            'Who is called, one after the other: handles from the `contacts` of this file or of the file of people, and `{ onDuty: … }`.',
          ...says({ refuse: refuseCallees(MOST.contacts) }),
        },
      ),
    ),
    loops: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST.loops,
        description: 'How often to go through the contacts (1).',
        ...says({ spare: true, instead: 'to try again after a pause, use `attempts` of the step' }),
      }),
    ),
    guidanceId: Type.Optional(name('Id of a guidance that is stored in Pigeon; or `say`.')),
    say: Type.Optional(text('What is read to the person who picks up; {{name}} is filled in from the parameters.')),
    parameters: Type.Optional(
      byName(
        Type.Union([Type.String({ maxLength: MOST.textLength }), Type.Number(), Type.Boolean()], {
          ...says({ refuse: refuseParameter(MOST.textLength) }),
        }),
        PARAMETER_PATTERN,
        { description: 'Values for {{name}}, beside those of the incident; these win.' },
        {
          refuse: refuseNoMapping(() => '`parameters` of a call gives each name its value, such as { team: DB }'),
          names: { ...PARAMETER_NAME, free: true, refuse: refuseReserved },
        },
      ),
    ),
    waitTime: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: MOST.waitTime,
        description: 'Seconds between two looks at the result (15): how soon the end of the call is seen.',
        ...says({ spare: true }),
      }),
    ),
  },
  'One run of Pigeon: whom to call (`callflowId` or `contacts`), and what to read (`guidanceId` or `say`).',
  {
    what: 'a call',
    refuse: refuseScalarCall,
    hints: {
      keys: STEP_KEY,
      attempts: STEP_KEY,
      every: STEP_KEY,
      otherwise: STEP_KEY,
      callflow: 'name the people in `contacts` (and how often in `loops`), or a stored one in `callflowId`',
      guidance: 'write the text in `say` and the keys in the `keys` of the step, or name a stored one in `guidanceId`',
    },
    either: [
      {
        keys: ['callflowId', 'contacts'],
        why: 'whom to call, such as [tanaka]; or `callflowId` for a call flow stored in Pigeon',
        both: {
          code: 'two-callees',
          message:
            'a call has either a stored call flow (`callflowId`) or `contacts`, not both; remove one, or make a list of two calls',
        },
      },
      {
        keys: ['guidanceId', 'say'],
        why: 'the text that is read, in quotes; or `guidanceId` for a guidance stored in Pigeon',
        both: {
          code: 'two-guidances',
          message: 'a call has either a stored guidance (`guidanceId`) or a text (`say`), not both; remove one',
        },
      },
    ],
  },
);

const CALL_KEY = 'it belongs into `call`';
const stepOf = (path: Path) => `the step "${shortened(String(path[1]))}"`;

const Step = shape(
  {
    call: Type.Union([Call, Type.Array(Call, { minItems: 1, maxItems: MOST.calls })], {
      description: 'A call, or a list of calls that are placed at the same time.',
      ...says({
        why: 'whom to call and what to read, such as { contacts: [tanaka], say: "…" }',
        refuse: refuseCalls(MOST.calls),
      }),
    }),
    attempts: Type.Optional(
      Type.Union(
        [
          Type.Integer({
            minimum: 1,
            maximum: MOST.attempts,
            ...says({ instead: 'or `unlimited`, which calls until somebody takes it, within the budget' }),
          }),
          word('unlimited', 'Until somebody takes it.'),
        ],
        { description: 'How often it is tried (1) until somebody presses a key that decides.' },
      ),
    ),
    every: Type.Optional(
      duration(
        'From the end of one attempt to the start of the next (1m).',
        { longest: '30d', why: 'the incident would seem forgotten' },
        { spare: true },
      ),
    ),
    keys: byName(
      Type.Union([Action, Key]),
      '^[1-9]$',
      { description: 'What each key does, 1 to 9.', minProperties: 1 },
      {
        why: 'what each key does, such as { 1: acknowledge }',
        refuse: refuseNoMapping(
          (path) => `\`keys\` of ${stepOf(path)} says what each key does, such as { 1: acknowledge }`,
        ),
        names: { what: 'a key', allowed: 'the keys are 1 to 9', free: true, refuse: refuseKey },
      },
    ),
    otherwise: Type.Optional(
      Type.Union([Escalate, Exhausted], {
        description: 'After the last attempt without a deciding key (exhausted).',
        ...says({ spare: true }),
      }),
    ),
    after: Type.Optional(
      Type.Union(
        [
          duration('While it is no worse than error; a critical one is called at once.', PAUSE),
          byName(
            duration('While it is no worse than this.', PAUSE),
            `^(?:${SEVERITIES.join('|')})$`,
            { description: 'By severity; at once for those that are not named.', minProperties: 1 },
            { names: { what: 'a severity', allowed: `they are ${SEVERITIES.join(', ')}` } },
          ),
        ],
        {
          description:
            'Not called before the incident has been open for so long: one that ends by itself until then calls nobody.',
          ...says({ what: '`after` of a step', spare: true, refuse: refuseAfter }),
        },
      ),
    ),
    nobody: Type.Optional(
      Type.Literal('otherwise', {
        description: 'Where nobody is on duty: what `otherwise` says, at once (otherwise).',
        ...says({ spare: true, refuse: refuseNobody }),
      }),
    ),
  },
  'One level: who is called, how often, and what each key does.',
  {
    what: stepOf,
    spare: true,
    hints: {
      say: CALL_KEY,
      contacts: CALL_KEY,
      loops: CALL_KEY,
      callflowId: CALL_KEY,
      guidanceId: CALL_KEY,
      parameters: CALL_KEY,
      waitTime: CALL_KEY,
      budget: 'it belongs to the top of the file, for all steps together',
      acknowledged: 'it belongs to the top of the file',
      escalate: 'write `otherwise: { escalate: … }`',
      delay:
        'write `after: 5m`, which counts from the opening of the incident; the pause before the next step is { escalate: …, after: 5m }',
      wait: 'write `after: 5m`, which counts from the opening of the incident; the pause before the next step is { escalate: …, after: 5m }',
      rounds: 'it belongs to the top of the file: the whole policy is repeated',
    },
  },
);

const contactOf = (path: Path) => `the contact "${shortened(String(path[1]))}"`;

const Contact = shape(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MOST.nameLength,
        description: 'Shown in Pigeon and in results (the handle).',
        ...says({ what: (path) => `the name of ${contactOf(path)}`, line: true, refuse: refuseName(contactOf) }),
      }),
    ),
    phone: Type.String({
      pattern: '^[ -]*[0+][0-9 -]*$',
      description: 'In quotes: "0300000001", or with the country "+81300000001".',
      ...says({ why: 'the number in quotes, such as phone: "0300000001"', refuse: refusePhone(contactOf) }),
    }),
  },
  'A person who can be called.',
  {
    what: contactOf,
    spare: true,
    hints: {
      phones: 'it has one `phone`; for a second number write a second contact, they are called one after the other',
      loops: '`loops` belongs to the call that names the contact',
    },
  },
);

const Acknowledged = shape(
  {
    resolveWithin: Type.Optional(
      Type.Union(
        [
          duration('The person who owns it has this long to resolve it.', {
            longest: '30d',
            why: 'it is the time after which a forgotten incident calls again; if none should, write never',
            shortest: { duration: '1m', why: 'the calls start again before anybody can resolve it' },
          }),
          word('never', 'It stays with its owner until somebody resolves it.'),
        ],
        { description: 'How long the person who owns it has to resolve it (4h); then the calls start again.' },
      ),
    ),
    otherwise: Type.Optional(
      shape({ escalate: stepToCall }, 'Continues with another step.', {
        what: '`otherwise` of `acknowledged`',
        example: '{ escalate: manager }',
        hints: { after: 'the time is `resolveWithin`' },
      }),
    ),
  },
  'What happens when somebody owns the incident and nobody resolves it.',
  { spare: true },
);

const Budget = shape(
  {
    calls: Type.Integer({
      minimum: 1,
      maximum: MOST.budgetCalls,
      description: 'Number of calls.',
      ...says({ what: '`calls` of the budget', why: 'the most calls, such as calls: 50' }),
    }),
    within: duration(
      'In any such span of time.',
      {
        longest: '30d',
        why: 'a budget over a longer time bounds no night; take a shorter one',
        shortest: {
          duration: '5m',
          why: 'the calls before have left it when the next is placed, so it bounds nothing',
        },
      },
      { what: '`within` of the budget', why: 'the span of time, such as within: 1d' },
    ),
  },
  'No more calls than this, whatever the steps say. Required: it is what bounds every loop.',
  {
    why: 'the most calls in any span of time, such as { calls: 50, within: 1d }; it bounds every loop, and what a mistake can cost',
  },
);

const Rounds = shape(
  {
    times: Type.Integer({
      minimum: 2,
      maximum: MOST.attempts,
      description: 'How often, in all.',
      ...says({ what: '`times` of the rounds', why: 'how often in all, such as times: 3' }),
    }),
    every: duration(
      'From the end of one round to the start of the next.',
      { ...PAUSE, shortest: { duration: '1m', why: 'nobody has a moment to look before the telephones ring again' } },
      { what: '`every` of the rounds', why: 'the pause between two rounds, such as every: 10m' },
    ),
  },
  'The whole policy again, when it has ended and nobody took it. A round in which no telephone rang does not count.',
  { what: '`rounds`', spare: true },
);

const STEP_NAME = 'it has 1 to 40 small letters, digits and hyphens, such as "first-level"';
const OF_A_STEP = 'it belongs to a step: steps: { primary: { call: …, keys: … } }';

export const PolicyFileSchema = Type.Object(
  {
    version: Type.Optional(
      Type.Literal(1, {
        description: 'Version of this format.',
        ...says({ spare: true, refuse: refuseVersion('policy files') }),
      }),
    ),
    name: Type.String({
      pattern: POLICY_NAME_PATTERN,
      description: 'Name by which incidents ask for this policy.',
      ...says({
        what: 'the name of the policy',
        why: 'incidents ask for the policy by it, such as name: web-production',
        allowed: 'it has 1 to 60 small letters, digits and hyphens, such as "web-production"',
      }),
    }),
    parameters: Type.Optional(
      Type.Array(
        Type.String({ pattern: PARAMETER_PATTERN, ...says({ ...PARAMETER_NAME, refuse: refuseReservedValue }) }),
        {
          maxItems: MOST.parameters,
          description: 'Names that every incident brings along, for {{name}} in the texts.',
          ...says({ refuse: refuseNames(MOST.parameters) }),
        },
      ),
    ),
    contacts: Type.Optional(
      byName(
        Contact,
        HANDLE_PATTERN,
        { description: 'Everybody who can be called, by a short handle.', minProperties: 1 },
        {
          spare: true,
          names: {
            what: 'the handle of a contact',
            allowed: HANDLE_ALLOWED,
          },
        },
      ),
    ),
    steps: byName(
      Step,
      STEP_NAME_PATTERN,
      { description: 'The levels, by name.', minProperties: 1 },
      {
        why: 'the levels by name, such as steps: { primary: { call: …, keys: … } }',
        names: { what: 'the name of a step', allowed: STEP_NAME },
      },
    ),
    start: Type.String({
      pattern: STEP_NAME_PATTERN,
      description: 'Name of the step that is called first.',
      ...says({
        why: 'the name of the step that is called first',
        allowed: STEP_NAME,
        refersTo: { list: 'steps', what: 'step' },
      }),
    }),
    acknowledged: Type.Optional(Acknowledged),
    rounds: Type.Optional(Rounds),
    worse: Type.Optional(
      Type.Union(
        [word('call', 'The owner is called, then the policy begins.'), word('note', 'It is only written down.')],
        {
          description: 'When the incident gets worse, to error or critical, after somebody took or snoozed it (call).',
          ...says({ spare: true, refuse: refuseWorse }),
        },
      ),
    ),
    budget: Budget,
  },
  {
    $id: 'policy',
    title: 'Escalation policy of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({
      what: 'a policy',
      hints: {
        keys: OF_A_STEP,
        call: OF_A_STEP,
        say: 'it belongs into the `call` of a step',
        attempts: 'it belongs to a step',
        every: 'it belongs to a step',
        otherwise: 'it belongs to a step, or into `acknowledged`',
        resolveWithin: 'it belongs into `acknowledged`',
        after: OF_A_STEP,
        repeat: 'write rounds: { times: 3, every: 10m }',
        num_loops: 'write rounds: { times: 3, every: 10m }; `times` counts the first one too',
      },
    }),
  },
);

export type PolicyFile = Static<typeof PolicyFileSchema>;
export type StepOfFile = Static<typeof Step>;
export type CallOfFile = Static<typeof Call>;
export type ActionOfFile = Static<typeof Action>;
export type OutcomeOfFile = Static<typeof AutomationOutcome>;
export type EscalateOfFile = Static<typeof Escalate>;
