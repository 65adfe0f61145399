import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

const LISTEN_AND_STAND_STILL = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen(0, '127.0.0.1', 1, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** A port whose queue of connections is full and never emptied: the kernel drops anyone who tries to connect. */
export async function serverThatNeverAccepts(): Promise<number> {
  const worker = new Worker(LISTEN_AND_STAND_STILL, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const waiting: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  });
  // The queue is full when a connection is not made at once.
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    waiting.push(socket);
    socket.on('error', () => {});
    const made = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      setTimeout(() => resolve(false), 100).unref();
    });
    if (!made) return port;
    if (waiting.length > 600) throw new Error('the queue of connections does not fill on this machine');
  }
}
