import { expect, test } from 'vitest';
import { PigeonUnconfirmed } from '../../src/pigeon/errors.js';
import { LARGEST_ANSWER_BYTES } from '../../src/pigeon/connections.js';
import { clientOf, failureOf, PARAMS, PHONE, SHORT_LIMIT_MS } from './rig/client-under-test.js';
import { answering, http, rawServer, type Peer, type RawServer } from './rig/raw-server.js';

/** A server that does this once it has read the request. */
function serverThat(react: (peer: Peer) => void): Promise<RawServer> {
  return rawServer((peer) => void peer.requested.then(() => react(peer)));
}

/** The code of the `PigeonUnconfirmed` that invoke ends with. However it ended, there was one POST. */
async function unconfirmedCode(server: RawServer, timeLimitMs = 5_000): Promise<string> {
  const error = await failureOf(clientOf(server.url, { timeLimitMs }).invoke(PARAMS));
  if (!(error instanceof PigeonUnconfirmed)) throw error;
  expect(error.message).toContain(`127.0.0.1:${server.port}`);
  expect(server.requests()).toBe(1);
  return error.code;
}

test('a reset after the request was read', async () => {
  expect(await unconfirmedCode(await serverThat(({ socket }) => socket.resetAndDestroy()))).toBe('ECONNRESET');
});

test('a connection that is closed after the request was read', async () => {
  expect(await unconfirmedCode(await serverThat(({ socket }) => socket.end()))).toBe('UND_ERR_SOCKET');
});

test('a server that hangs after reading ends at the time limit', async () => {
  const server = await serverThat(() => {});
  const started = performance.now();
  expect(await unconfirmedCode(server, SHORT_LIMIT_MS)).toBe('TIME_LIMIT');
  expect(performance.now() - started).toBeLessThan(SHORT_LIMIT_MS * 4);
  await expect.poll(() => server.sockets[0]?.closed).toBe(true);
});

test('a body that is cut off by a close', async () => {
  const whole = http(201, { resultId: 'run-1' });
  expect(await unconfirmedCode(await serverThat(({ socket }) => socket.end(whole.slice(0, -3))))).toMatch(/UND_ERR/);
});

test('a body that is cut off by a reset', async () => {
  const whole = http(201, { resultId: 'run-1' });
  const server = await serverThat(({ socket }) => socket.write(whole.slice(0, -3), () => socket.resetAndDestroy()));
  expect(await unconfirmedCode(server)).toMatch(/UND_ERR|ECONNRESET/);
});

test('an answer that is not HTTP, with a telephone number in it', async () => {
  expect(await unconfirmedCode(await serverThat(({ socket }) => socket.end(`{"phone":"${PHONE}"}\r\n\r\n`)))).toBe(
    'NOT_HTTP',
  );
});

test('a body that is not JSON, with a telephone number in it', async () => {
  expect(await unconfirmedCode(await answering(http(201, `calling ${PHONE}`)))).toBe('UNREADABLE');
});

test('JSON with neither an id nor a rejection', async () => {
  expect(await unconfirmedCode(await answering(http(201, { status: 'requested' })))).toBe('UNREADABLE');
});

test('an empty 204', async () => {
  expect(await unconfirmedCode(await answering('HTTP/1.1 204 x\r\n\r\n'))).toBe('UNREADABLE');
});

test.each([500, 502, 503, 504, 408])('an answer with %i', async (status) => {
  expect(await unconfirmedCode(await answering(http(status, `<html>${PHONE}</html>`)))).toBe(`HTTP_${status}`);
});

test('a body of more than 1 MiB', async () => {
  const server = await answering(http(201, 'x'.repeat(LARGEST_ANSWER_BYTES + 1)));
  expect(await unconfirmedCode(server)).toBe('UND_ERR_RES_EXCEEDED_MAX_SIZE');
});

test('a body that trickles beyond the time limit', async () => {
  const server = await serverThat(({ socket }) => {
    socket.write('HTTP/1.1 201 x\r\ncontent-length: 1000\r\n\r\n');
    const trickle = setInterval(() => socket.write(' '), 20);
    socket.once('close', () => clearInterval(trickle));
  });
  const started = performance.now();
  expect(await unconfirmedCode(server, SHORT_LIMIT_MS)).toBe('TIME_LIMIT');
  expect(performance.now() - started).toBeLessThan(SHORT_LIMIT_MS * 4);
});

test('an informational answer alone is none', async () => {
  const server = await serverThat(({ socket }) => socket.end('HTTP/1.1 103 x\r\nlink: </a>\r\n\r\n'));
  expect(await unconfirmedCode(server)).toMatch(/UND_ERR|NOT_HTTP/);
});

test('an informational answer before the real one is passed over', async () => {
  const server = await answering(`HTTP/1.1 103 x\r\nlink: </a>\r\n\r\n${http(201, { resultId: 'run-1' })}`);
  await expect(clientOf(server.url).invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted', resultId: 'run-1' });
});

test('a poll that is answered with garbage is no result', async () => {
  const server = await answering(http(200, '"succeeded"'));
  expect(await failureOf(clientOf(server.url).result('run-1'))).toMatchObject({
    name: 'PigeonUnconfirmed',
    code: 'UNREADABLE',
  });
});
