import { isIP } from 'node:net';
import type { PigeonRequest } from '../endpoint.js';

/** Why a request of the page is not answered. */
export interface PageRefusal {
  readonly status: 403 | 415 | 421;
  readonly message: string;
}

/**
 * The page asks for no token, so nothing but itself may use it: neither a page of another origin, nor one that has its
 * own name resolved to this machine (DNS rebinding), which is of the same origin but has a public name.
 */
export function refusalOf(request: PigeonRequest, listensOn: string): PageRefusal | undefined {
  const { host, origin, 'content-type': contentType, 'sec-fetch-site': site } = request.headers;
  if (!isNearby(host, listensOn)) {
    return { status: 421, message: 'Open the page under localhost or the IP address of the emulator.' };
  }
  if (request.method !== 'POST') return undefined;
  const foreign = origin !== undefined && hostOf(origin) !== host;
  if (foreign || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    return { status: 403, message: 'Only the page of the emulator itself may act at its telephones.' };
  }
  // A form of another origin cannot send JSON without asking first, which is never allowed here.
  if (typeof contentType !== 'string' || !/^application\/json\s*(;|$)/i.test(contentType)) {
    return { status: 415, message: 'The content type must be application/json.' };
  }
  return undefined;
}

// Names without a dot are those of this machine and of container networks; a foreign site cannot have one.
function isNearby(host: PigeonRequest['headers'][string], listensOn: string): boolean {
  const name = nameOf(host);
  if (name === undefined) return false;
  return !name.includes('.') || name.endsWith('.localhost') || isIP(name) !== 0 || name === listensOn.toLowerCase();
}

function nameOf(host: PigeonRequest['headers'][string]): string | undefined {
  if (typeof host !== 'string' || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
}

function hostOf(origin: string | readonly string[]): string | undefined {
  return typeof origin === 'string' && URL.canParse(origin) ? new URL(origin).host : undefined;
}
