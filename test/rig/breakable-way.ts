import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Lifetime } from './lifetime.js';

/** `there`: from the client to the server; `back`: the reverse. */
export type Direction = 'there' | 'back';

/** A way to a server that a test can cut and mend. */
export interface BreakableWay {
  readonly address: string;
  /** Resets what is connected and refuses what comes. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  /** Lets nothing more through in these directions and resets nothing, as a network that loses every packet. */
  readonly hold: (...directions: readonly Direction[]) => void;
  /** Lets everything through again, what was held first. */
  readonly release: () => void;
  /** Bytes that are held. */
  readonly held: (direction: Direction) => number;
}

export async function breakableWay(target: string, { onTestFinished }: Lifetime): Promise<BreakableWay> {
  const streams = new Set<{ readonly from: Socket; readonly to: Socket; readonly direction: Direction }>();
  const held = new Set<Direction>();
  const server = createServer((incoming) => {
    const outgoing = connect({ host: target.split(':')[0] ?? '', port: Number(target.split(':')[1]) });
    for (const stream of [
      { from: incoming, to: outgoing, direction: 'there' },
      { from: outgoing, to: incoming, direction: 'back' },
    ] as const) {
      const { from, to } = stream;
      streams.add(stream);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        streams.delete(stream);
        to.destroy();
      });
      if (!held.has(stream.direction)) from.pipe(to);
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
    for (const { from } of streams) from.resetAndDestroy();
    await closed;
  };
  onTestFinished(cut);
  return {
    address: `127.0.0.1:${port}`,
    cut,
    mend: () => listen(port),
    hold(...directions) {
      for (const direction of directions) held.add(direction);
      for (const { from, to, direction } of streams) if (held.has(direction)) from.unpipe(to);
    },
    release() {
      for (const { from, to, direction } of streams) if (held.has(direction)) from.pipe(to);
      held.clear();
    },
    held: (direction) =>
      [...streams]
        .filter((stream) => stream.direction === direction && held.has(direction))
        .reduce((bytes, { from }) => bytes + from.readableLength, 0),
  };
}
