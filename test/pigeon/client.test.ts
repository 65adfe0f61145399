import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { tokenFrom } from '../../src/pigeon/token.js';
import { clientOf, failureOf, PARAMS, PASSWORD, PHONE, TOKEN, USER } from './rig/client-under-test.js';
import { answering, certificate, http, rawServer } from './rig/raw-server.js';

const ACCEPTED = http(201, { params: PARAMS, resultId: 'run-1', status: 'requested' });
const RUNNING = http(200, { isActive: true, status: 'started' });

test('an accepted invoke gives the id of the run', async () => {
  const server = await answering(ACCEPTED);
  const answer = await clientOf(server.url).invoke(PARAMS);
  expect(answer).toMatchObject({ status: 'accepted', resultId: 'run-1' });
  const [head, body] = server.received().split('\r\n\r\n');
  expect(head).toMatch(/^POST \/api\/apps\/pigeon\/chain\/invoke HTTP\/1.1\r\n/);
  expect(head).toContain('content-type: application/json');
  expect(JSON.parse(Buffer.from(body ?? '', 'latin1').toString())).toEqual({ params: PARAMS });
});

test('a full queue is a rejection, although it is answered with 201', async () => {
  const server = await answering(http(201, { status: 'rejected', message: `queue is full for ${PHONE}` }));
  await expect(clientOf(server.url).invoke(PARAMS)).resolves.toMatchObject({
    status: 'rejected',
    message: 'queue is full for [number]',
  });
});

test('both auth headers are sent', async () => {
  const server = await answering(ACCEPTED);
  await clientOf(server.url).invoke(PARAMS);
  expect(server.received()).toContain(`x-authorization: Token ${TOKEN}\r\n`);
  const basic = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
  expect(server.received()).toContain(`authorization: Basic ${basic}\r\n`);
});

test('without HTTP Basic there is no Authorization header', async () => {
  const server = await answering(ACCEPTED);
  const client = createPigeonClient({ baseUrl: server.url, token: () => Promise.resolve(TOKEN) });
  onTestFinished(() => client.close());
  await client.invoke(PARAMS);
  expect(server.received()).not.toMatch(/^authorization:/m);
});

test('a token file that is replaced counts from the next request on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pigeon-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'token');
  const server = await answering(RUNNING);
  const client = clientOf(server.url, { token: tokenFrom({ file }) });
  await writeFile(file, 'first\n');
  await client.result('run-1');
  await writeFile(file, 'second\n');
  await client.result('run-1');
  expect(server.received().match(/Token \w+/g)).toEqual(['Token first', 'Token second']);
});

test('a base URL may have a path', async () => {
  const server = await answering(ACCEPTED);
  await clientOf(`${server.url}/behind/`).invoke(PARAMS);
  expect(server.received()).toMatch(/^POST \/behind\/api\/apps\/pigeon\/chain\/invoke /);
});

test('over TLS, with a certificate authority of its own', async () => {
  const own = certificate('localhost');
  const server = await answering(ACCEPTED, own);
  await expect(clientOf(server.url, { ca: own.cert }).invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });
});

test('the result of a run is read by its id', async () => {
  const server = await answering(http(200, { isActive: false, status: 'succeeded', keyInput: 1 }));
  await expect(clientOf(server.url).result('a/b?c')).resolves.toMatchObject({ ended: 'succeeded', keyInput: '1' });
  expect(server.received()).toMatch(/^GET \/api\/apps\/pigeon\/results\/a%2Fb%3Fc HTTP/);
});

test.each([200, 201, 204])('an abort that is answered with %i is done', async (status) => {
  const server = await answering(status === 204 ? 'HTTP/1.1 204 x\r\n\r\n' : http(status, 'ok'));
  await clientOf(server.url).abort('run-1');
  expect(server.received()).toMatch(/^POST \/api\/apps\/pigeon\/chain\/abort [^]*\{"resultId":"run-1"\}$/);
});

test('a page of calls', async () => {
  const server = await answering(http(200, { items: [{ resultId: 'run-1', status: 'waiting' }, {}], total: 2 }));
  await expect(clientOf(server.url).calls({ offset: 100, limit: 50 })).resolves.toEqual({
    items: [
      { resultId: 'run-1', status: 'waiting' },
      { resultId: null, status: null },
    ],
    total: 2,
  });
  expect(server.received()).toMatch(/^GET \/api\/apps\/pigeon\/calls\?offset=100&limit=50 /);
});

test('hanging up waits behind nothing: neither polls and lists nor other aborts that hang', async () => {
  // Answers nothing but the abort of the last run.
  const server = await rawServer(({ socket }) => {
    socket.on('data', (bytes) => {
      if (bytes.toString('latin1').includes('"the-last"')) socket.write(http(200));
    });
  });
  const client = clientOf(server.url, { timeLimitMs: 1_000 });
  const hanging = Array.from({ length: 30 }, (_, n) => [
    client.result(`run-${n}`),
    client.calls({ offset: n, limit: 1 }),
    client.abort(`run-${n}`),
  ]).flat();
  await client.abort('the-last');
  expect(server.requests()).toBeGreaterThan(30);
  await expect(Promise.allSettled(hanging)).resolves.toSatisfy((all: PromiseSettledResult<unknown>[]) =>
    all.every(({ status }) => status === 'rejected'),
  );
});

test('polls share a few connections, every invoke has one of its own', async () => {
  const server = await answering((nth) => (nth < 20 ? RUNNING : ACCEPTED));
  const client = clientOf(server.url);
  for (let poll = 0; poll < 20; poll += 1) await client.result('run-1');
  const shared = server.sockets.length;
  expect(shared).toBeLessThanOrEqual(8);
  await client.invoke(PARAMS);
  await client.invoke(PARAMS);
  expect(server.sockets).toHaveLength(shared + 2);
  expect(server.received().match(/connection: close/g)).toHaveLength(2);
});

test('an idle connection that the peer resets does not make an invoke ambiguous', async () => {
  const server = await answering((nth) => (nth === 0 ? RUNNING : ACCEPTED));
  const client = clientOf(server.url);
  await client.result('run-1');
  // Not awaited: the client has not heard of the reset when it sends.
  server.sockets[0]?.resetAndDestroy();
  await expect(client.invoke(PARAMS)).resolves.toMatchObject({ status: 'accepted' });
});

test('an idle connection that the peer resets costs at most one poll', async () => {
  const server = await answering(RUNNING);
  const client = clientOf(server.url);
  await client.result('run-1');
  server.sockets[0]?.resetAndDestroy();
  const first = await client.result('run-1').then(
    () => 'answered',
    (error: Error) => error.name,
  );
  expect(['answered', 'PigeonUnconfirmed']).toContain(first);
  await expect(client.result('run-1')).resolves.toMatchObject({ isActive: true });
});

test('a poll that is cancelled closes its connection and rejects with the reason', async () => {
  const server = await rawServer(() => {});
  const cancel = new AbortController();
  const polling = clientOf(server.url).result('run-1', { signal: cancel.signal });
  await expect.poll(() => server.requests()).toBe(1);
  cancel.abort(new Error('enough'));
  await expect(polling).rejects.toThrow('enough');
  await expect.poll(() => server.sockets[0]?.closed).toBe(true);
});

test('a signal that has already aborted sends nothing', async () => {
  const server = await rawServer(() => {});
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(clientOf(server.url).result('run-1', { signal })).rejects.toThrow('enough');
  expect(server.sockets).toHaveLength(0);
});

test('a cancel while the token is read sends nothing', async () => {
  const server = await rawServer(() => {});
  const cancel = new AbortController();
  const token = (): Promise<string> => {
    queueMicrotask(() => cancel.abort(new Error('enough')));
    return new Promise(() => {});
  };
  await expect(clientOf(server.url, { token }).result('run-1', { signal: cancel.signal })).rejects.toThrow('enough');
  expect(server.sockets).toHaveLength(0);
});

test('a signal keeps no listeners of requests that are over', async () => {
  const server = await answering(RUNNING);
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  const client = clientOf(server.url);
  await client.result('run-1', { signal });
  await client.result('run-1', { signal });
  expect(added).toHaveBeenCalled();
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

test('closing waits for the request under way', async () => {
  let answer: () => void = () => {};
  const server = await rawServer(({ socket }) => (answer = () => socket.write(ACCEPTED)));
  const client = clientOf(server.url);
  const invoking = client.invoke(PARAMS);
  await expect.poll(() => server.requests()).toBe(1);
  const closing = client.close();
  answer();
  await closing;
  await expect(invoking).resolves.toMatchObject({ status: 'accepted' });
});

test('a token source of somebody else that fails does not tell the token', async () => {
  const server = await rawServer(() => {});
  const client = clientOf(server.url, { token: () => Promise.reject(new Error(`vault refused ${TOKEN}`)) });
  expect(await failureOf(client.invoke(PARAMS))).toMatchObject({ name: 'PigeonNotSent', code: 'CREDENTIAL' });
});

test.each(['space.cloud.kompira.jp', 'ftp://space', `https://user:${PASSWORD}@space`, ''])(
  'a wrong base URL is refused at once: %s',
  (baseUrl) => {
    const create = (): unknown => createPigeonClient({ baseUrl, token: () => Promise.resolve(TOKEN) });
    expect(create).toThrow(TypeError);
    expect(create).not.toThrow(PASSWORD);
  },
);
