import { createServer } from 'node:net';

/** Below the ephemeral ranges of Linux and macOS: no outgoing connection takes the port before the server binds it. */
const LOWEST = 20_000;
const HIGHEST = 31_999;
const TRIES = 100;

/** Another process may still take the port first: start again on another one if the server says so. */
export async function freePort(except: readonly number[] = []): Promise<number> {
  for (let left = TRIES; left > 0; left -= 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (!except.includes(port) && (await isFreePort(port))) return port;
  }
  throw new Error(`No free port on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`);
}

export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
