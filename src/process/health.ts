import type { Address } from '../config/config.js';
import { type PlainServer, servePlain } from './plain-server.js';

/** What a process says of itself: it lives as long as it answers; it is ready while `reason` is null. */
export interface Health {
  /** Why it is not ready, with what to correct; null is ready. */
  reason: string | null;
  /** Of a worker: why it cannot be read whether calling is paused, while nothing is sent for it. */
  pauseUnknown?: string | null;
}

/**
 * `GET /healthz`: 200 while the process lives. `GET /readyz`: 200 when ready, else 503 with the reason as text.
 *
 * @throws Error when the address cannot be used; the message names the variable to change.
 */
export async function serveHealth(address: Address, health: Health): Promise<PlainServer> {
  const name = { what: 'The health endpoint', variable: 'PIGEONFLOW_HEALTH_ADDRESS' };
  return await servePlain(address, name, (request, response) => {
    const path = request.url?.split('?')[0];
    const ready = path === '/readyz';
    if (!ready && path !== '/healthz') {
      response.writeHead(404).end('try /healthz or /readyz\n');
      return;
    }
    const reason = ready ? (health.reason ?? health.pauseUnknown ?? null) : null;
    response.writeHead(reason === null ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${reason ?? 'ok'}\n`);
  });
}
