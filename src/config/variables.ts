/** How a single variable is read: each reader adds what is wrong to `problems`, and gives something to go on with. */
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

/** A secret, or the file that holds it; the file is read anew at each use. */
export type Credential = { readonly value: string } | { readonly file: string };

export interface Address {
  readonly host: string;
  readonly port: number;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A certificate and its key in PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** How the variables that name them begin. */
  readonly variable: string;
}

export function readCredential(env: Environment, name: string, problems: string[]): Credential | null {
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
  return { value };
}

export function missing(name: string, problems: string[]): Credential {
  problems.push(`${name}_FILE (a file that holds the token) or ${name} must be given`);
  return { value: '' };
}

export const readHealthAddress = (env: Environment, problems: string[]): Address | null =>
  readAddress(env, 'PIGEONFLOW_HEALTH_ADDRESS', '127.0.0.1:8090', problems);

export const readMetricsAddress = (env: Environment, problems: string[]): Address | null =>
  readAddress(env, 'PIGEONFLOW_METRICS_ADDRESS', 'off', problems);

export const readLogLevel = (env: Environment, problems: string[]): LogLevel =>
  readOneOf(env, 'PIGEONFLOW_LOG_LEVEL', LOG_LEVELS, 'info', problems);

/** Whether traces are sent. Nothing that is wrong with it keeps a process from its work. */
export type TracingSetting =
  { readonly kind: 'off' } | { readonly kind: 'on' } | { readonly kind: 'unusable'; readonly why: string };

/** By OpenTelemetry's own variables, of which the address of a collector switches it on. */
export function readTracing(env: Environment): TracingSetting {
  const name = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find((each) => env[each]);
  const isDisabled = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  if (name === undefined || isDisabled || (env['OTEL_TRACES_EXPORTER'] || 'otlp') !== 'otlp') return { kind: 'off' };
  const address = env[name] ?? '';
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    return { kind: 'unusable', why: `${name} must be the address of a collector, such as http://127.0.0.1:4318` };
  }
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  if (protocol === 'http/protobuf') return { kind: 'on' };
  const why = `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL or OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, and is "${protocol}"`;
  return { kind: 'unusable', why };
}

export function readOrigins(env: Environment, name: string, problems: string[]): readonly string[] {
  const origins = (env[name] ?? '').split(/[\s,]+/).filter(Boolean);
  for (const origin of origins) {
    if (URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).origin === origin) continue;
    problems.push(
      `${name} must be origins such as https://temporal.example.com, without a path, in small letters, with commas between them; "${origin}" is none`,
    );
  }
  return origins;
}

export function readCertificate(env: Environment, name: string, problems: string[]): CertificateFiles | null {
  const certFile = readPath(env, `${name}_CERT_FILE`, problems);
  const keyFile = readPath(env, `${name}_KEY_FILE`, problems);
  if (certFile !== null && keyFile !== null) return { certFile, keyFile, variable: name };
  if (certFile !== keyFile) problems.push(`give both of ${name}_CERT_FILE and ${name}_KEY_FILE, or none`);
  return null;
}

export function readPath(env: Environment, name: string, problems: string[]): string | null {
  const file = env[name];
  if (!file) return null;
  if (!existsSync(file)) problems.push(`${name} names ${namedFile(file)}, which cannot be found`);
  return file;
}

interface NumberOptions {
  readonly from: number;
  readonly to: number;
  readonly otherwise: number;
  readonly whole?: boolean;
}

export function readNumber(
  env: Environment,
  name: string,
  { from, to, otherwise, whole = false }: NumberOptions,
  problems: string[],
): number {
  const text = env[name];
  if (!text) return otherwise;
  const value = Number(text);
  if (Number.isFinite(value) && value >= from && value <= to && !(whole && !Number.isInteger(value))) return value;
  problems.push(`${name} must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}, and is "${text}"`);
  return otherwise;
}

export function readOneOf<T extends string>(
  env: Environment,
  name: string,
  words: readonly T[],
  otherwise: T,
  problems: string[],
): T {
  const text = env[name];
  if (!text) return otherwise;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) problems.push(`${name} must be one of ${words.join(', ')}, and is "${text}"`);
  return word ?? otherwise;
}

export function readAddress(env: Environment, name: string, otherwise: string, problems: string[]): Address | null {
  const text = env[name] || otherwise;
  if (text === 'off') return null;
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  if (colon > 0 && /^[0-9]+$/.test(text.slice(colon + 1)) && port <= 65_535) return { host, port };
  problems.push(`${name} must be host:port, such as 127.0.0.1:8090, or "off"; it is "${text}"`);
  return null;
}
