import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { describeCertificate, describePem } from '../config/pem.js';

/** What both clients of Temporal's SDK are given, as far as TLS needs it. */
export interface TlsTarget {
  /** host:port */
  readonly address?: string;
  readonly tls?:
    | boolean
    | null
    | {
        readonly serverNameOverride?: string;
        readonly serverRootCACertificate?: Uint8Array;
        readonly clientCertPair?: { readonly crt: Uint8Array; readonly key: Uint8Array };
      };
}

/** `refused`: it stays so until somebody corrects it. `perhaps`: so does a server behave that is being restarted. */
export interface TlsTrouble {
  readonly kind: 'refused' | 'perhaps';
  /** What is wrong, and which variable corrects it. */
  readonly why: string;
}

/** A server of HTTP/2 speaks first, but some wait for the client's preface. */
const SPEAK_AFTER_MS = 500;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');

/**
 * Why TLS keeps us from a Temporal server that cannot be reached; null when it does not, or when it cannot be told. The
 * SDK's clients know that it failed, and rarely why.
 */
export function lookAtTls({ address = '', tls }: TlsTarget, withinMs = 3_000): Promise<TlsTrouble | null> {
  const [, host = '', port = ''] =
    /^(?:\[([^\]]+)\]|([^:/]+)):(\d{1,5})$/.exec(address)?.filter((part) => part !== undefined) ?? [];
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = typeof tls === 'object' && tls ? tls : {};
  const name = serverNameOverride ?? (isIP(host) === 0 ? host : '');
  const speaks = Boolean(tls);
  if (host === '' || Number(port) > 65_535) return Promise.resolve(null);

  return new Promise((resolve) => {
    const ended = (trouble: TlsTrouble | null) => {
      clearTimeout(limit);
      clearTimeout(preface);
      socket.destroy();
      resolve(trouble);
    };
    const refused = (why: string) => ended({ kind: 'refused', why });
    const socket = connect({
      host,
      port: Number(port),
      servername: name,
      ALPNProtocols: ['h2'],
      ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
      ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
      // Only to read the certificate of a server that is not trusted; nothing of ours is sent to it.
      rejectUnauthorized: false,
    });
    const limit = setTimeout(() => ended(null), withinMs);
    let preface: NodeJS.Timeout | undefined;
    let secure = false;
    socket.once('secureConnect', () => {
      secure = true;
      if (!speaks) refused(SPEAK_TLS);
      else if (!socket.authorized) refused(whyUntrusted(socket, name || host, serverRootCACertificate !== undefined));
      else preface = setTimeout(() => socket.write(PREFACE), SPEAK_AFTER_MS);
    });
    socket.once('data', () => ended(null));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      if (code.includes('_ALERT_')) refused(speaks ? whyRefused(code, clientCertPair?.crt) : SPEAK_TLS);
      else if (speaks && !secure && NO_TLS.test(code)) refused(NOT_THERE);
      else ended(null);
    });
    socket.once('close', () => {
      if (!secure || !speaks) return ended(null);
      const seen = clientCertPair === undefined ? 'no certificate of ours' : `our certificate (${own(clientCertPair)})`;
      const why = `it ends the connection right after the TLS handshake: perhaps it does not accept ${seen}; see ${CLIENT_PAIR}`;
      ended({ kind: 'perhaps', why });
    });
  });
}

const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNEXPECTED_MESSAGE|RECORD|EPROTO/;
const CLIENT_PAIR = 'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH';
const CA = 'TEMPORAL_TLS_SERVER_CA_CERT_PATH';
const SPEAK_TLS = `it speaks TLS, and we do not: set TEMPORAL_TLS=true, or ${CA} where its authority is one of your own`;
const NOT_THERE =
  'it does not speak TLS: correct the port of TEMPORAL_ADDRESS, or unset TEMPORAL_TLS, TEMPORAL_TLS_… and TEMPORAL_API_KEY, which imply it';

const own = ({ crt }: { readonly crt: Uint8Array }): string => describePem(crt);

function whyRefused(code: string, own: Uint8Array | undefined): string {
  if (own === undefined) return `it demands a certificate of ours: set ${CLIENT_PAIR}`;
  const alert = code
    .replace(/.*_ALERT_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
  return `it refuses our certificate (${describePem(own)}) with "${alert}": give one of an authority that it trusts with ${CLIENT_PAIR}`;
}

function whyUntrusted(socket: TLSSocket, name: string, withCa: boolean): string {
  const peer = socket.getPeerCertificate();
  const its = `its certificate (${describePeer(peer)})`;
  // Node.js gives the code as text, and declares an Error.
  const code = String(socket.authorizationError);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `${its} or one of its authorities has expired: renew it at the server`;
    case 'CERT_NOT_YET_VALID':
      return `${its} or one of its authorities is not valid yet: correct the clock of this machine, or of the person who made it`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${its} is for ${peer.subjectaltname ?? 'nobody'}, not for ${name}: correct TEMPORAL_ADDRESS, or name what it is for with TEMPORAL_TLS_SERVER_NAME`;
    default:
      return withCa
        ? `${its} is not signed by an authority of ${CA}: give there the certificate of the authority that signs it (${code})`
        : `${its} is not signed by an authority that this machine trusts: give the certificate of that authority with ${CA} (${code})`;
  }
}

const describePeer = ({ raw }: PeerCertificate): string =>
  raw === undefined ? 'none' : describeCertificate(new X509Certificate(raw));
