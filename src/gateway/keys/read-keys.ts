import { type Problem, Problems } from '../../yaml-file/problem.js';
import { readYamlFile, type YamlFile } from '../../yaml-file/read-file.js';
import type { Path } from '../../yaml-file/schema.js';
import { GatewayKeysSchema, WORDS, type KeysFile } from './keys-file-schema.js';
import type { GatewayKeys, KeyHolder } from './keys.js';

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
  const found = new Problems();
  const example = 'docs/how-to/run-the-gateway.md has one to begin with';
  const file = readYamlFile(text, GatewayKeysSchema, found, example);
  if (file?.value !== undefined) check(file, file.value, found);
  const problems = found.found.map((problem) => ({ ...problem, message: withoutValues(problem.message, text) }));
  if (file?.value === undefined || found.hasErrors) return { ok: false, problems };
  return { ok: true, keys: keysOf(file.value), problems };
}

/** What is in quotes, but for the words of this format, is as it is in the file. */
function withoutValues(message: string, text: string): string {
  return message.replaceAll(/"(.+?)"(?=[\s;,.:?]|$)/g, (quoted, value: string) =>
    WORDS.has(value) || !text.includes(value.replace(/…$/, '')) ? quoted : '"…"',
  );
}

function check(file: YamlFile<KeysFile>, { integrations = {}, operators = {}, pigeon }: KeysFile, problems: Problems) {
  const seen = new Map<string, string>();
  const checkOnce = (name: string, { keys }: { readonly keys: Keys }, path: Path) => {
    for (const [index, hash] of [keys].flat().entries()) {
      const other = seen.get(hash);
      seen.set(hash, name);
      if (other === undefined) continue;
      const message = `${other} has the same key: nobody could tell whose it is; make one for each`;
      problems.error('hash-twice', file.at([...path, 'keys', index]), message);
    }
  };
  for (const [name, holder] of Object.entries(integrations)) checkOnce(name, holder, ['integrations', name]);
  for (const [name, holder] of Object.entries(operators)) checkOnce(name, holder, ['operators', name]);
  if (pigeon !== undefined) checkOnce('pigeon', pigeon, ['pigeon']);
  if (problems.hasErrors || Object.keys({ ...integrations, ...operators }).length > 0) return;
  problems.warning('no-keys', file.at([]), 'the file has neither `integrations` nor `operators`: nobody may send');
}

type Keys = string | string[];

function keysOf({ integrations = {}, operators = {}, pigeon }: KeysFile): GatewayKeys {
  return {
    integrations: Object.entries(integrations).map(([name, { hmac, sns, ...holder }]) => ({
      ...holderOf(name, holder),
      hmac:
        hmac === undefined
          ? null
          : {
              secretFile: hmac.secretFile,
              header: hmac.header.toLowerCase(),
              timestampHeader: hmac.timestampHeader?.toLowerCase() ?? null,
            },
      topics: sns?.topics ?? [],
      rawDelivery: sns?.rawDelivery ?? false,
    })),
    operators: Object.entries(operators).map(([name, operator]) => ({
      ...holderOf(name, operator),
      may: [operator.may].flat(),
    })),
    pigeon: pigeon === undefined ? null : holderOf('pigeon', pigeon),
  };
}

function holderOf(name: string, { keys, perMinute = PER_MINUTE }: { keys: Keys; perMinute?: number }): KeyHolder {
  const hashes = [keys].flat().map((hash) => Buffer.from(hash.slice('sha256:'.length), 'hex'));
  return { name, hashes, perMinute };
}
