import { INTEGRATION_PATTERN } from '../../routing/routes-file-schema.js';
import { readChoice, readOneOrMore, readBoolean, readLine, readWhole, readWord } from '../../yaml-file/values.js';
import { type Place, type Problem, Reading } from '../../yaml-file/problem.js';
import { Fields, readNamed } from '../../yaml-file/fields.js';
import { describeLocated, type Located } from '../../yaml-file/located.js';
import { parseYaml } from '../../yaml-file/parse-yaml.js';
import {
  GatewayKeysSchema,
  HASH_PATTERN,
  HEADER_PATTERN,
  HmacSchema,
  IntegrationSchema,
  MOST_KEYS,
  MOST_PER_MINUTE,
  OperatorSchema,
  PERMISSIONS,
  PigeonSchema,
  SnsSchema,
  TOPIC_PATTERN,
} from './keys-file-schema.js';
import type { GatewayKeys, Hmac, Integration, KeyHolder, Operator } from './keys.js';

export type KeysReading =
  | { readonly ok: true; readonly keys: GatewayKeys; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Enough for a storm of the alerts of one tool; far below what would harm Temporal. */
const PER_MINUTE = 3_000;

/**
 * Reads a file of keys (YAML). Shows all mistakes in one go, and repeats no value in its messages: somebody may have
 * written a key where its hash belongs.
 */
export function readKeys(text: string): KeysReading {
  const reading = new Reading();
  const located = parseYaml(text, reading, 'docs/how-to/run-the-gateway.md has one to begin with');
  const keys = located && readFile(located, reading);
  const problems = reading.found.map((problem) => ({ ...problem, message: withoutValues(problem.message, text) }));
  if (keys === undefined || reading.hasErrors) return { ok: false, problems };
  return { ok: true, keys, problems };
}

/** What stands in quotes, but for the words of this format, is as it stands in the file. */
function withoutValues(message: string, text: string): string {
  return message.replaceAll(/"(.+?)"(?=[\s;,.:?]|$)/g, (quoted, value: string) =>
    WORDS.has(value) || !text.includes(value.replace(/…$/, '')) ? quoted : '"…"',
  );
}

const WORDS: ReadonlySet<string> = new Set([
  ...[GatewayKeysSchema, IntegrationSchema, OperatorSchema, HmacSchema, SnsSchema, PigeonSchema].flatMap(
    ({ properties }) => Object.keys(properties),
  ),
  ...PERMISSIONS,
]);

const HINTS = {
  sources: 'it is called `integrations`',
  users: 'it is called `operators`',
  keys: 'it belongs to a name',
};

function readFile(located: Located, reading: Reading): GatewayKeys | undefined {
  const fields = Fields.read(located, { what: 'a file of keys', schema: GatewayKeysSchema, hints: HINTS }, reading);
  if (fields === undefined) return undefined;
  const version = fields.get('version');
  if (version !== undefined && (version.kind !== 'scalar' || version.value !== 1)) {
    reading.error('version', version.place, 'this pigeonflow reads version 1; write version: 1, or remove the line');
  }
  const seen = new Map<string, string>();
  const named = <T>(key: string, what: string, read: (name: string, value: Located) => T | undefined) => {
    const field = fields.get(key);
    const allowed = 'a name has 1 to 100 characters and no spaces';
    const shape = { what: `\`${key}\``, each: { what, pattern: INTEGRATION_PATTERN, allowed } };
    if (field === undefined) return [];
    return [...readNamed(field, shape, reading, (entry) => read(entry.key, entry.value)).values()];
  };
  const pigeonField = fields.get('pigeon');
  const pigeon = pigeonField === undefined ? null : readPigeon(pigeonField, seen, reading);
  const keys = {
    integrations: named('integrations', 'an integration', (name, value) => readIntegration(name, value, seen, reading)),
    operators: named('operators', 'an operator', (name, value) => readOperator(name, value, seen, reading)),
    pigeon: pigeon ?? null,
  };
  if (fields.get('integrations') === undefined && fields.get('operators') === undefined) {
    reading.warning('no-keys', located.place, 'the file has neither `integrations` nor `operators`: nobody may send');
  }
  return keys;
}

function readIntegration(
  name: string,
  located: Located,
  seen: Map<string, string>,
  reading: Reading,
): Integration | undefined {
  const fields = Fields.read(located, { what: 'an integration', schema: IntegrationSchema }, reading);
  const holder = fields && readHolder(name, fields, seen, reading);
  const hmacField = fields?.get('hmac');
  const hmac = hmacField === undefined ? null : readHmac(hmacField, reading);
  const snsField = fields?.get('sns');
  const sns = snsField && Fields.read(snsField, { what: '`sns`', schema: SnsSchema }, reading);
  const topicsField = sns?.get('topics');
  const topics =
    topicsField === undefined
      ? []
      : readOneOrMore(topicsField, '`topics`', 100, reading, (item) =>
          readWord(
            item,
            {
              what: 'a topic',
              pattern: TOPIC_PATTERN,
              allowed: 'write its ARN: "arn:aws:sns:<region>:<account>:<name>"',
            },
            reading,
          ),
        );
  const rawField = sns?.get('rawDelivery');
  const rawDelivery = rawField === undefined ? false : readBoolean(rawField, '`rawDelivery`', reading);
  if (holder === undefined || hmac === undefined || rawDelivery === undefined) return undefined;
  return { ...holder, hmac, topics: topics.map(({ value }) => value), rawDelivery };
}

function readOperator(
  name: string,
  located: Located,
  seen: Map<string, string>,
  reading: Reading,
): Operator | undefined {
  const fields = Fields.read(located, { what: 'an operator', schema: OperatorSchema }, reading);
  const holder = fields && readHolder(name, fields, seen, reading);
  const mayField = fields?.require('may', 'what it may do: [read, open, respond], or one of them');
  const may =
    mayField &&
    readOneOrMore(mayField, '`may`', PERMISSIONS.length, reading, (item) =>
      readChoice(item, '`may`', PERMISSIONS, () => '; it is read, open or respond, or a list of them', reading),
    );
  if (holder === undefined || may === undefined) return undefined;
  return { ...holder, may: may.map(({ value }) => value) };
}

function readPigeon(located: Located, seen: Map<string, string>, reading: Reading): KeyHolder | undefined {
  const fields = Fields.read(located, { what: '`pigeon`', schema: PigeonSchema }, reading);
  return fields && readHolder('pigeon', fields, seen, reading);
}

function readHolder(name: string, fields: Fields, seen: Map<string, string>, reading: Reading): KeyHolder | undefined {
  const keysField = fields.require('keys', 'the hash of its key; `pigeonflow gateway key` makes a key and its hash');
  const hashes =
    keysField && readOneOrMore(keysField, '`keys`', MOST_KEYS, reading, (item) => readHash(item, name, seen, reading));
  const rateField = fields.get('perMinute');
  const perMinute =
    rateField === undefined
      ? PER_MINUTE
      : readWhole(rateField, { what: '`perMinute`', most: MOST_PER_MINUTE }, reading)?.value;
  if (hashes === undefined || perMinute === undefined) return undefined;
  return { name, hashes, perMinute };
}

function readHash(located: Located, name: string, seen: Map<string, string>, reading: Reading): Buffer | undefined {
  const { place } = located;
  const written = located.kind === 'scalar' ? String(located.value) : '';
  if (!new RegExp(HASH_PATTERN).test(written)) {
    reading.error('no-hash', place, `${wantedHash(located)}; \`pigeonflow gateway key\` makes a key and its hash`);
    return undefined;
  }
  if (isTwice(written, name, seen, place, reading)) return undefined;
  return Buffer.from(written.slice('sha256:'.length), 'hex');
}

/** What stands here may be a key itself. */
function wantedHash(located: Located): string {
  const what = located.kind === 'scalar' && located.value !== null ? 'something else' : describeLocated(located);
  return `a hash of a key is sha256: and 64 hexadecimal digits, and here stands ${what}`;
}

function isTwice(hash: string, name: string, seen: Map<string, string>, place: Place, reading: Reading): boolean {
  const other = seen.get(hash);
  seen.set(hash, name);
  if (other === undefined) return false;
  reading.error('hash-twice', place, `${other} has the same key: nobody could tell whose it is; make one for each`);
  return true;
}

function readHmac(located: Located, reading: Reading): Hmac | undefined {
  const fields = Fields.read(located, { what: '`hmac`', schema: HmacSchema }, reading);
  const fileField = fields?.require('secretFile', 'the file that holds the secret with which the sender signs');
  const headerField = fields?.require('header', 'the header of the signature, such as X-Grafana-Alerting-Signature');
  const timestampField = fields?.get('timestampHeader');
  const header = (field: Located, what: string) =>
    readWord(field, { what, pattern: HEADER_PATTERN, allowed: 'it is the name of a header' }, reading);
  const secretFile = fileField && readLine(fileField, '`secretFile`', 4_096, reading);
  const name = headerField && header(headerField, '`header`');
  const timestamp = timestampField && header(timestampField, '`timestampHeader`');
  if (secretFile === undefined || name === undefined) return undefined;
  return {
    secretFile: secretFile.value,
    header: name.value.toLowerCase(),
    timestampHeader: timestamp?.value.toLowerCase() ?? null,
  };
}
