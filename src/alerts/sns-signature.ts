import { createVerify, X509Certificate, type KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { Field, UnfitField, type BodyProblem } from './field.js';
import type { FetchCertificate } from './alert.js';

/** By `SignatureVersion`. SNS still signs with SHA-1 unless the topic is told otherwise. */
const HASHES: Readonly<Record<string, string>> = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/**
 * Whether Amazon SNS has signed this message; null when it did.
 *
 * Only a certificate of SNS itself is fetched, so that nobody can send us to an address of theirs. A certificate that
 * cannot be had, or used, is an error that is thrown, not a problem of the message: the sender should try again.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export async function verifySnsSignature(
  body: unknown,
  fetchCertificate: FetchCertificate,
): Promise<BodyProblem | null> {
  try {
    const message = Field.object(body);
    const hash = message.get('SignatureVersion').oneOf(HASHES);
    const signature = message.get('Signature').required('must be the signature of SNS');
    const address = message.get('SigningCertURL');
    if (!isAddressOfSns(address.value) || !isPathOfCertificate(address.value)) {
      throw address.unfit(
        'must be https://sns.<region>.amazonaws.com/SimpleNotificationService-<32 hexadecimal digits>.pem',
      );
    }
    const signed = signedText(message);
    const key = publicKeyOfSns(await fetchCertificate(address.value));
    const isGenuine = createVerify(hash).update(signed, 'utf8').verify(key, signature, 'base64');
    return isGenuine ? null : { pointer: '/Signature', message: 'must be the signature of this message by SNS' };
  } catch (error) {
    if (error instanceof UnfitField) return error.problem;
    throw error;
  }
}

const HOST = /^sns\.[a-z]{2,3}(?:-[a-z]{2,9}){1,3}-[0-9]{1,2}\.amazonaws\.com(?:\.cn)?$/;

/** Whether this is an address of SNS itself: https, the usual port, `sns.<region>.amazonaws.com` or `….com.cn`. */
export function isAddressOfSns(address: unknown): address is string {
  if (typeof address !== 'string' || !URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password } = new URL(address);
  return protocol === 'https:' && HOST.test(hostname) && port === '' && username === '' && password === '';
}

function signedText(message: Field): string {
  const names = message.get('Type').text === 'Notification' ? NOTIFICATION : CONFIRMATION;
  return names
    .flatMap((name) => {
      const { value } = message.get(name);
      if (value === undefined || value === null) return [];
      if (typeof value !== 'string') throw message.get(name).unfit('must be text');
      return [`${name}\n${value}\n`];
    })
    .join('');
}

/** A file of SNS, and not what its API answers to a request of somebody's own: that may hold what he has stored. */
const PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

function isPathOfCertificate(address: string): boolean {
  const { pathname, search, hash } = new URL(address);
  return PATH.test(pathname) && search === '' && hash === '';
}

const REGION = '[a-z]{2,3}(?:-[a-z]{2,9}){1,3}-[0-9]{1,2}';
/**
 * Whom the certificates are issued to: `sns.amazonaws.com`, in regions that came later `sns-signing.<region>.amazonaws.com`, in
 * those of China and the government `sns-<region>.amazonaws.com` (or `.cn`).
 *
 * Source: https://github.com/aws/aws-sdk-java-v2, SnsHostProvider
 */
const SUBJECT = new RegExp(`^sns(?:(?:-signing)?\\.${REGION}|-${REGION})?\\.amazonaws\\.com(?:\\.cn)?$`);

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The key in what SNS answered at the address of a certificate.
 *
 * As far as the chain of issuers is in the answer, or among the roots that Node knows, it is checked. SNS sends its own
 * certificate alone, and the authority between it and the root is in neither: that such an issuer is not known is no
 * fault. What proves then that it comes from SNS is the HTTPS by which it was fetched, from its host and this one kind of file.
 *
 * @throws Error for what is no certificate of SNS that is valid now
 */
function publicKeyOfSns(pem: string, now = Date.now()): KeyObject {
  const [certificate, ...issuers] = certificatesIn(pem);
  if (certificate === undefined) throw unusable('it did not answer with a certificate');
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';
  // Where there is a subjectAltName the name stands there.
  if (!SUBJECT.test(name) || certificate.checkHost(name) === undefined) {
    throw unusable('the certificate is not issued to sns.amazonaws.com');
  }
  const chain = [certificate, ...issuers];
  for (const { validFrom, validTo } of chain) {
    if (!(Date.parse(validFrom) <= now && now <= Date.parse(validTo))) {
      throw unusable(`the certificate is valid from ${validFrom} to ${validTo}; is the clock of this machine right?`);
    }
  }
  for (const [index, issued] of chain.entries()) {
    const issuer = chain[index + 1];
    if (!(issuer === undefined ? isPossibleEnd(issued) : hasIssued(issuer, issued))) {
      throw unusable('the certificate is not issued by whom it names');
    }
  }
  return certificate.publicKey;
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  try {
    return (pem.match(PEM_CERTIFICATE) ?? []).map((one) => new X509Certificate(one));
  } catch {
    throw unusable('it did not answer with a certificate');
  }
}

/** Issued by a root, or by somebody who is not known here; never by itself, unless it is a root. */
function isPossibleEnd(certificate: X509Certificate): boolean {
  const namesakes = rootsNamed(certificate.issuer);
  if (namesakes.length > 0) return namesakes.some((root) => hasIssued(root, certificate));
  return certificate.subject !== certificate.issuer;
}

/** Only those are parsed in which the name stands: all of them take a third of a second. */
function rootsNamed(name: string): readonly X509Certificate[] {
  const last = Buffer.from(name.slice(name.lastIndexOf('=') + 1));
  return rootCertificates
    .filter((pem) => Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64').includes(last))
    .map((pem) => new X509Certificate(pem))
    .filter(({ subject }) => subject === name);
}

const hasIssued = (issuer: X509Certificate, issued: X509Certificate): boolean =>
  issuer.ca && issued.checkIssued(issuer) && issued.verify(issuer.publicKey);

const unusable = (why: string): Error => new Error(`the signature of a message of SNS cannot be verified: ${why}`);
