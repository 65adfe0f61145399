import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PigeonNotSent } from '../../src/pigeon/errors.js';
import { createPigeonClient, exchange } from '../../src/pigeon/client.js';
import { openConnections } from '../../src/pigeon/connections.js';
import { clientOf, failureOf, PARAMS, PROXY_PASSWORD, SHORT_LIMIT_MS } from './rig/client-under-test.js';
import { proxyThat, tunnelTo } from './rig/proxy.js';
import { answering, certificate, closedPort, http, rawServer } from './rig/raw-server.js';

const ACCEPTED = http(201, { resultId: 'run-1', status: 'requested' });

/** The space itself does not exist: whatever arrives, arrives through the proxy. */
const SPACE = 'http://space.invalid';
const SECURE_SPACE = 'https://space.invalid';

function proxied(port: number): { readonly httpProxy: string; readonly httpsProxy: string } {
  const url = `http://someone:${PROXY_PASSWORD}@127.0.0.1:${port}`;
  return { httpProxy: url, httpsProxy: url };
}

test.each([403, 407, 502])('a proxy that answers CONNECT with %i', async (status) => {
  const proxy = await proxyThat(({ socket }) => socket.end(http(status, 'no')));
  for (const space of [SPACE, SECURE_SPACE]) {
    const error = await failureOf(clientOf(space, { proxy: proxied(proxy.port) }).invoke(PARAMS));
    expect(error).toBeInstanceOf(PigeonNotSent);
    expect(error.message).toContain('proxy');
  }
  expect(proxy.received()).not.toContain('POST');
});

test('a proxy that refuses the connection', async () => {
  const error = await failureOf(clientOf(SECURE_SPACE, { proxy: proxied(await closedPort()) }).invoke(PARAMS));
  expect(error).toMatchObject({ name: 'PigeonNotSent', code: 'ECONNREFUSED' });
});

test('a proxy that resets the connection in CONNECT', async () => {
  const proxy = await proxyThat(({ socket }) => socket.resetAndDestroy());
  const error = await failureOf(clientOf(SECURE_SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS));
  expect(error).toMatchObject({ name: 'PigeonNotSent', code: 'ECONNRESET' });
});

test('a proxy that closes the connection in CONNECT is not asked again and again', async () => {
  const proxy = await proxyThat(({ socket }) => socket.end());
  const client = clientOf(SECURE_SPACE, { proxy: proxied(proxy.port) });
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'PROXY_CLOSED' });
  expect(await failureOf(client.result('run-1'))).toMatchObject({ name: 'PigeonNotSent', code: 'PROXY_CLOSED' });
  await client.close();
  expect(proxy.requests()).toBe(2);
});

test('a proxy that never answers CONNECT ends at the time limit', async () => {
  const proxy = await proxyThat(() => {});
  const client = clientOf(SECURE_SPACE, { proxy: proxied(proxy.port), timeLimitMs: SHORT_LIMIT_MS });
  const started = performance.now();
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'TIME_LIMIT' });
  expect(performance.now() - started).toBeLessThan(SHORT_LIMIT_MS * 4);
});

test('a proxy that resets in the TLS handshake with the space', async () => {
  const proxy = await proxyThat(({ socket }) => {
    socket.once('data', () => socket.resetAndDestroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  });
  const error = await failureOf(clientOf(SECURE_SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotSent);
});

test('a connection that is made only after the latest time for sending is not written to', async () => {
  const server = await rawServer(() => {});
  const latestSendAt = Date.now() + 50;
  const proxy = await tunnelTo(server.port, async () => {
    while (Date.now() <= latestSendAt) await sleep(5);
  });
  const error = await failureOf(clientOf(SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS, { latestSendAt }));
  expect(error).toMatchObject({ name: 'PigeonNotSent', code: 'TOO_LATE' });
  expect(server.received()).toBe('');
});

test('a process that stands still while connecting finds that it is too late', async () => {
  const server = await rawServer(() => {});
  const latestSendAt = Date.now() + 50;
  // The proxy lives in this process, so the client stands still with it.
  const proxy = await tunnelTo(server.port, () => {
    while (Date.now() <= latestSendAt);
  });
  const error = await failureOf(clientOf(SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS, { latestSendAt }));
  expect(error).toMatchObject({ name: 'PigeonNotSent', code: 'TOO_LATE' });
  expect(server.received()).toBe('');
});

test('a connection that is made after "not sent" was reported is closed unwritten', async () => {
  const server = await rawServer(() => {});
  const stop = new AbortController();
  const proxy = await tunnelTo(server.port, () => stop.abort(new Error('given up')));
  const { fresh, kept } = openConnections({
    base: new URL(SPACE),
    timeLimitMs: 5_000,
    proxy: proxied(proxy.port),
  });
  for (const dispatcher of [fresh, kept]) {
    const end = await exchange(
      dispatcher,
      { origin: SPACE, path: '/', method: 'POST', headers: {}, body: '{}' },
      { stop: stop.signal },
    );
    expect(end.kind).toBe('notSent');
  }
  await expect.poll(() => server.sockets[0]?.closed).toBe(true);
  expect(server.received()).toBe('');
  await Promise.all([fresh.destroy(), kept.destroy()]);
});

test('through a proxy, a POST to the space is sent once and on a connection of its own', async () => {
  const { cert, key } = certificate('localhost');
  for (const secure of [false, true]) {
    const server = await answering(ACCEPTED, secure ? { cert, key } : undefined);
    const proxy = await tunnelTo(server.port);
    const client = clientOf(`${secure ? 'https' : 'http'}://localhost:1`, { proxy: proxied(proxy.port), ca: cert });
    await expect(client.invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted', resultId: 'run-1' });
    await expect(client.invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });
    expect(server.requests()).toBe(2);
    expect(server.sockets).toHaveLength(2);
    expect(proxy.received()).toContain('CONNECT localhost:1 ');
    expect(proxy.received()).toContain(`Basic ${Buffer.from(`someone:${PROXY_PASSWORD}`).toString('base64')}`);
    expect(server.received()).not.toContain('proxy-authorization');
  }
});

test('a reset after the request went through the proxy counts as sent', async () => {
  const server = await rawServer(({ socket, requested }) => void requested.then(() => socket.resetAndDestroy()));
  const proxy = await tunnelTo(server.port);
  const error = await failureOf(clientOf(SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS));
  expect(error.name).toBe('PigeonUnconfirmed');
  expect(server.requests()).toBe(1);
});

test('a host in noProxy is reached directly', async () => {
  const server = await answering(ACCEPTED);
  const proxy = { ...proxied(await closedPort()), noProxy: 'example.com, 127.0.0.1' };
  await expect(clientOf(server.url, { proxy }).invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });
});

test('the environment is not read', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) {
    vi.stubEnv(name, `http://127.0.0.1:${await closedPort()}`);
  }
  const server = await answering(ACCEPTED);
  await expect(clientOf(server.url).invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });

  vi.stubEnv('NO_PROXY', '*').stubEnv('no_proxy', '*');
  const proxy = await tunnelTo(server.port);
  await expect(clientOf(SPACE, { proxy: proxied(proxy.port) }).invoke(PARAMS)).resolves.toMatchObject({
    status: 'accepted',
  });
  expect(proxy.sockets).toHaveLength(1);
});

test('the http proxy is not used for an https address', async () => {
  const { cert, key } = certificate('localhost');
  const server = await answering(ACCEPTED, { cert, key });
  const { httpProxy } = proxied(await closedPort());
  const client = clientOf(server.url, { proxy: { httpProxy }, ca: cert });
  await expect(client.invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });
});

test('a proxy address that is no URL is refused at once, without its password', () => {
  const create = (): unknown =>
    createPigeonClient({
      baseUrl: SPACE,
      token: () => Promise.resolve('t'),
      proxy: { httpProxy: `someone:${PROXY_PASSWORD}@proxy:3128` },
    });
  expect(create).toThrow(TypeError);
  expect(create).not.toThrow(PROXY_PASSWORD);
});
