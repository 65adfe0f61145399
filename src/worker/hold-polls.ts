import { once } from 'node:events';
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface HeldPolls {
  /** On loopback, without TLS. */
  readonly address: string;
  /** Polls are answered as having found no task: the worker polls its next server at once. */
  readonly release: () => void;
}

/** Of https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const OK = 0;
const UNAVAILABLE = 14;
/** Not compressed, and of no bytes: in protobuf a message that has only defaults, so no task and no capabilities. */
const EMPTY_MESSAGE = Buffer.alloc(5);
/** Below the 70 s after which the SDK gives a poll up. */
const ANSWER_INTERVAL_MS = 30_000;

/**
 * Stands in for a Temporal server that is away, and keeps the polls of workers waiting. One that failed is repeated by the SDK
 * after 0.2, 0.4, 0.8 and up to 10 s, which no setting changes; one that waits here is repeated when it is released.
 */
export async function holdPolls(): Promise<HeldPolls> {
  const sessions = new Set<ServerHttp2Session>();
  const polls = new Set<ServerHttp2Stream>();
  const answerPolls = () => {
    for (const poll of polls) answer(poll, OK);
    polls.clear();
  };
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined).on('close', () => polls.delete(stream));
    stream.resume();
    const method = headers[':path']?.split('/').at(-1) ?? '';
    // After the release nobody would answer it.
    if (method.startsWith('Poll') && server.listening) polls.add(stream);
    else answer(stream, method === 'GetSystemInfo' ? OK : UNAVAILABLE);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const renewing = setInterval(answerPolls, ANSWER_INTERVAL_MS).unref();
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    release() {
      clearInterval(renewing);
      server.close();
      answerPolls();
      for (const session of sessions) session.close();
    },
  };
}

function answer(stream: ServerHttp2Stream, status: number): void {
  if (stream.closed || stream.destroyed) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status) }));
  stream.end(status === OK ? EMPTY_MESSAGE : undefined);
}
