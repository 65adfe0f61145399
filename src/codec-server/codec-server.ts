import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger as Pino } from 'pino';
import { aborted } from '../process/aborted.js';
import { certificateOf } from '../process/server-certificate.js';
import { EncryptionCodec, KeysFile, logKeys } from '../codec/index.js';
import { answer, pathOf, type AnswerOptions } from './answer.js';
import { tokenOf } from './token.js';
import { ConfigurationError, type Address, type CodecServerConfig } from '../config/config.js';
import { serveHealth, type Health } from '../process/health.js';

/** A request has a few MiB at most. */
const REQUEST_WITHIN_MS = 30_000;
const CLOSE_WITHIN_MS = 5_000;

/**
 * The process `pigeonflow codec-server`: decodes and encodes payloads for Temporal's Web UI and command, until `stop`.
 *
 * @throws ConfigurationError or KeysFileUnusable; Error when an address cannot be used.
 */
export async function runCodecServer(config: CodecServerConfig, log: Pino, stop: AbortSignal): Promise<void> {
  const events = logKeys(log);
  const keys = await KeysFile.open(config.codecKeysFile, events);
  const token = tokenOf(config.token);
  // What is wrong with it is said now, not at the first request.
  await token().catch((error: Error) => Promise.reject(new ConfigurationError([error.message])));
  const codec = new EncryptionCodec(keys, events.unreadable);
  const listener = listenerWith({ codec, token, origins: config.origins }, log);
  const server = config.tls === null ? createServer(listener) : createTlsServer(certificateOf(config.tls), listener);
  server.requestTimeout = REQUEST_WITHIN_MS;
  const health: Health = { reason: 'starting' };
  const healthServer = config.healthAddress === null ? null : await serveHealth(config.healthAddress, health);
  try {
    const port = await listen(server, config.address);
    health.reason = null;
    const { writing, reading } = await keys.current();
    log.info(
      {
        port,
        healthPort: healthServer?.port,
        tls: config.tls !== null,
        origins: config.origins,
        writesWith: writing.id,
        reads: [...reading.keys()],
      },
      'ready',
    );
    await aborted(stop);
    health.reason = 'stopping';
    await close(server);
  } finally {
    await healthServer?.close();
    log.info('stopped');
  }
}

function listenerWith(options: AnswerOptions, log: Pino): RequestListener {
  return (request, response) => {
    void answer(request, options).then(({ status, headers, body, noted }) => {
      response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
      const { origin, 'x-namespace': namespace } = request.headers;
      const asked = {
        method: request.method,
        path: short(pathOf(request)),
        origin: short(origin),
        namespace: short(namespace),
      };
      if (status < 400) log.info({ ...asked, status, ...noted }, 'answered');
      else log.warn({ ...asked, status, ...noted }, 'refused');
    });
  };
}

/** Callers may write anything there. */
const short = (text: string | readonly string[] | undefined): string | undefined => text?.toString().slice(0, 200);

async function listen(server: Server, { host, port }: Address): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `The codec server cannot listen on ${host}:${port} (${error.code ?? error.message}): set PIGEONFLOW_CODEC_ADDRESS to a free address`,
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Requests in progress are answered first. */
async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
