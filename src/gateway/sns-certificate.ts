import { X509Certificate, type KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** A file of SNS, and not what its API answers to a request of somebody's own: that may hold what he has stored. */
const PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

export function isPathOfCertificate(address: string): boolean {
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
export function publicKeyOfSns(pem: string, now = Date.now()): KeyObject {
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
