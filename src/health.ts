import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from './config.js';

/** What a process says of itself: it lives as long as it answers; it is ready while `reason` is null. */
export interface Health {
  /** Why it is not ready, with what to correct; null is ready. */
  reason: string | null;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `GET /healthz`: 200 while the process lives. `GET /readyz`: 200 when ready, else 503 with the reason as text.
 *
 * @throws Error when the address cannot be used; the message names the variable to change.
 */
export async function serveHealth(address: Address, health: Health): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const ready = path === '/readyz';
    if (!ready && path !== '/healthz') {
      response.writeHead(404).end('try /healthz or /readyz\n');
      return;
    }
    const reason = ready ? health.reason : null;
    response.writeHead(reason === null ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${reason ?? 'ok'}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `The health endpoint cannot listen on ${address.host}:${address.port} (${error.code ?? error.message}): set PIGEONFLOW_HEALTH_ADDRESS to a free address, or to "off"`,
        ),
      ),
    );
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
