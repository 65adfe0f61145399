/**
 * The one source of what `pigeonCall` takes and gives: JSON Schema, from which the types below, the compiled validator
 * (`validators.generated.ts`), the published `schemas/*.json` and the reference documentation are made
 * (`npm run generate`). Workflow code imports only types from here.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN } from './duration.js';
import { oneOf } from './one-of.js';
import { SEVERITIES } from './severity.js';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const time = (description: string) => Type.String({ description: `${description} RFC 3339, UTC.` });

const Contact = Type.Object(
  {
    displayName: Type.String({ minLength: 1, maxLength: 200, description: 'Name shown in Pigeon and in the result.' }),
    phones: Type.Array(
      Type.Object({
        phoneNumber: Type.String({ pattern: '^\\+?[0-9][0-9-]{2,29}$', description: 'Digits, as a string.' }),
      }),
      { minItems: 1, maxItems: 20, description: 'The numbers of this contact.' },
    ),
  },
  { description: 'A person to call.' },
);

const AdHocCallflow = Type.Object(
  {
    loopLimit: Type.Integer({ minimum: 1, maximum: 1000, description: 'How often to go through the contacts.' }),
    contacts: Type.Array(Contact, { minItems: 1, maxItems: 1000, description: 'Whom to call, in this order.' }),
  },
  { description: "An ad-hoc call flow in Pigeon's own shape: whom to call, in order." },
);

const Reaction = Type.Object({
  behavior: Type.String({
    minLength: 1,
    maxLength: 40,
    description: '`terminate`, `continue`, `leave` or `transfer`.',
  }),
  messageTemplate: Type.Optional(Type.String({ maxLength: 10_000, description: 'Read after the key was pressed.' })),
});

const AdHocGuidance = Type.Object(
  {
    messageTemplate: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: 'What is read; `{{name}}` is filled in.',
    }),
    reactions: Type.Object(
      {},
      {
        description: 'What each key, `1` to `9`, does; at least one must be `terminate`.',
        additionalProperties: Reaction,
        propertyNames: { pattern: '^[1-9]$' },
        minProperties: 1,
      },
    ),
  },
  { description: "An ad-hoc guidance in Pigeon's own shape: what is read out, and what each key does." },
);

const Id = (what: string) =>
  Type.String({ minLength: 1, maxLength: 200, description: `Id of a ${what} stored in Pigeon.` });

export const Parameters = Type.Object(
  {},
  {
    description: 'Fills `{{name}}` in the guidance; kept by Pigeon in the result. Numbers and booleans become text.',
    additionalProperties: Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean()]),
  },
);
const WaitTime = Type.Number({
  minimum: 1,
  maximum: 3600,
  default: 15,
  description: 'Seconds between two looks at the result.',
});

export const PigeonCallInputSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'Version of this shape.' })),
    callflowId: Type.Optional(Id('call flow')),
    callflow: Type.Optional(AdHocCallflow),
    guidanceId: Type.Optional(Id('guidance')),
    guidance: Type.Optional(AdHocGuidance),
    parameters: Type.Optional(Parameters),
    waitTime: Type.Optional(WaitTime),
    deadline: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        default: '24h',
        description: 'Counted from the start, like `30s`, `5m`, `4h` or `2d`; then the run is hung up.',
      }),
    ),
    severity: Type.Optional(
      oneOf(SEVERITIES, {
        default: 'warning',
        description: 'How bad it is: the order of the requests to call, and how often a rejected one asks again.',
      }),
    ),
    onUnknownOutcome: Type.Optional(
      Type.Union([Type.Literal('giveUp'), Type.Literal('callAgain')], {
        default: 'giveUp',
        description: 'What to do when a call was sent, never confirmed and not found again.',
      }),
    ),
  },
  {
    $id: 'pigeon-call-input',
    title: 'Input of pigeonCall',
    allOf: [
      { oneOf: [{ required: ['callflowId'] }, { required: ['callflow'] }] },
      { oneOf: [{ required: ['guidanceId'] }, { required: ['guidance'] }] },
    ],
  },
);
export type PigeonCallInput = Omit<Static<typeof PigeonCallInputSchema>, 'guidance' | 'parameters'> & {
  guidance?: { messageTemplate: string; reactions: Record<string, Static<typeof Reaction>> };
  parameters?: Record<string, string | number | boolean>;
};

const TelephoneCall = Type.Object({
  status: Type.String({ description: "Pigeon's word: succeeded, ignored, missed, failed, aborted, …" }),
  contact: nullable(Type.String({ description: 'Display name.' })),
  keyInput: nullable(Type.String({ description: 'The key that was pressed, whatever it does.' })),
  loop: nullable(Type.Number({ description: 'Pass through the contacts, from 1.' })),
  startedAt: nullable(time('When it was dialled.')),
  finishedAt: nullable(time('When it ended.')),
});
export type TelephoneCall = Readonly<Static<typeof TelephoneCall>>;

const Outcome = Type.Union(
  [
    Type.Literal('answered', { description: 'Ended, not aborted, with a key that ends it.' }),
    Type.Literal('unanswered', {
      description: 'Ended without one: nobody picked up, no key, key 0, only continue or leave.',
    }),
    Type.Literal('rejected', { description: 'The queue of the space stayed full until the deadline.' }),
    Type.Literal('aborted', { description: 'Aborted in Pigeon by somebody else.' }),
    Type.Literal('timedOut', {
      description: 'The deadline passed while the run was active, or before Pigeon took it.',
    }),
    Type.Literal('unknown', {
      description:
        'Sent, never confirmed and not found again: `giveUp`, or the second call was unknown or refused too.',
    }),
  ],
  { description: 'How the call ended.' },
);
export type Outcome = Static<typeof Outcome>;

export const PigeonCallResultSchema = Type.Object(
  {
    outcome: Outcome,
    keyInput: nullable(
      Type.String({ description: 'The key that ended the run; null unless the outcome is `answered`.' }),
    ),
    status: nullable(Type.String({ description: "Pigeon's own word for the run, kept as it came." })),
    resultId: nullable(Type.String({ description: 'Id of the run in Pigeon; null when it took none.' })),
    answeredBy: nullable(Type.String({ description: 'Display name of the contact who pressed the key.' })),
    reference: Type.String({
      description: '`parameters.pigeonflowRef` of the run: `<workflow id>#<number of the POST>`.',
    }),
    calls: Type.Array(TelephoneCall, {
      description: 'The telephone calls of the run, oldest first; the newest 500 of them.',
    }),
    callflow: Type.Unknown({ description: 'The call flow as Pigeon reports it.' }),
    guidance: Type.Unknown({ description: 'The guidance as Pigeon reports it.' }),
    invokedAt: nullable(time('When Pigeon took the call, by the clock of Temporal.')),
    finishedAt: time('When this workflow knew the end, by the clock of Temporal.'),
    polls: Type.Integer({ description: 'Looks at the result, over all continuations.' }),
    notes: Type.Array(Type.String(), { description: 'What was not plain: unknown, repeated, refused, hung up.' }),
  },
  { $id: 'pigeon-call-result', title: 'Result of pigeonCall' },
);
export type PigeonCallResult = Readonly<Static<typeof PigeonCallResultSchema>>;

export const PigeonCallStatusSchema = Type.Object(
  {
    state: Type.Union(
      [
        Type.Literal('invoking', { description: 'The POST is queued or under way.' }),
        Type.Literal('waiting', { description: 'The queue of the space is full; it asks again by its severity.' }),
        Type.Literal('blocked', {
          description: 'The space refuses us or is out of reach; nothing rings until it is corrected.',
        }),
        Type.Literal('looking', { description: 'Sent, not confirmed: looking for the run by its reference.' }),
        Type.Literal('calling', { description: 'Pigeon has the run.' }),
        Type.Literal('hangingUp', { description: 'Being aborted.' }),
        Type.Literal('ended', { description: 'Over; `result` holds the result, if there is one.' }),
      ],
      { description: 'What is happening now.' },
    ),
    since: time('Since when.'),
    message: Type.String({ description: 'The same in words, with what to correct when it is blocked.' }),
    blockedBy: nullable(
      Type.Union(
        [
          Type.Literal('refused', { description: 'The space answers and refuses us: token, rights, rate.' }),
          Type.Literal('unreachable', { description: 'The space is out of reach, or answers nothing usable.' }),
          Type.Literal('paused', { description: 'Somebody has paused all calling.' }),
          Type.Literal('pauseUnknown', { description: 'Nobody can read whether somebody has.' }),
        ],
        { description: 'Who blocks it; null unless the state is `blocked`.' },
      ),
    ),
    resultId: nullable(Type.String({ description: 'Id of the run in Pigeon; null while there is none.' })),
    reference: Type.String({ description: 'Reference of the run, or of the latest POST.' }),
    status: nullable(Type.String({ description: "Pigeon's word at the last look." })),
    polls: Type.Integer({ description: 'Looks at the result so far.' }),
    calls: Type.Array(TelephoneCall, {
      description: 'The calls so far, oldest first; the newest 20 of them while it runs.',
    }),
    deadlineAt: time('When the call is hung up at the latest.'),
    notes: Type.Array(Type.String(), { description: 'What was not plain so far.' }),
    result: nullable(PigeonCallResultSchema),
  },
  { $id: 'pigeon-call-status', title: 'Answer of the query `status` of pigeonCall' },
);
export type PigeonCallStatus = Readonly<Static<typeof PigeonCallStatusSchema>>;
export type CallState = PigeonCallStatus['state'];
export type Blocker = NonNullable<PigeonCallStatus['blockedBy']>;
