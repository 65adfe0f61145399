import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import type { PigeonConfig } from '../config/config.js';

/** The way to Amazon SNS. Its addresses have been checked by anyone who asks: these two never check. */
export interface Sns {
  /** In PEM. */
  readonly certificate: (address: string) => Promise<string>;
  readonly confirm: (address: string) => Promise<void>;
}

const WITHIN_MS = 5_000;
const MOST_BYTES = 65_536;
/** There is one for each region, and a new one a year. */
const MOST_KEPT = 50;

export function connectSns(proxy: PigeonConfig['proxy']): Sns {
  // What it is not given it would read from the environment.
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy?.httpProxy ?? '',
    httpsProxy: proxy?.httpsProxy ?? '',
    noProxy: proxy?.noProxy ?? '',
  });
  const kept = new Map<string, string>();
  return {
    async certificate(address) {
      const known = kept.get(address);
      if (known !== undefined) return known;
      const certificate = await get(address, dispatcher);
      if (kept.size >= MOST_KEPT) kept.clear();
      // A page of an error is not kept.
      if (certificate.includes('-----BEGIN CERTIFICATE-----')) kept.set(address, certificate);
      return certificate;
    },
    confirm: async (address) => void (await get(address, dispatcher)),
  };
}

/** Follows no redirect: it would lead away from the address that was checked. */
async function get(address: string, dispatcher: Dispatcher): Promise<string> {
  const { statusCode, body } = await request(address, { dispatcher, signal: AbortSignal.timeout(WITHIN_MS) });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`SNS answered with more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new Error(`SNS answered with ${statusCode}`);
  return Buffer.concat(chunks).toString();
}
