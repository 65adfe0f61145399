import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Lifetime } from './rig.js';

/** A way to a server that a test can cut and mend. */
export interface BreakableWay {
  readonly address: string;
  /** Resets what is connected and refuses what comes. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

export async function breakableWay(target: string, { onTestFinished }: Lifetime): Promise<BreakableWay> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect({ host: target.split(':')[0] ?? '', port: Number(target.split(':')[1]) });
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
    await closed;
  };
  onTestFinished(cut);
  return { address: `127.0.0.1:${port}`, cut, mend: () => listen(port) };
}
