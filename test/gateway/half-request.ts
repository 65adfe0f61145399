import { connect, type Socket } from 'node:net';
import { type Lifetime, eventually } from '../rig/rig.js';

export interface RawRequest {
  readonly socket: Socket;
  /** All that has come back so far. */
  readonly answer: () => string;
  /** Waits until that is in it. */
  readonly says: (text: string) => Promise<void>;
}

/** Sends these bytes, and then nothing more. */
export async function sendRaw(url: string, bytes: string, lifetime: Lifetime): Promise<RawRequest> {
  const { port } = new URL(url);
  let text = '';
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  lifetime.onTestFinished(() => Promise.resolve(void socket.destroy()));
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  return {
    socket,
    answer: () => text,
    says: async (wanted) =>
      void (await eventually(() => Promise.resolve(text.includes(wanted)), `the gateway says ${wanted}`)),
  };
}

const HALF_BYTES = 1000;

/** The beginning of a request whose body never ends, unless the rest of one is sent. */
export const half = (path: string, headers = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${HALF_BYTES}\r\n\r\n{`;

export const restOf = (body: object): string =>
  JSON.stringify(body)
    .slice(1)
    .padEnd(HALF_BYTES - 1);
