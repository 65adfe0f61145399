import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It changes nothing, and shows what everybody may see: pages of others may ask. */
    readonly isPublic?: boolean;
  }
}

/**
 * A browser may have kept a key, and sends it with whatever any page asks of us. No page of another site has any business
 * here.
 *
 * @throws Problem 403
 */
export function refuseCrossSite({ headers, routeOptions }: FastifyRequest): void {
  if (routeOptions.config?.isPublic === true) return;
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refusal('Sec-Fetch-Site says so');
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== hostOf(host ?? '', origin)) {
    throw refusal('Origin is not the host that was asked');
  }
}

/** As an address has it: in small letters, without the port that is usual. */
function hostOf(host: string, origin: string): string | null {
  const address = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : null;
}

const refusal = (why: string): Problem =>
  new Problem(
    403,
    `A page of another site may not ask this in a browser: ${why}. A proxy in between keeps Host as it is.`,
  );
