import { createVerify } from 'node:crypto';
import { type BodyProblem, Field, UnfitField } from './field.js';
import { isPathOfCertificate, publicKeyOfSns } from './sns-certificate.js';
import type { FetchCertificate } from './source.js';

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
