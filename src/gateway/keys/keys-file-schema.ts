/**
 * The shape of the file of a gateway's keys as JSON Schema: published as `schemas/gateway-keys.json` (`npm run generate`)
 * for editors, and the one place where its keys are listed.
 */
import { Type, type TProperties } from 'typebox';
import { INTEGRATION_PATTERN } from '../../routing/routes-file-schema.js';

export const HASH_PATTERN = '^sha256:[0-9a-f]{64}$';
export const HEADER_PATTERN = '^[A-Za-z0-9-]{1,100}$';
export const TOPIC_PATTERN = '^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.{1,256}$';
/** The old one and the new one. */
export const MOST_KEYS = 2;
export const MOST_PER_MINUTE = 600_000;
export const PERMISSIONS = ['read', 'open', 'respond'] as const;

const shape = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { description, additionalProperties: false, patternProperties: { '^x-': {} } });

const Hash = Type.String({
  pattern: HASH_PATTERN,
  description: 'The SHA-256 of a key; `pigeonflow gateway key` prints both.',
});
const Keys = Type.Union([Hash, Type.Array(Hash, { minItems: 1, maxItems: MOST_KEYS })], {
  description: 'The hash of the key, or of two, so that a key is replaced without a gap.',
});

export const HmacSchema = shape(
  {
    secretFile: Type.String({
      minLength: 1,
      description: 'File that holds the secret; two lines are two secrets, both valid.',
    }),
    header: Type.String({ pattern: HEADER_PATTERN, description: 'Header with the signature, hexadecimal.' }),
    timestampHeader: Type.Optional(
      Type.String({
        pattern: HEADER_PATTERN,
        description: 'Header with the time of the signature, which is then signed too: at most 5 minutes ago.',
      }),
    ),
  },
  'The sender signs each body: HMAC-SHA256 of the body, or of `<timestamp>:<body>`.',
);

export const SnsSchema = shape(
  {
    topics: Type.Optional(
      Type.Array(Type.String({ pattern: TOPIC_PATTERN }), {
        minItems: 1,
        maxItems: 100,
        description: 'ARNs of the topics that may send here, and whose subscription is confirmed.',
      }),
    ),
    rawDelivery: Type.Optional(
      Type.Boolean({ description: 'Whether messages may come without their envelope, and so unsigned (false).' }),
    ),
  },
  'For Amazon SNS.',
);

export const IntegrationSchema = shape(
  {
    keys: Keys,
    perMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_PER_MINUTE,
        description: 'Alerts a minute that are taken, at each gateway (3000).',
      }),
    ),
    hmac: Type.Optional(HmacSchema),
    sns: Type.Optional(SnsSchema),
  },
  'A sender of alerts.',
);

export const OperatorSchema = shape(
  {
    keys: Keys,
    may: Type.Union(
      [
        Type.Union(PERMISSIONS.map((word) => Type.Literal(word))),
        Type.Array(Type.Union(PERMISSIONS.map((word) => Type.Literal(word))), { minItems: 1, maxItems: 3 }),
      ],
      {
        description:
          '`read`: list and show incidents; `open`: open them; `respond`: acknowledge, resolve, escalate, snooze, hang up.',
      },
    ),
    perMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_PER_MINUTE,
        description: 'Requests a minute that are taken, at each gateway (3000).',
      }),
    ),
  },
  'A person or program that uses the incident API.',
);

export const PigeonSchema = shape({ keys: Keys }, "Pigeon's webhook.");

export const GatewayKeysSchema = Type.Object(
  {
    version: Type.Optional(Type.Literal(1, { description: 'Version of this format.' })),
    integrations: Type.Optional(
      Type.Object(
        {},
        {
          propertyNames: { pattern: INTEGRATION_PATTERN },
          additionalProperties: IntegrationSchema,
          description: 'Senders of alerts by name; routing rules ask for the name as `integration`.',
        },
      ),
    ),
    operators: Type.Optional(
      Type.Object(
        {},
        {
          propertyNames: { pattern: INTEGRATION_PATTERN },
          additionalProperties: OperatorSchema,
          description: 'Users of the incident API by name.',
        },
      ),
    ),
    pigeon: Type.Optional(PigeonSchema),
  },
  {
    $id: 'gateway-keys',
    title: 'File of the keys of a pigeonflow gateway',
    additionalProperties: false,
    patternProperties: { '^x-': {} },
  },
);
