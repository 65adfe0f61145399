/**
 * The shape of a routing file as JSON Schema: published as `schemas/routes.json` (`npm run generate`) for editors, and the
 * one place where its keys are listed. What a schema cannot say (unreachable rules, unknown policies, ...) is said by
 * `readRoutes`.
 */
import { Type, type TProperties, type TSchema } from 'typebox';
import { DURATION_PATTERN } from '../contract/duration.js';
import { oneOf } from '../contract/one-of.js';
import { SEVERITIES } from '../contract/severity.js';
import { PARAMETER_PATTERN, POLICY_NAME_PATTERN } from '../policy/policy-file-schema.js';

export const RULE_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,59}$';
export const INTEGRATION_PATTERN = '^[^\\s\\u0000-\\u001f]{1,100}$';
export const TIME_OF_DAY_PATTERN = '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$';
export const DAYS_PATTERN = '^(?:sun|mon|tue|wed|thu|fri|sat)(?:-(?:sun|mon|tue|wed|thu|fri|sat))?$';

export const MOST = {
  rules: 500,
  values: 100,
  texts: 10,
  textLength: 2_000,
  patternLength: 500,
  labelLength: 200,
} as const;

const shape = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { description, additionalProperties: false, patternProperties: { '^x-': {} } });
const oneOrMore = (schema: TSchema, most: number, description: string) =>
  Type.Union([schema, Type.Array(schema, { minItems: 1, maxItems: most })], { description });

const template = Type.String({
  minLength: 1,
  maxLength: MOST.textLength,
  description:
    'Text with {{summary}}, {{severity}}, {{source}}, {{integration}}, {{startedAt}}, {{link}}, {{labels.name}} or {{parameters.name}}.',
});
const Parameters = Type.Object(
  {},
  {
    additionalProperties: oneOrMore(
      template,
      MOST.texts,
      'A text, or several, of which the first is taken whose values are all there.',
    ),
    propertyNames: { pattern: PARAMETER_PATTERN },
    description: 'All that fills {{name}} in the texts of the policy.',
  },
);
const severity = oneOf(SEVERITIES);
const timeZone = Type.String({ description: 'IANA time zone of days and times of day, such as Asia/Tokyo.' });

export const TimeSchema = shape(
  {
    days: Type.Optional(
      oneOrMore(
        Type.String({ pattern: DAYS_PATTERN }),
        7,
        'Days of the week on which it begins: sat, or mon-fri (all).',
      ),
    ),
    from: Type.Optional(
      Type.String({ description: 'Time of day, "09:00"; or once, 2026-12-01T22:00:00+09:00 (RFC 3339).' }),
    ),
    to: Type.Optional(Type.String({ description: 'As `from`; earlier than it: on the next day. Not part of it.' })),
    timeZone: Type.Optional(timeZone),
  },
  'When the alert arrives: some days and times of each week, or once from one moment to another.',
);

export const MatchesSchema = shape(
  {
    matches: Type.String({
      minLength: 1,
      maxLength: MOST.patternLength,
      description: 'Regular expression for the whole value.',
    }),
  },
  'A pattern.',
);

const Label = Type.Union([
  oneOrMore(
    Type.Union([Type.String({ maxLength: MOST.textLength }), Type.Number(), Type.Boolean()]),
    MOST.values,
    'The value, or several, of which it is one.',
  ),
  MatchesSchema,
]);

export const WhenSchema = shape(
  {
    integration: Type.Optional(
      oneOrMore(Type.String({ pattern: INTEGRATION_PATTERN }), MOST.values, 'Name of the key with which it was sent.'),
    ),
    source: Type.Optional(oneOrMore(Type.String(), MOST.values, 'Format of the alert, such as alertmanager.')),
    severity: Type.Optional(oneOrMore(severity, 4, 'How bad it is.')),
    labels: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: Label, minProperties: 1, description: 'What each of these labels must be.' },
      ),
    ),
    time: Type.Optional(oneOrMore(TimeSchema, MOST.values, 'When it arrives: one of these.')),
  },
  'What an alert must be like: all of it.',
);

export const GroupSchema = shape(
  {
    by: oneOrMore(template, MOST.texts, 'Alerts for which this reads the same are one incident.'),
    window: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description: 'A new incident for each such span, 1h. Without it: for as long as the incident is open.',
      }),
    ),
  },
  'Many alerts, one incident.',
);

export const RuleSchema = shape(
  {
    name: Type.String({ pattern: RULE_NAME_PATTERN, description: 'Shown wherever the rule is spoken of.' }),
    when: Type.Optional(WhenSchema),
    policy: Type.Optional(
      Type.String({ pattern: POLICY_NAME_PATTERN, description: 'Name of the policy that calls; or `ignore`.' }),
    ),
    parameters: Type.Optional(Parameters),
    group: Type.Optional(GroupSchema),
    resolves: Type.Optional(
      Type.Boolean({
        description:
          'Whether the incident is resolved when the sender says that it is over (true; false with `group`).',
      }),
    ),
    ignore: Type.Optional(Type.Literal(true, { description: 'Nobody is called; or `policy`.' })),
  },
  'One rule: the first whose conditions are met takes the alert.',
);

export const RoutesFileSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'Version of this format.' })),
    timeZone: Type.Optional(timeZone),
    parameters: Type.Optional(Parameters),
    severities: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: severity,
          minProperties: 1,
          description: 'What words of your own mean, `警戒: critical`; they win over the table of all words.',
        },
      ),
    ),
    rules: Type.Array(RuleSchema, {
      minItems: 1,
      maxItems: MOST.rules,
      description: 'In order: the first that fits takes the alert.',
    }),
  },
  {
    $id: 'routes',
    title: 'Routing file of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
  },
);
