import { type CertificateFiles, ConfigurationError } from '../config/config.js';
import { problemOfPair, readPem } from '../config/pem.js';

/**
 * The certificate of a server and its key, as `https.createServer` takes them.
 *
 * @throws ConfigurationError that names the variable and what is wrong with its file.
 */
export function certificateOf({ certFile, keyFile, variable }: CertificateFiles, now = Date.now()) {
  const [cert, key] = [readPem(`${variable}_CERT_FILE`, certFile), readPem(`${variable}_KEY_FILE`, keyFile)];
  if ('problem' in cert) throw new ConfigurationError([cert.problem]);
  if ('problem' in key) throw new ConfigurationError([key.problem]);
  const problem = problemOfPair(cert, key, now);
  if (problem !== null) throw new ConfigurationError([problem]);
  return { cert: Buffer.from(cert.content), key: Buffer.from(key.content) };
}
