import { connect } from 'node:net';
import { rawServer, type Peer, type RawServer } from './raw-server.js';

/**
 * A proxy that answers every CONNECT with a tunnel to `port`, whatever host was asked for.
 *
 * @param before runs between CONNECT and its answer.
 */
export function tunnelTo(port: number, before: () => void | Promise<void> = () => {}): Promise<RawServer> {
  return rawServer(({ socket, requested }) => {
    void requested.then(async () => {
      await before();
      const target = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('close', () => target.destroy());
    });
  });
}

/** A proxy that does this once it has read CONNECT. */
export function proxyThat(react: (peer: Peer) => void): Promise<RawServer> {
  return rawServer((peer) => void peer.requested.then(() => react(peer)));
}
