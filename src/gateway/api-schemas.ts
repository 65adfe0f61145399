/** The shapes of the incident API: those of the contract, and what HTTP adds. From them requests are checked and `/openapi.json` is made. */
import { Type, type TSchema } from 'typebox';
import { LISTED_STATES } from '../client/listed-incident.js';
import {
  AcknowledgeSchema,
  AlertSchema,
  EscalateSchema,
  HangUpSchema,
  IncidentAnswerSchema,
  IncidentInputSchema,
  IncidentStatusSchema,
  IncidentTimelineSchema,
  ResolveSchema,
  SnoozeSchema,
} from '../contract/incident-schema.js';
import {
  ConfirmSchema,
  DutyAnswerSchema,
  DutyOverridesSchema,
  OverrideSchema,
  RemoveSchema,
  SwapSchema,
  TakeSchema,
} from '../contract/duty-schema.js';
import { INCIDENT_STATE_NAMES } from '../contract/incident-states.js';
import { oneOf } from '../contract/one-of.js';
import { CALLED_NOBODY } from './recent-alerts.js';
import { POLICY_NAME_PATTERN } from '../policy/policy-file-schema.js';

const MOST_LISTED = 1_000;
const time = (description: string) => Type.String({ format: 'date-time', description });
const nullable = (schema: TSchema) => Type.Union([schema, Type.Null()]);

/** A policy by its name alone: a key of this API must not have any number called. */
const Open = Type.Object(
  {
    policy: Type.String({ pattern: POLICY_NAME_PATTERN, description: 'Name of a policy.' }),
    dedupKey: IncidentInputSchema.properties.dedupKey,
    ...AlertSchema.properties,
    until: IncidentInputSchema.properties.until,
    version: IncidentInputSchema.properties.version,
  },
  { title: 'An alert that opens an incident, or is told to the open one of the same source, policy and key' },
);

const Opened = Type.Object({
  incidentId: Type.String(),
  reported: Type.Union([Type.Literal('opened'), Type.Literal('known'), Type.Literal('changed')], {
    description: '`known`: it was open, and nothing is new.',
  }),
});

const listed = {
  incidentId: Type.String(),
  state: oneOf(LISTED_STATES, {
    description: '`terminated` and `failed`: by somebody in Temporal, or for an input that was wrong.',
  }),
  owner: nullable(Type.String({ description: 'In words.' })),
  summary: Type.String(),
  severity: Type.String(),
  policy: Type.String(),
  next: Type.String({ description: 'What comes next, in words.' }),
  writtenAt: nullable(time('When this was written down; null: when it was opened.')),
  startedAt: time('When it was opened.'),
  closedAt: nullable(time('When it closed.')),
  unreadable: Type.Optional(
    Type.String({ description: 'Why its words are empty: they are encrypted with a key that the gateway lacks.' }),
  ),
};
const Listed = Type.Object(listed, { title: 'What is known of an incident without a worker' });
const Incidents = Type.Object({ incidents: Type.Array(Listed) });
const Incident = Type.Object({
  ...listed,
  status: nullable(Type.Object(IncidentStatusSchema.properties, { description: 'Null where no worker answers.' })),
});

const ProblemDetails = Type.Object(
  {
    title: Type.String({ description: 'What the status means.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong, and what to do. Never repeats what was sent.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'The field, as a JSON pointer in the form of a fragment: #/summary.' }),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { title: 'Problem details (RFC 9457)' },
);

const RecentAlerts = Type.Object({
  alerts: Type.Array(
    Type.Object(
      {
        at: time('When it came.'),
        result: Type.Union(
          CALLED_NOBODY.map((word) => Type.Literal(word)),
          { description: '`silenced`: its incident is open, and calls at the end of the silence.' },
        ),
        why: Type.String({ description: 'In words.' }),
        source: Type.String(),
        integration: nullable(Type.String({ description: 'Whose key it came with.' })),
        summary: nullable(Type.String()),
        incident: nullable(Type.String({ description: 'Its id.' })),
      },
      { title: 'An alert that called nobody' },
    ),
    { maxItems: 250 },
  ),
});

export const ACTIONS = ['override', 'take', 'swap', 'confirm'] as const;
/** Each action needs some of them. */
const DutyAction = Type.Object(
  {
    action: oneOf(ACTIONS, { description: 'What is wanted.' }),
    ...OverrideSchema.properties,
    ...TakeSchema.properties,
    ...SwapSchema.properties,
    ...ConfirmSchema.properties,
  },
  { title: 'Who takes over whose duty' },
);

/** Over HTTP the status says it. */
const SOFT = ['soft'] as const;

/** By the names that they have in `/openapi.json`. */
export const SCHEMAS = {
  Open,
  Opened,
  Incidents,
  Incident,
  RecentAlerts,
  Answer: IncidentAnswerSchema,
  Timeline: IncidentTimelineSchema,
  Acknowledge: Type.Omit(AcknowledgeSchema, SOFT),
  Resolve: Type.Omit(ResolveSchema, SOFT),
  Escalate: Type.Omit(EscalateSchema, SOFT),
  Snooze: Type.Omit(SnoozeSchema, SOFT),
  HangUp: Type.Omit(HangUpSchema, SOFT),
  DutyAction,
  RemoveOverride: Type.Omit(RemoveSchema, ['number']),
  DutyAnswer: DutyAnswerSchema,
  DutyOverrides: DutyOverridesSchema,
  Problem: ProblemDetails,
} satisfies Record<string, TSchema>;
export type SchemaName = keyof typeof SCHEMAS;

/** As they come: texts. */
export const ListQuery = Type.Object({
  state: Type.Optional(oneOf(INCIDENT_STATE_NAMES)),
  owner: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
      description: "The owner's handle in the policy, or `external`.",
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MOST_LISTED, default: 50, description: 'How many at most.' }),
  ),
});

const IdParameter = Type.String({
  pattern: '^(?:incident/)?[A-Za-z0-9][A-Za-z0-9._-]{0,149}$',
  description: 'The id, with or without `incident/` before it (`%2F` for the slash).',
  examples: ['shop-0a1b2c3d4e5f'],
});

/** By their names in the addresses. */
export const PARAMETERS = {
  id: IdParameter,
  schedule: Type.String({
    pattern: '^[a-z0-9][a-z0-9-]{0,59}$',
    description: 'The name of a schedule.',
    examples: ['web'],
  }),
  number: Type.String({ pattern: '^[1-9][0-9]{0,8}$', description: 'The number of an override.', examples: ['1'] }),
} satisfies Record<string, TSchema>;

/** Without what only the contract's own generator needs, and as plain JSON. */
export function plainSchema(schema: TSchema): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === '$id' ? undefined : value))) as Record<
    string,
    unknown
  >;
}
