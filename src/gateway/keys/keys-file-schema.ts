/**
 * The shape of the file of a gateway's keys as JSON Schema: published as `schemas/gateway-keys.json` (`npm run generate`)
 * for editors, and the one place where its keys are listed.
 */
import { Type, type Static } from 'typebox';
import { INTEGRATION_PATTERN } from '../../routing/routes-file-schema.js';
import { describeLocated, type Located } from '../../yaml-file/located.js';
import { byName, refuseVersion, says, shape, type Refusal } from '../../yaml-file/schema.js';

const HASH_PATTERN = '^sha256:[0-9a-f]{64}$';
const HEADER_PATTERN = '^[A-Za-z0-9-]{1,100}$';
const TOPIC_PATTERN = '^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.{1,256}$';
/** The old one and the new one. */
const MOST_KEYS = 2;
const MOST_PER_MINUTE = 600_000;
export const PERMISSIONS = ['read', 'open', 'respond', 'schedule', 'calendar'] as const;

const MAKES = '`pigeonflow gateway key` makes a key and its hash';

/** What is here instead may be a key itself, so no message repeats it. */
function refuseHash(written: Located): readonly Refusal[] {
  const value = written.kind === 'scalar' ? written.value : null;
  if (new RegExp(HASH_PATTERN).test(String(value))) return [];
  const found = value === null ? describeLocated(written) : 'something else';
  const wanted = 'a hash of a key is sha256: and 64 hexadecimal digits';
  return [{ code: 'no-hash', message: `${wanted}, and here stands ${found}; ${MAKES}` }];
}

const Hash = Type.String({
  pattern: HASH_PATTERN,
  description: 'The SHA-256 of a key; `pigeonflow gateway key` prints both.',
  ...says({ refuse: refuseHash }),
});
const Keys = Type.Union([Hash, Type.Array(Hash, { minItems: 1, maxItems: MOST_KEYS })], {
  description: 'The hash of the key, or of two, so that a key is replaced without a gap.',
  ...says({ why: `the hash of its key; ${MAKES}` }),
});
const perMinute = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_PER_MINUTE, description }));
const HEADER = { allowed: 'it is the name of a header' };

const HmacSchema = shape(
  {
    secretFile: Type.String({
      minLength: 1,
      description: 'File that holds the secret; two lines are two secrets, both valid.',
      ...says({ line: true, most: 4_096, why: 'the file that holds the secret with which the sender signs' }),
    }),
    header: Type.String({
      pattern: HEADER_PATTERN,
      description: 'Header with the signature, hexadecimal.',
      ...says({ ...HEADER, why: 'the header of the signature, such as X-Grafana-Alerting-Signature' }),
    }),
    timestampHeader: Type.Optional(
      Type.String({
        pattern: HEADER_PATTERN,
        description: 'Header with the time of the signature, which is then signed too: at most 5 minutes ago.',
        ...says(HEADER),
      }),
    ),
  },
  'The sender signs each body: HMAC-SHA256 of the body, or of `<timestamp>:<body>`.',
);

const SnsSchema = shape(
  {
    topics: Type.Optional(
      Type.Array(
        Type.String({
          pattern: TOPIC_PATTERN,
          ...says({ what: 'a topic', allowed: 'write its ARN: "arn:aws:sns:<region>:<account>:<name>"' }),
        }),
        {
          minItems: 1,
          maxItems: 100,
          description: 'ARNs of the topics that may send here, and whose subscription is confirmed.',
        },
      ),
    ),
    rawDelivery: Type.Optional(
      Type.Boolean({ description: 'Whether messages may come without their envelope, and so unsigned (false).' }),
    ),
  },
  'For Amazon SNS.',
);

const IntegrationSchema = shape(
  {
    keys: Keys,
    perMinute: perMinute('Alerts a minute that are taken, at each gateway (3000).'),
    hmac: Type.Optional(HmacSchema),
    sns: Type.Optional(SnsSchema),
  },
  'A sender of alerts.',
  { what: 'an integration', spare: true },
);

const Permission = Type.Union(
  PERMISSIONS.map((word) => Type.Literal(word)),
  says({ instead: 'it is read, open, respond, schedule or calendar, or a list of them' }),
);

const OperatorSchema = shape(
  {
    keys: Keys,
    may: Type.Union([Permission, Type.Array(Permission, { minItems: 1, maxItems: PERMISSIONS.length })], {
      description:
        '`read`: list and show incidents; `open`: open them; `respond`: acknowledge, resolve, escalate, snooze, hang up; `schedule`: make and remove overrides of schedules; `calendar`: read schedules as calendars, the only one that a key in an address may have.',
      ...says({ why: 'what it may do: [read, open, respond, schedule], or one of them' }),
    }),
    perMinute: perMinute('Requests a minute that are taken, at each gateway (3000).'),
  },
  'A person or program that uses the incident API.',
  { what: 'an operator', spare: true },
);

const ALLOWED = 'a name has 1 to 100 characters and no spaces';

export const GatewayKeysSchema = Type.Object(
  {
    version: Type.Optional(
      Type.Literal(1, { description: 'Version of this format.', ...says({ spare: true, refuse: refuseVersion() }) }),
    ),
    integrations: Type.Optional(
      byName(
        IntegrationSchema,
        INTEGRATION_PATTERN,
        { description: 'Senders of alerts by name; routing rules ask for the name as `integration`.' },
        { spare: true, names: { what: 'an integration', allowed: ALLOWED } },
      ),
    ),
    operators: Type.Optional(
      byName(
        OperatorSchema,
        INTEGRATION_PATTERN,
        { description: 'Users of the incident API by name.' },
        { spare: true, names: { what: 'an operator', allowed: ALLOWED } },
      ),
    ),
    pigeon: Type.Optional(shape({ keys: Keys }, "Pigeon's webhook.", { spare: true })),
  },
  {
    $id: 'gateway-keys',
    title: 'File of the keys of a pigeonflow gateway',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
    ...says({
      what: 'a file of keys',
      hints: {
        sources: 'it is called `integrations`',
        users: 'it is called `operators`',
        keys: 'it belongs to a name',
      },
    }),
  },
);

/** Words that messages may repeat. */
export const WORDS: ReadonlySet<string> = new Set([
  ...[GatewayKeysSchema, IntegrationSchema, OperatorSchema, HmacSchema, SnsSchema].flatMap(({ properties }) =>
    Object.keys(properties),
  ),
  ...PERMISSIONS,
]);

export type KeysFile = Static<typeof GatewayKeysSchema>;
