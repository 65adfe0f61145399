import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A server that speaks in bytes, so that it can misbehave in every way. Closed when the test is over. */
export interface RawServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, or https. */
  readonly url: string;
  /** Everything that all connections have brought so far. */
  received(): string;
  /** Requests (or CONNECTs) whose head has begun to arrive. */
  requests(): number;
  readonly sockets: readonly Socket[];
}

export interface Peer {
  readonly socket: Socket;
  /** Resolves when the bytes of a whole request are there (`content-length` is trusted). */
  readonly requested: Promise<void>;
  /** Counts from 0. */
  readonly nth: number;
}

export function certificate(name: 'localhost' | 'elsewhere'): { readonly cert: string; readonly key: string } {
  const read = (kind: string): string =>
    readFileSync(new URL(`../fixtures/${name}.${kind}.pem`, import.meta.url), 'utf8');
  return { cert: read('cert'), key: read('key') };
}

export async function rawServer(
  onConnection: (peer: Peer) => void,
  tls?: { readonly cert: string; readonly key: string },
): Promise<RawServer> {
  const sockets: Socket[] = [];
  let received = '';
  const accept = (socket: Socket): void => {
    const nth = sockets.push(socket) - 1;
    let own = '';
    socket.on('error', () => {});
    const requested = new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1');
        own += bytes.toString('latin1');
        if (isWhole(own)) resolve();
      });
    });
    onConnection({ socket, requested, nth });
  };
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => raw.add(socket));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of raw) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received: () => received,
    requests: () => received.match(/(?:GET|POST|CONNECT) \S+ HTTP\/1\.1\r\n/g)?.length ?? 0,
    sockets,
  };
}

/** A server that answers every request, on the same connection, with these bytes. */
export function answering(
  answer: string | ((nth: number) => string),
  tls?: { readonly cert: string; readonly key: string },
): Promise<RawServer> {
  let nth = 0;
  return rawServer(({ socket }) => {
    let own = '';
    socket.on('data', (bytes) => {
      own += bytes.toString('latin1');
      if (!isWhole(own)) return;
      own = '';
      socket.write(typeof answer === 'string' ? answer : answer(nth));
      nth += 1;
    });
  }, tls);
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The bytes of an answer. */
export function http(
  status: number | string,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(text)), ...headers });
  return `HTTP/1.1 ${status} x\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`;
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /^content-length: (\d+)/im.exec(request.slice(0, end))?.[1] ?? '0';
  return request.length >= end + 4 + Number(length);
}
