import { readFileSync } from 'node:fs';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { ConfigurationError, type CodecServerConfig } from '../config.js';

/**
 * The certificate of the server and its key, as `https.createServer` takes them.
 *
 * @throws ConfigurationError that names the variable and what is wrong with its file.
 */
export function certificateOf({ certFile, keyFile }: NonNullable<CodecServerConfig['tls']>, now = Date.now()) {
  const wrong = (problem: string) => new ConfigurationError([problem]);
  const contentOf = (variable: string, file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw wrong(`${variable} names ${file}, which cannot be read (${code})`);
    }
  };
  const [cert, key] = [contentOf(CERT, certFile), contentOf(KEY, keyFile)];
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw wrong(`${CERT} names ${certFile}, which holds no certificate: wanted PEM, -----BEGIN CERTIFICATE-----`);
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw wrong(`${KEY} names ${keyFile}, which holds no private key: wanted PEM without a passphrase`);
  }
  if (!certificate.checkPrivateKey(privateKey))
    throw wrong(`${KEY} names ${keyFile}, which is not the key of ${certFile}`);
  if (Date.parse(certificate.validTo) < now) {
    throw wrong(`${CERT} names ${certFile}, which expired on ${new Date(certificate.validTo).toISOString()}`);
  }
  return { cert, key };
}

const CERT = 'PIGEONFLOW_CODEC_TLS_CERT_FILE';
const KEY = 'PIGEONFLOW_CODEC_TLS_KEY_FILE';
