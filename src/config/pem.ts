import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { namedFile } from './named-file.js';

/** A PEM, and who gives it: `PIGEONFLOW_CODEC_TLS_CERT_FILE names /etc/tls/codec.pem`. */
export interface Pem {
  readonly origin: string;
  /** Short: the file, or the variable that holds the text. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a variable that names a file gives, or what is wrong with the file. */
export function readPem(variable: string, file: string): Pem | { readonly problem: string } {
  const origin = `${variable} names ${file}`;
  try {
    return { origin, name: file, content: readFileSync(file) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { problem: `${variable} names ${namedFile(file)}, which cannot be read (${code})` };
  }
}

/** What is wrong with a certificate, the first of its file, and its key; null is nothing. */
export function problemOfPair(cert: Pem, key: Pem, now = Date.now()): string | null {
  const certificate = certificatesIn(cert)[0];
  if (certificate === undefined) return holdsNone(cert);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(Buffer.from(key.content));
  } catch {
    return `${key.origin}, which holds no private key: wanted PEM without a passphrase`;
  }
  if (!certificate.checkPrivateKey(privateKey)) return `${key.origin}, which is not the key of ${cert.name}`;
  return problemOfTime(cert, certificate, now);
}

/** What is wrong with the certificates of authorities; null is nothing. One that is still valid is enough. */
export function problemOfAuthorities(ca: Pem, now = Date.now()): string | null {
  const problems = certificatesIn(ca).map((certificate) => problemOfTime(ca, certificate, now));
  return problems.length === 0 ? holdsNone(ca) : problems.includes(null) ? null : (problems[0] ?? null);
}

/** `CN=worker, issued by CN=office, valid until 2026-12-01T00:00:00.000Z` */
export function describeCertificate({ subject, issuer, validTo }: X509Certificate): string {
  return `${oneLine(subject)}, issued by ${oneLine(issuer)}, valid until ${timeOf(validTo)}`;
}

/** The same of the first one in a PEM. */
export function describePem(content: Uint8Array): string {
  const [certificate] = certificatesIn({ content });
  return certificate === undefined ? 'no certificate' : describeCertificate(certificate);
}

const PEM_CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

function certificatesIn({ content }: Pick<Pem, 'content'>): readonly X509Certificate[] {
  const pems = Buffer.from(content).toString('latin1').match(PEM_CERTIFICATE) ?? [];
  try {
    return pems.map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}

const holdsNone = ({ origin }: Pem): string =>
  `${origin}, which holds no certificate: wanted PEM, -----BEGIN CERTIFICATE-----`;

function problemOfTime({ origin }: Pem, { validFrom, validTo }: X509Certificate, now: number): string | null {
  if (Date.parse(validTo) < now) return `${origin}, which expired on ${timeOf(validTo)}: renew it`;
  if (Date.parse(validFrom) > now) {
    return `${origin}, which is not valid before ${timeOf(validFrom)}: wait, or correct the clock of this machine`;
  }
  return null;
}

const timeOf = (text: string): string => new Date(text).toISOString();
const oneLine = (name: string): string => name.replaceAll('\n', ', ') || 'nobody';
