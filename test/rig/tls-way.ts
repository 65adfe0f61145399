import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { Lifetime } from './lifetime.js';

/**
 * A way to a server by TLS, as a load balancer in front of it offers: what arrives is passed on in plain.
 *
 * @param options the certificate of the server; `ca` with `requestCert`: it demands one of the client (mTLS).
 * @returns its address.
 */
export async function tlsWay(target: string, options: TlsOptions, { onTestFinished }: Lifetime): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer({ ...options, ALPNProtocols: ['h2'] }, (incoming) => {
    const outgoing = connect({ host: target.split(':')[0] ?? '', port: Number(target.split(':')[1]) });
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
