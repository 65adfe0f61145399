/**
 * The kinds of settings. Each one has the variables of a field of a configuration, how they are read and checked, and what
 * `--help` and the reference say of them.
 */
import { existsSync } from 'node:fs';
import { namedFile } from './named-file.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Wrong or missing configuration; `problems` has a line for each, naming the variable and what it must be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

export interface Setting<T> {
  readonly rows: readonly Row[];
  /** Adds what is wrong to `problems`, and gives something to continue with. */
  readonly read: (env: Environment, problems: string[]) => T;
  /** For people and logs, where the value may hold a secret. */
  shown?(value: T): unknown;
}

/** What `--help` and the reference say, in Markdown; `--help` leaves the marks out. */
export interface Row {
  readonly names: readonly string[];
  readonly default: string;
  readonly meaning: string;
  /** For the reference alone. */
  readonly more?: string;
}

/** The settings of a program, by the fields of its configuration. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type ConfigOf<S extends Settings> = { readonly [Field in keyof S]: ReturnType<S[Field]['read']> };

interface Words {
  readonly name: string;
  readonly meaning: string;
  readonly more?: string;
}

const rowOf = ({ meaning, more }: Omit<Words, 'name'>, names: readonly string[], otherwise: string): Row => ({
  names,
  default: otherwise,
  meaning,
  ...(more !== undefined && { more }),
});
const code = (value: string | number): string => `\`${value}\``;

export function text({ name, otherwise, ...words }: Words & { readonly otherwise: string }): Setting<string> {
  return { rows: [rowOf(words, [name], code(otherwise))], read: (env) => env[name] || otherwise };
}

/** The same variable, as another value. */
export const mapped = <T, U>({ rows, read }: Setting<T>, to: (value: T) => U): Setting<U> => ({
  rows,
  read: (env, problems) => to(read(env, problems)),
});

interface NumberWords extends Words {
  readonly from: number;
  readonly to: number;
  readonly otherwise: number;
  readonly whole?: boolean;
}

export function number({ name, from, to, otherwise, whole = false, ...words }: NumberWords): Setting<number> {
  return {
    rows: [rowOf(words, [name], code(otherwise))],
    read: (env, problems) => {
      const given = env[name];
      if (!given) return otherwise;
      const value = Number(given);
      if (Number.isFinite(value) && value >= from && value <= to && !(whole && !Number.isInteger(value))) return value;
      problems.push(`${name} must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}, and is "${given}"`);
      return otherwise;
    },
  };
}

interface Choice<T extends string> extends Words {
  readonly of: readonly T[];
  readonly otherwise: NoInfer<T>;
}

export function oneOf<T extends string>({ name, of, otherwise, ...words }: Choice<T>): Setting<T> {
  return {
    rows: [rowOf(words, [name], code(otherwise))],
    read: (env, problems) => {
      const given = env[name];
      if (!given) return otherwise;
      const word = of.find((candidate) => candidate === given);
      if (word === undefined) problems.push(`${name} must be one of ${of.join(', ')}, and is "${given}"`);
      return word ?? otherwise;
    },
  };
}

/** A time zone by its IANA name. */
export function zone({ name, otherwise, ...words }: Words & { readonly otherwise: string }): Setting<string> {
  return {
    rows: [rowOf(words, [name], code(otherwise))],
    read: (env, problems) => {
      const given = env[name] || otherwise;
      const known = zoneNamed(given);
      if (known === null) {
        problems.push(`${name} must be an IANA time zone such as Asia/Tokyo or UTC, and is "${given}"`);
      }
      return known ?? otherwise;
    },
  };
}

/** As the database of time zones spells it; null: it has none of this name. */
export function zoneNamed(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** A file or folder that must be there where it is given. */
export function path({ name, otherwise, ...words }: Words & { readonly otherwise: string }): Setting<string | null> {
  return { rows: [rowOf(words, [name], otherwise)], read: (env, problems) => readPath(env, name, problems) };
}

function readPath(env: Environment, name: string, problems: string[]): string | null {
  const file = env[name];
  if (!file) return null;
  if (!existsSync(file)) problems.push(`${name} names ${namedFile(file)}, which cannot be found`);
  return file;
}

/** A file that must be given. `is` says which one, and `advice` where it comes from. */
export function requiredFile({ name, is, advice = '', ...words }: RequiredFile): Setting<string> {
  return {
    rows: [rowOf(words, [name], 'required')],
    read: (env, problems) => {
      const file = readPath(env, name, problems);
      if (file === null) problems.push(`${name} (${is}) must be given${advice}`);
      return file ?? '';
    },
  };
}

interface RequiredFile extends Words {
  readonly is: string;
  readonly advice?: string;
}

/** A secret, or the file that holds it; the file is read again at each use. */
export type Credential = { readonly value: string } | { readonly file: string };

export const sourceOf = (credential: Credential | null): string =>
  credential === null ? 'none' : 'file' in credential ? `file ${credential.file}` : 'variable';

interface CredentialWords extends Words {
  readonly otherwise?: string;
  /** What the secret must look like, where it is in the variable. */
  readonly form?: { readonly pattern: RegExp; readonly must: string };
}

export function credential({ name, otherwise = 'none', form, ...words }: CredentialWords): Setting<Credential | null> {
  return {
    rows: [rowOf(words, [`${name}_FILE`, name], otherwise)],
    read: (env, problems) => {
      const value = env[name]?.trim();
      const file = env[`${name}_FILE`];
      if (value && file) problems.push(`give one of ${name} and ${name}_FILE, not both`);
      if (file) {
        if (!existsSync(file)) problems.push(`${name}_FILE names ${namedFile(file)}, which cannot be found`);
        return { file };
      }
      if (!value) return null;
      // Colons and spaces belong to Basic; a line break would end the header.
      if (/[\r\n]/.test(value)) problems.push(`${name} must be one line`);
      if (form !== undefined && !form.pattern.test(value)) problems.push(`${name} must be ${form.must}`);
      return { value };
    },
    shown: sourceOf,
  };
}

export function requiredToken(words: Words): Setting<Credential> {
  const { rows, read } = credential({ ...words, otherwise: 'required' });
  return {
    rows,
    read: (env, problems) => {
      const given = read(env, problems);
      if (given !== null) return given;
      problems.push(`${words.name}_FILE (a file that holds the token) or ${words.name} must be given`);
      return { value: '' };
    },
    shown: sourceOf,
  };
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where something may be offered; `off` is null. */
export function address({
  name,
  otherwise,
  ...words
}: Words & { readonly otherwise: string }): Setting<Address | null> {
  return {
    rows: [rowOf(words, [name], code(otherwise))],
    read: (env, problems) => {
      const given = env[name] || otherwise;
      if (given === 'off') return null;
      const colon = given.lastIndexOf(':');
      const port = Number(given.slice(colon + 1));
      const host = given.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
      if (colon > 0 && /^[0-9]+$/.test(given.slice(colon + 1)) && port <= 65_535) return { host, port };
      problems.push(`${name} must be host:port, such as 127.0.0.1:8090, or "off"; it is "${given}"`);
      return null;
    },
  };
}

/** Where a program listens, which is what it is for. */
export function listenAddress(words: Words & { readonly otherwise: string }): Setting<Address> {
  const { rows, read } = address(words);
  return {
    rows,
    read: (env, problems) => {
      if (env[words.name] === 'off') problems.push(`${words.name} cannot be "off"`);
      return read(env, problems) ?? { host: '', port: 0 };
    },
  };
}

/** A certificate and its key in PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** How the variables that name them begin. */
  readonly variable: string;
}

/** Null is plain HTTP. */
export function certificate({ name, ...words }: Words): Setting<CertificateFiles | null> {
  const [certName, keyName] = [`${name}_CERT_FILE`, `${name}_KEY_FILE`];
  return {
    rows: [rowOf(words, [certName, keyName], 'plain HTTP')],
    read: (env, problems) => {
      const certFile = readPath(env, certName, problems);
      const keyFile = readPath(env, keyName, problems);
      if (certFile !== null && keyFile !== null) return { certFile, keyFile, variable: name };
      if (certFile !== keyFile) problems.push(`give both of ${certName} and ${keyName}, or none`);
      return null;
    },
  };
}

export function origins({ name, ...words }: Words): Setting<readonly string[]> {
  return {
    rows: [rowOf(words, [name], 'none')],
    read: (env, problems) => {
      const given = (env[name] ?? '').split(/[\s,]+/).filter(Boolean);
      for (const origin of given) {
        if (URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin) continue;
        problems.push(
          `${name} must be origins such as https://temporal.example.com, without a path, in small letters, with commas between them; "${origin}" is none`,
        );
      }
      return given;
    },
  };
}
