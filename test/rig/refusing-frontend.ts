import { connect, constants, createServer, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Lifetime } from './rig.js';

const REFUSED: readonly string[] = [
  '/temporal.api.operatorservice.v1.OperatorService/AddSearchAttributes',
  '/temporal.api.workflowservice.v1.WorkflowService/RegisterNamespace',
];

/**
 * A frontend that passes everything on to a Temporal server but what it refuses, as a server with authorization does.
 *
 * @param refuses paths; default: the registration of namespaces and search attributes.
 * @returns its address.
 */
export async function frontendWithoutRights(
  address: string,
  { onTestFinished }: Lifetime,
  refuses: (path: string) => boolean = (path) => REFUSED.includes(path),
): Promise<string> {
  const upstream = connect(`http://${address}`);
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => void sessions.add(session));
  server.on('stream', (stream, headers) => {
    if (refuses(headers[':path'] ?? '')) {
      const refused = { 'grpc-status': '7', 'grpc-message': 'Request unauthorized.' }; // PERMISSION_DENIED
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...refused }, { endStream: true });
      return;
    }
    const passedOn = upstream.request(headers);
    let trailers: IncomingHttpHeaders = {};
    stream.on('error', () => passedOn.close());
    passedOn.on('error', () => stream.close());
    passedOn.on('response', (answer, flags) => {
      // An error has no body: its status is in the headers.
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, isWhole ? { endStream: true } : { waitForTrailers: true });
    });
    passedOn.on('trailers', (given) => (trailers = given));
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.pipe(passedOn);
    passedOn.pipe(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const session of sessions) session.destroy();
    upstream.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
