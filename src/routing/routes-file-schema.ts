/**
 * The routing file, declared once: its JSON Schema, published as `schemas/routes.json` (`npm run generate`) for editors, and
 * what messages say of each part. What concerns several rules, or policies and sources, is in `check-rules.ts`.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { DURATION_PATTERN } from '../contract/duration.js';
import { SEVERITIES } from '../contract/severity.js';
import { PARAMETER_PATTERN, POLICY_NAME_PATTERN } from '../policy/policy-file-schema.js';
import { byName, refuseVersion, says, shape, type Says } from '../yaml-file/schema.js';
import { refuseTimeZone } from '../yaml-file/time-zone.js';
import {
  checkAlternatives,
  checkGroupText,
  checkIntegration,
  checkLabelValue,
  checkPattern,
  checkSeverities,
  checkTemplate,
  labelAt,
  MAX_RULES,
  MAX_VALUES,
  parameterAt,
  refuseIgnore,
  refuseLabelName,
  refuseRules,
  refuseSeverities,
  refuseWord,
  severityInstead,
  wantsMapping,
} from './values.js';
import { checkTime, DAYS_PATTERN, refuseDay, refuseMoment } from './written-time.js';

const RULE_NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,59}$';
export const INTEGRATION_PATTERN = '^[^\\s\\u0000-\\u001f]{1,100}$';

const MAX_TEXTS = 10;
const MAX_TEXT_LENGTH = 2_000;
const MAX_PATTERN_LENGTH = 500;
const MAX_SOURCE_LENGTH = 200;

const oneOrMore = <T extends TSchema>(schema: T, most: number, description: string, words: Says = {}) =>
  Type.Union([schema, Type.Array(schema, { minItems: 1, maxItems: most })], { description, ...says(words) });

const template = (words: Says) =>
  Type.String({
    minLength: 1,
    maxLength: MAX_TEXT_LENGTH,
    description:
      'Text with {{summary}}, {{severity}}, {{source}}, {{integration}}, {{startedAt}}, {{link}}, {{labels.name}} or {{parameters.name}}.',
    ...says(words),
  });
const Parameters = byName(
  oneOrMore(
    template({ what: parameterAt, check: checkTemplate }),
    MAX_TEXTS,
    'A text, or several, of which the first is taken whose values are all there.',
    { what: parameterAt, check: checkAlternatives },
  ),
  PARAMETER_PATTERN,
  { description: 'All that fills {{name}} in the texts of the policy.' },
  {
    spare: true,
    refuse: wantsMapping(
      '`parameters` gives each name a text, such as parameters: { server: "{{labels.instance}}", incident: "{{summary}}" }',
    ),
    names: {
      what: 'the name of a parameter',
      allowed: 'it has no spaces and no braces, such as "server", which the policy uses as {{server}}',
      free: true,
    },
  },
);
const severity = (words: Says = {}) =>
  Type.Union(
    SEVERITIES.map((word) => Type.Literal(word)),
    says({ what: 'a severity', instead: severityInstead, ...words }),
  );
const timeZone = (words: Says = {}) =>
  Type.String({
    description: 'IANA time zone of days and times of day, such as Asia/Tokyo.',
    ...says({ refuse: refuseTimeZone, ...words }),
  });

const Time = shape(
  {
    days: Type.Optional(
      oneOrMore(
        Type.String({ pattern: DAYS_PATTERN, ...says({ refuse: refuseDay }) }),
        7,
        'Days of the week on which it begins: sat, or mon-fri (all).',
      ),
    ),
    from: Type.Optional(
      Type.String({
        description: 'Time of day, "09:00"; or once, 2026-12-01T22:00:00+09:00 (RFC 3339).',
        ...says({ refuse: refuseMoment }),
      }),
    ),
    to: Type.Optional(
      Type.String({
        description: 'As `from`; earlier than it: on the next day. Not part of it.',
        ...says({ refuse: refuseMoment }),
      }),
    ),
    timeZone: Type.Optional(timeZone()),
  },
  'When the alert arrives: some days and times of each week, or once from one moment to another.',
  {
    check: checkTime,
    hints: {
      date: 'write the moments: from: 2026-12-01T22:00:00+09:00, to: 2026-12-02T02:00:00+09:00',
      weekly: 'write `days`, `from` and `to` here: they repeat each week',
      until: 'it is called `to`',
      start: 'it is called `from`',
      end: 'it is called `to`',
      zone: 'it is called `timeZone`',
    },
  },
);

const NEGATION = 'there is no "not": put a rule for what is not meant above this one';
const MATCHES = 'it is called `matches`';
const Matches = shape(
  {
    matches: Type.String({
      minLength: 1,
      maxLength: MAX_PATTERN_LENGTH,
      description: 'Regular expression for the whole value.',
      ...says({
        what: (path) => `\`matches\` of ${labelAt(path)}`,
        why: 'a regular expression, such as "web-\\d+"',
        check: checkPattern,
      }),
    }),
  },
  'A pattern.',
  {
    what: labelAt,
    hints: {
      regex: MATCHES,
      pattern: MATCHES,
      not: NEGATION,
      notMatches: NEGATION,
      notIn: NEGATION,
      except: NEGATION,
    },
  },
);

const LabelValue = Type.Unsafe<string>(
  Type.Union(
    [Type.String({ maxLength: MAX_TEXT_LENGTH }), Type.Number(), Type.Boolean()],
    says({ written: true, most: MAX_TEXT_LENGTH, what: labelAt, check: checkLabelValue }),
  ),
);
const Label = Type.Union([
  oneOrMore(LabelValue, MAX_VALUES, 'The value, or several, of which it is one.', { what: labelAt }),
  Matches,
]);

const Labels = byName(
  Label,
  undefined,
  { minProperties: 1, description: 'What each of these labels must be.' },
  {
    refuse: wantsMapping(
      '`labels` gives names their values, such as { team: db }',
      '`labels` is empty and asks for nothing; write a label, or remove it',
    ),
    names: { what: 'the name of a label', allowed: 'it is a text', free: true, refuse: refuseLabelName },
  },
);

const When = shape(
  {
    integration: Type.Optional(
      oneOrMore(
        Type.String({
          pattern: INTEGRATION_PATTERN,
          ...says({ what: 'the name of an integration', allowed: 'it has no spaces', check: checkIntegration }),
        }),
        MAX_VALUES,
        'Name of the key with which it was sent.',
      ),
    ),
    source: Type.Optional(
      oneOrMore(
        Type.String(says({ written: true, most: MAX_SOURCE_LENGTH })),
        MAX_VALUES,
        'Format of the alert, such as alertmanager.',
      ),
    ),
    severity: Type.Optional(oneOrMore(severity(), 4, 'How bad it is.')),
    labels: Type.Optional(Labels),
    time: Type.Optional(oneOrMore(Time, MAX_VALUES, 'When it arrives: one of these.')),
  },
  'What an alert must be like: all of it.',
  {
    spare: true,
    hints: {
      label: 'it is called `labels`: labels: { team: db }',
      match: 'write each condition by its name: labels: { team: db }',
      days: 'it belongs into `time`: time: { days: mon-fri, from: "09:00", to: "18:00" }',
      from: 'it belongs into `time`: time: { from: "22:00", to: "06:00" }',
      to: 'it belongs into `time`: time: { from: "22:00", to: "06:00" }',
      receiver: 'the receiver of Alertmanager is told by its key: integration: <name of the key>',
      alertname: 'it is a label: labels: { alertname: … }',
    },
  },
);

const Group = shape(
  {
    by: oneOrMore(
      template({ check: checkGroupText }),
      MAX_TEXTS,
      'Alerts for which this reads the same are one incident.',
      { why: 'alerts for which it reads the same are one incident, such as by: "{{labels.cluster}}"' },
    ),
    window: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description: 'A new incident for each such span, 1h. Without it: for as long as the incident is open.',
        ...says({
          duration: {
            longest: '30d',
            why: 'without it the group lasts for as long as its incident is open',
            shortest: { duration: '5m', why: 'what belongs together often comes minutes apart' },
          },
        }),
      }),
    ),
  },
  'Many alerts, one incident.',
  { spare: true },
);

const INTO_WHEN = 'it belongs into `when`';
const OF_CALLS = {
  parameters: Type.Optional(Parameters),
  group: Type.Optional(Group),
  resolves: Type.Optional(
    Type.Boolean({
      description: 'Whether the incident is resolved when the sender says that it is over (true; false with `group`).',
      ...says({ spare: true }),
    }),
  ),
};

const Rule = shape(
  {
    name: Type.String({
      pattern: RULE_NAME_PATTERN,
      description: 'Shown wherever the rule is spoken of.',
      ...says({
        what: 'the name of a rule',
        why: 'by which it is spoken of, such as name: database',
        allowed: 'it has 1 to 60 small letters, digits and hyphens, such as "database"',
      }),
    }),
    when: Type.Optional(When),
    policy: Type.Optional(
      Type.String({
        pattern: POLICY_NAME_PATTERN,
        description: 'Name of the policy that calls; or `ignore`.',
        ...says({
          allowed:
            'the name of a policy has 1 to 60 small letters, digits and hyphens; it is the name of its file, without ".yaml"',
        }),
      }),
    ),
    ...OF_CALLS,
    ignore: Type.Optional(
      Type.Literal(true, {
        description: 'Nobody is called; or `policy`.',
        ...says({
          refuse: refuseIgnore,
        }),
      }),
    ),
  },
  'One rule: the first whose conditions are met takes the alert.',
  {
    what: 'a rule',
    either: [
      {
        keys: ['ignore', 'policy'],
        why: 'the name of the policy that calls; or `ignore: true`, so that nobody is called',
      },
    ],
    ignored: {
      by: 'ignore',
      keys: ['policy', ...Object.keys(OF_CALLS)],
      refuse: (key) => ({
        code: 'ignored-key',
        message: `\`${key}\` would be ignored: this rule ignores its alerts; remove one of the two`,
      }),
    },
    hints: {
      integration: INTO_WHEN,
      source: INTO_WHEN,
      severity: INTO_WHEN,
      labels: INTO_WHEN,
      time: INTO_WHEN,
      match: 'it is called `when`',
      if: 'it is called `when`',
      groupBy: 'write group: { by: "{{labels.cluster}}" }',
      window: 'it belongs into `group`',
      timeZone: 'it belongs to the top of the file, or into `time`',
    },
  },
);
export type WrittenRule = Static<typeof Rule>;

export const RoutesFileSchema = Type.Object(
  {
    version: Type.Optional(
      Type.Literal(1, {
        description: 'Version of this format.',
        ...says({ refuse: refuseVersion('routing files'), spare: true }),
      }),
    ),
    timeZone: Type.Optional(timeZone({ spare: true })),
    parameters: Type.Optional(Parameters),
    severities: Type.Optional(
      byName(
        severity({ spare: true }),
        undefined,
        {
          minProperties: 1,
          description: 'What words of your own mean, `警戒: critical`; they win over the table of all words.',
        },
        {
          check: checkSeverities,
          refuse: refuseSeverities,
          names: { what: 'a word', allowed: 'it is a text', free: true, refuse: refuseWord },
        },
      ),
    ),
    rules: Type.Array(Rule, {
      minItems: 1,
      maxItems: MAX_RULES,
      description: 'In order: the first that fits takes the alert.',
      ...says({
        why: 'which alerts call whom, in order, such as rules: [{ name: everything, policy: one-person }]',
        refuse: refuseRules,
      }),
    }),
  },
  {
    $id: 'routes',
    title: 'Routing file of pigeonflow',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({
      what: 'a routing file',
      hints: {
        routes: 'it is called `rules`',
        when: 'it belongs to a rule: rules: [{ name: …, when: …, policy: … }]',
        policy: 'it belongs to a rule: rules: [{ name: …, policy: … }]',
        severity: 'what words of your own mean is called `severities`: severities: { 警戒: critical }',
        maintenance:
          'a maintenance window is a rule at the top of `rules`: { name: …, when: { time: { from: …, to: … } }, ignore: true }',
      },
    }),
  },
);
export type RoutesFile = Static<typeof RoutesFileSchema>;
