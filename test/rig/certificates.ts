import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** PEM of a certificate and of its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Signs certificates, as the certificate authority of an organisation does. */
export interface Authority {
  /** PEM of its own certificate. */
  readonly cert: string;
  readonly issue: (options?: IssueOptions) => Certificate;
}

export interface IssueOptions {
  /** Subject, and DNS name. Default `localhost`, which stands for 127.0.0.1 too. */
  readonly name?: string;
  /** Default: an elliptic curve. */
  readonly rsa?: boolean;
  /** Default: valid since yesterday. */
  readonly from?: Date;
  /** Default: valid until tomorrow. */
  readonly until?: Date;
}

const DAY_MS = 86_400_000;
export const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);

/** An authority of this test, with a key that nobody has seen before. Node.js can read certificates and not make them. */
export function newAuthority(name = 'test authority'): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certificateOf({ name, issuer: name, publicKey: own.publicKey, signedWith: own.privateKey, isCa: true });
  return {
    cert,
    issue({ name: subject = 'localhost', rsa = false, from, until } = {}) {
      const { publicKey, privateKey } = rsa
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const given = { name: subject, issuer: name, publicKey, signedWith: own.privateKey, isCa: false, from, until };
      return { cert: certificateOf(given), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    },
  };
}

/** Issued by nobody but itself. */
export function newSelfSigned(name: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certificateOf({ name, issuer: name, publicKey, signedWith: privateKey, isCa: false });
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

interface Contents {
  readonly name: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signedWith: KeyObject;
  readonly isCa: boolean;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** X.509 version 3, as RFC 5280 has it. */
function certificateOf(contents: Contents): string {
  const { name, issuer, publicKey, signedWith, isCa, from = daysFromNow(-1), until = daysFromNow(1) } = contents;
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2)); // ecdsa-with-SHA256
  const serial = Buffer.concat([Buffer.of(1), randomBytes(8)]);
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    algorithm,
    distinguishedName(issuer),
    sequence(time(from), time(until)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...(isCa ? extensionsOfCa(publicKey) : extensionsOf(name)))),
  );
  const signature = sign('sha256', signed, signedWith);
  const whole = sequence(signed, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf(name: string): readonly Buffer[] {
  const dnsName = der(0x82, Buffer.from(name));
  const address = name === 'localhost' ? [der(0x87, Buffer.of(127, 0, 0, 1))] : [];
  return [extension(oid(2, 5, 29, 17), sequence(dnsName, ...address))]; // subjectAltName
}

function extensionsOfCa(publicKey: KeyObject): readonly Buffer[] {
  const keyId = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  return [
    extension(oid(2, 5, 29, 19), sequence(der(0x01, Buffer.of(0xff)))), // basicConstraints: a CA
    extension(oid(2, 5, 29, 14), der(0x04, keyId)), // subjectKeyIdentifier
  ];
}

const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, der(0x04, value));

/** `localhost`, or all parts as Node.js writes them: `C=US`, a line each. */
const distinguishedName = (name: string): Buffer =>
  sequence(
    ...(name.includes('=') ? name.split('\n') : [`CN=${name}`]).map((part) => {
      const [type = '', value = ''] = part.split('=');
      return der(0x31, sequence(oid(2, 5, 4, TYPES[type] ?? 0), der(0x0c, Buffer.from(value))));
    }),
  );

const TYPES: Readonly<Record<string, number>> = { CN: 3, C: 6, O: 10 };

/** UTCTime: `YYMMDDhhmmssZ`, until 2049. */
const time = (at: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .slice(2, 19)
        .replace(/[^0-9]/g, '')}Z`,
    ),
  );

function oid(first: number, second: number, ...others: readonly number[]): Buffer {
  return der(0x06, Buffer.from([40 * first + second, ...others.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

const sequence = (...contents: readonly Buffer[]): Buffer => der(0x30, ...contents);

/** Tag, length, value. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const value = Buffer.concat(contents);
  const bytes = value.length > 0xff ? [value.length >> 8, value.length & 0xff] : [value.length];
  const length = value.length < 0x80 ? bytes : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}
