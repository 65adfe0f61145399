import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { PigeonCredentialMissing, PigeonNotSent } from '../../src/pigeon/errors.js';
import { exchange } from '../../src/pigeon/client.js';
import { tokenFrom } from '../../src/pigeon/token.js';
import { transportFailure } from '../../src/pigeon/transport-failure.js';
import { clientOf, failureOf, PARAMS, SHORT_LIMIT_MS } from './rig/client-under-test.js';
import { certificate, closedPort, rawServer } from './rig/raw-server.js';
import { serverThatNeverAccepts } from './rig/server-that-never-accepts.js';

test('a port that refuses', async () => {
  const port = await closedPort();
  const error = await failureOf(clientOf(`http://127.0.0.1:${port}`).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  expect(error.message).toContain(`127.0.0.1:${port}`);
});

test('two addresses of one name that both refuse', async () => {
  const port = await closedPort();
  const agent = new Agent({
    connect: {
      autoSelectFamily: true,
      lookup: (_host, _options, found) =>
        found(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '127.0.0.2', family: 4 },
        ]),
    },
  });
  onTestFinished(() => agent.destroy());
  const end = await exchange(
    agent,
    { origin: `http://two.invalid:${port}`, path: '/', method: 'POST', headers: {}, body: '{}' },
    { stop: new AbortController().signal },
  );
  if (end.kind !== 'notSent') throw new Error(end.kind);
  expect(end.failure).toBeInstanceOf(AggregateError);
  expect(transportFailure(end.failure, []).code).toBe('ECONNREFUSED');
});

test('a host name that DNS does not know', async () => {
  const error = await failureOf(clientOf('http://nosuch.invalid').invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error.message).toContain('nosuch.invalid');
  expect(error).toMatchObject({ code: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/) });
});

test('a connection that is never made ends at the time limit', async () => {
  const port = await serverThatNeverAccepts();
  const started = performance.now();
  const error = await failureOf(clientOf(`http://127.0.0.1:${port}`, { timeLimitMs: SHORT_LIMIT_MS }).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'TIME_LIMIT' });
  expect(performance.now() - started).toBeLessThan(SHORT_LIMIT_MS * 4);
});

test('a server without TLS behind an https address', async () => {
  const server = await rawServer(({ socket }) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  const error = await failureOf(clientOf(`https://127.0.0.1:${server.port}`).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(server.requests()).toBe(0);
});

test('a reset in the TLS handshake', async () => {
  const server = await rawServer(({ socket }) => socket.once('data', () => socket.resetAndDestroy()));
  const error = await failureOf(clientOf(`https://127.0.0.1:${server.port}`).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
});

test('a connection that is closed in the TLS handshake', async () => {
  const server = await rawServer(({ socket }) => socket.once('data', () => socket.end()));
  const error = await failureOf(clientOf(`https://127.0.0.1:${server.port}`).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
});

test('a TLS handshake that never ends', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(`https://127.0.0.1:${server.port}`, { timeLimitMs: SHORT_LIMIT_MS });
  const started = performance.now();
  const error = await failureOf(client.invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'TIME_LIMIT' });
  expect(performance.now() - started).toBeLessThan(SHORT_LIMIT_MS * 4);
});

test('a certificate that nobody trusts', async () => {
  const server = await rawServer(() => {}, certificate('localhost'));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(server.received()).toBe('');
});

test('a trusted certificate of another host', async () => {
  const other = certificate('elsewhere');
  const server = await rawServer(() => {}, other);
  const error = await failureOf(clientOf(server.url, { ca: other.cert }).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('after its latest time for sending nothing is written, though the connection stands', async () => {
  const server = await rawServer(() => {});
  const error = await failureOf(clientOf(server.url).invoke(PARAMS, { latestSendAt: Date.now() - 1 }));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toMatchObject({ code: 'TOO_LATE' });
  expect(server.received()).toBe('');
});

test('a token that is missing', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(server.url, { token: tokenFrom({ file: '/nonexistent/pigeon-token' }) });
  const error = await failureOf(client.invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
  expect(error).toBeInstanceOf(PigeonCredentialMissing);
  expect(error.message).toContain('/nonexistent/pigeon-token');
  expect(server.sockets).toHaveLength(0);
});

test('a token that no header can carry', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(server.url, { token: () => Promise.resolve('two\nlines') });
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'UND_ERR_INVALID_ARG' });
  expect(server.received()).toBe('');
});

test('a token that never comes ends at the time limit', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(server.url, { token: () => new Promise(() => {}), timeLimitMs: SHORT_LIMIT_MS });
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'TIME_LIMIT' });
});

test('a client that is closed', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(server.url);
  await client.close();
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'CLOSED' });
});
