/**
 * The one source of what `incident` takes and gives: JSON Schema, from which types, compiled validators, the published
 * `schemas/*.json` and the reference documentation are made (`npm run generate`). Workflow code imports only types.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN } from './duration.js';
import { FINAL_STATES, INCIDENT_STATES, UNTIL, type Until as UntilWord } from './incident-states.js';
import { oneOf } from './one-of.js';
import { Parameters } from './pigeon-call-schema.js';
import { PolicySchema } from './policy-schema.js';
import { SEVERITIES, type Severity as SeverityName } from './severity.js';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const time = (description: string) => Type.String({ description: `${description} RFC 3339, UTC.` });
const short = (description: string) => Type.String({ maxLength: 200, description });
/** A word of the table in `severity.ts`; what a word comes to is one of the four. */
const SeverityWord = Type.String({
  default: 'error',
  description:
    'How bad it is: critical, error, warning or info, or another word that the table of severities has, such as P1 or 緊急. A word that nobody knows is error.',
});
const Severity = oneOf(SEVERITIES, {
  default: 'error',
  description: 'How bad it is. The requests to call are sent in this order.',
});
const Labels = Type.Object(
  {},
  { additionalProperties: Type.String({ maxLength: 2_000 }), description: 'Whatever tells this alert from others.' },
);

/** What is known of the trouble; opens an incident, or reports it again. */
const alertProperties = {
  summary: Type.String({ minLength: 1, maxLength: 1_000, description: 'What is wrong, in one line.' }),
  severity: Type.Optional(SeverityWord),
  parameters: Type.Optional(Parameters),
  labels: Type.Optional(Labels),
  links: Type.Optional(
    Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 20, description: 'Where to read more.' }),
  ),
  source: Type.Optional(short('The tool that reported it.')),
  startedAt: Type.Optional(short('When it began. RFC 3339.')),
};
export const AlertSchema = Type.Object(alertProperties, { $id: 'incident-alert', title: 'An alert' });
export type AlertInput = Omit<Static<typeof AlertSchema>, 'parameters' | 'labels'> & {
  parameters?: Record<string, string | number | boolean>;
  labels?: Record<string, string>;
};

const HeldBy = Type.Array(
  Type.Object(
    {
      silence: Type.String({ minLength: 1, maxLength: 200, description: 'Its id.' }),
      until: time('Until when nobody is called; at most 24 h from now.'),
      by: short('Who has made the silence.'),
      reason: Type.String({ maxLength: 500, description: 'Why.' }),
      unless: Type.Optional(
        Type.Array(Severity, {
          maxItems: 4,
          default: ['critical'],
          description: 'Alerts of these severities are called all the same.',
        }),
      ),
    },
    { title: 'A silence that is for an alert' },
  ),
  {
    maxItems: 20,
    description:
      'The silences that are for it, as the gateway says. Nobody is called until the last of them ends; what is open then is called.',
  },
);
export type SilenceHold = Omit<Static<typeof HeldBy>[number], 'unless'> & { unless?: readonly SeverityName[] };

const PolicyName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,59}$',
  description: "Name of a policy in the worker's folder.",
});
const Until = oneOf(UNTIL, {
  default: 'resolved',
  description: '`acknowledged` closes the incident as soon as somebody owns it.',
});

export const IncidentInputSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'Version of this shape.' })),
    policy: Type.Union([PolicyName, Type.Omit(PolicySchema, [])], {
      description: 'A name, read when the incident opens, or the policy itself in its normal form. Frozen either way.',
    }),
    dedupKey: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'Alerts with the same key are one incident. Stands only here.',
    }),
    ...alertProperties,
    until: Type.Optional(Until),
    heldBy: Type.Optional(HeldBy),
  },
  { $id: 'incident-input', title: 'Input of incident' },
);
export type IncidentInput = AlertInput & {
  version?: 1;
  policy: string | PolicyInput;
  dedupKey: string;
  until?: UntilWord;
  heldBy?: readonly SilenceHold[];
};
/** A policy as plain data, not checked yet. */
export type PolicyInput = object;

const by = Type.Optional(nullable(short('Who asks; `external` when it is left out.')));
const note = Type.Optional(nullable(Type.String({ maxLength: 2_000, description: 'For the timeline.' })));
const step = (description: string) => Type.Optional(nullable(short(description)));
const soft = Type.Optional(
  nullable(
    Type.Boolean({
      description: 'What the state does not allow is answered with `accepted: false`, and does not fail.',
    }),
  ),
);

/** The arguments of the updates; every field may be left out, null or empty, as the Web UI's form leaves them. */
export const AcknowledgeSchema = Type.Object(
  {
    by,
    note,
    takeOver: Type.Optional(nullable(Type.Boolean({ description: 'Own it even if somebody else does.' }))),
    soft,
  },
  { $id: 'incident-acknowledge', title: 'Argument of acknowledge' },
);
export const ResolveSchema = Type.Object({ by, note, soft }, { $id: 'incident-resolve', title: 'Argument of resolve' });
export const EscalateSchema = Type.Object(
  {
    by,
    to: step("Step to call; the step's `otherwise` when it is left out."),
    from: step('Only if this step is being called.'),
    soft,
  },
  { $id: 'incident-escalate', title: 'Argument of escalate' },
);
export const SnoozeSchema = Type.Object(
  {
    by,
    for: Type.Optional(
      nullable(Type.String({ pattern: `^$|${DURATION_PATTERN}`, default: '30m', description: 'How long.' })),
    ),
    soft,
  },
  { $id: 'incident-snooze', title: 'Argument of snooze' },
);
export const HangUpSchema = Type.Object({ by, soft }, { $id: 'incident-hang-up', title: 'Argument of hangUp' });
export const AlertUpdateSchema = Type.Object(
  { alert: Type.Object(alertProperties), heldBy: Type.Optional(HeldBy) },
  { $id: 'incident-alert-update', title: 'Argument of alert' },
);
export type AcknowledgeInput = Static<typeof AcknowledgeSchema>;
export type ResolveInput = Static<typeof ResolveSchema>;
export type EscalateInput = Static<typeof EscalateSchema>;
export type SnoozeInput = Static<typeof SnoozeSchema>;
export type HangUpInput = Static<typeof HangUpSchema>;
export type AlertUpdateInput = { alert: AlertInput; heldBy?: readonly SilenceHold[] };

const State = oneOf(INCIDENT_STATES, { description: 'What is happening.' });

const Owner = Type.Object(
  {
    by: Type.String({ description: 'Display name of the contact, or what the caller said.' }),
    via: Type.Union([Type.Literal('key'), Type.Literal('api')]),
    step: nullable(Type.String({ description: 'Where the key was pressed.' })),
    keyInput: nullable(Type.String()),
  },
  { description: 'Who owns it.' },
);
export type IncidentOwner = Readonly<Static<typeof Owner>>;

export const IncidentAnswerSchema = Type.Object(
  {
    accepted: Type.Boolean({ description: 'Whether it was done, or is so already.' }),
    state: State,
    owner: nullable(Owner),
    since: time('Since when state and owner are so.'),
    message: Type.String({ description: 'For people.' }),
    reported: Type.Optional(
      Type.Union([Type.Literal('opened'), Type.Literal('changed'), Type.Literal('unchanged')], {
        description: 'Of `alert` alone: what this report came to.',
      }),
    ),
  },
  { $id: 'incident-answer', title: 'Answer of an update' },
);
export type IncidentAnswer = Readonly<Static<typeof IncidentAnswerSchema>>;

const LevelResult = Type.Object({
  step: Type.String(),
  outcome: Type.Union([
    Type.Literal('answered'),
    Type.Literal('unanswered'),
    Type.Literal('notPlaced'),
    Type.Literal('nobody'),
    Type.Literal('stoodDown'),
  ]),
  keyInput: nullable(Type.String()),
  contact: nullable(Type.String()),
  calls: Type.Integer({ description: 'Telephone calls placed.' }),
});
const AlsoAcknowledged = Type.Object({
  contact: nullable(Type.String()),
  step: Type.String(),
  keyInput: Type.String(),
  at: time('When it was known.'),
});
const Entry = Type.Object(
  { at: time('When.'), kind: Type.String({ description: 'What happened.' }), text: Type.String() },
  { additionalProperties: true, description: 'One entry of the timeline: in words (`text`), and as data.' },
);
export type TimelineItem = Static<typeof Entry> & Record<string, unknown>;

export const IncidentTimelineSchema = Type.Object(
  {
    entries: Type.Array(Entry, { description: 'The newest 500, oldest first.' }),
    counts: Type.Object(
      {},
      { additionalProperties: Type.Integer(), description: 'How often each kind happened since the beginning.' },
    ),
  },
  { $id: 'incident-timeline', title: 'Answer of the query timeline' },
);
export type IncidentTimeline = { entries: TimelineItem[]; counts: Record<string, number> };

export const IncidentResultSchema = Type.Object(
  {
    state: oneOf(FINAL_STATES),
    owner: nullable(Owner),
    keyInput: nullable(Type.String({ description: 'The key by which the owner took it.' })),
    alsoAcknowledged: Type.Array(AlsoAcknowledged, {
      description: 'Who pressed a key to acknowledge when somebody else owned it already. The newest 100.',
    }),
    levels: Type.Array(LevelResult, { description: 'In the order in which they were called; the newest 500.' }),
    placedCalls: Type.Integer({ description: 'Telephone calls in all.' }),
    timeline: Type.Array(Entry, { description: 'The newest 500 entries.' }),
  },
  { $id: 'incident-result', title: 'Result of incident' },
);
export type IncidentResult = Readonly<Omit<Static<typeof IncidentResultSchema>, 'timeline'>> & {
  readonly timeline: readonly TimelineItem[];
};

export const IncidentStatusSchema = Type.Object(
  {
    state: State,
    since: time('Since when state and owner are so.'),
    message: Type.String({ description: 'What is happening, in words.' }),
    next: Type.String({ description: 'What comes next, and when, in words.' }),
    owner: nullable(Owner),
    summary: Type.String(),
    severity: Severity,
    policy: Type.String({ description: 'Name of the policy.' }),
    level: Type.Integer({ description: 'Number of the level, from 1.' }),
    step: Type.String(),
    attempt: Type.Integer({ description: 'Of this level, from 1.' }),
    attempts: Type.Union([Type.Integer(), Type.Literal('unlimited')]),
    ringing: Type.Array(Type.String(), { description: 'Each call that is under way, in words.' }),
    nextAt: nullable(time('When something happens automatically.')),
    held: Type.Optional(
      Type.Object(
        {
          by: Type.String(),
          reason: Type.String(),
          until: time('Until when.'),
          silence: Type.String({ description: 'Id of the silence.' }),
        },
        { description: 'By what it is held; absent where it is not. `snoozed` without it: by a person.' },
      ),
    ),
    placedCalls: Type.Integer(),
    result: nullable(IncidentResultSchema),
  },
  { $id: 'incident-status', title: 'Answer of the query status of incident' },
);
export type IncidentStatus = Readonly<Omit<Static<typeof IncidentStatusSchema>, 'result'>> & {
  readonly result: IncidentResult | null;
};
