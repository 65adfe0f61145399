import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from '../config/config.js';

export interface PlainServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * An endpoint for machines of the same house.
 *
 * @param name what it is, and the variable of its address, for the message when that cannot be used.
 * @throws Error when the address cannot be used.
 */
export async function servePlain(
  { host, port: wanted }: Address,
  name: { readonly what: string; readonly variable: string },
  answer: RequestListener,
): Promise<PlainServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `${name.what} cannot listen on ${host}:${wanted} (${error.code ?? error.message}): set ${name.variable} to a free address, or to "off"`,
        ),
      ),
    );
    server.listen(wanted, host, resolve);
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
