import { expect, test } from 'vitest';
import {
  PigeonForbidden,
  PigeonNotFound,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
} from '../../src/pigeon/errors.js';
import { clientOf, failureOf, PARAMS, PASSWORD, PHONE, TOKEN } from './rig/client-under-test.js';
import { answering, http, rawServer } from './rig/raw-server.js';

test('401 asks for a new token', async () => {
  const server = await answering(
    http(401, { message: `token ${TOKEN} is not valid` }, { 'www-authenticate': 'Basic' }),
  );
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonUnauthorized);
  expect(server.requests()).toBe(1);
});

test('403 asks for rights', async () => {
  const server = await answering(http(403));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toBeInstanceOf(PigeonForbidden);
});

test("404 carries Pigeon's words", async () => {
  const server = await answering(http(404, { detail: 'no such callflow' }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotFound);
  expect(error).toMatchObject({ detail: 'no such callflow' });
  expect(error.message).toContain('no such callflow');
});

test.each([400, 407, 410, 413, 418, 422])('%i is refused', async (status) => {
  const server = await answering(http(status, { error: 'loopLimit is out of range' }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonRefused);
  expect(error).toMatchObject({ statusCode: status, detail: 'loopLimit is out of range' });
});

test('421 is refused, and not sent a second time', async () => {
  const server = await answering(http(421));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({
    name: 'PigeonRefused',
    statusCode: 421,
  });
  expect(server.requests()).toBe(1);
});

test('an echo of telephone numbers, token and password is not passed on', async () => {
  const message = `03-1234-5678 / ${PHONE} / ０３１２３４５６７８ / ${TOKEN} / ${PASSWORD} \u0007${'x'.repeat(1000)}`;
  const server = await answering(http(422, { message }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  if (!(error instanceof PigeonRefused)) throw error;
  expect(error.detail).toMatch(/^\[number\] \/ \[number\] \/ \[number\] \/ \[secret\] \/ \[secret\] x+…$/);
  expect(error.detail).toHaveLength(200);
});

test('a refusal whose body is cut off is a refusal all the same', async () => {
  const server = await rawServer(
    ({ socket, requested }) => void requested.then(() => socket.end(http(400, { message: 'no' }).slice(0, -2))),
  );
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({
    name: 'PigeonRefused',
    statusCode: 400,
    detail: null,
  });
});

test('429 carries the seconds of Retry-After', async () => {
  const server = await answering(http(429, '', { 'retry-after': '7' }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonRateLimited);
  expect(error).toMatchObject({ retryAfterMs: 7_000 });
});

test('429 carries the time until the date of Retry-After', async () => {
  const server = await answering(http(429, '', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  if (!(error instanceof PigeonRateLimited)) throw error;
  expect(error.retryAfterMs).toBeGreaterThan(50_000);
  expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
});

test.each([{}, { 'retry-after': '-5' }, { 'retry-after': 'soon' }, { 'retry-after': '1.5' }])(
  '429 with no usable Retry-After: %o',
  async (headers: Record<string, string>) => {
    const server = await answering(http(429, '', headers));
    expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({
      name: 'PigeonRateLimited',
      retryAfterMs: null,
    });
  },
);

test('429 with a date that has passed says that it may be repeated now', async () => {
  const server = await answering(http(429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({ retryAfterMs: 0 });
});

test.each([301, 302, 303, 307, 308])('a redirect with %i is not followed', async (status) => {
  const target = await rawServer(() => {});
  const server = await answering(http(status, '', { location: `${target.url}/login?ticket=${TOKEN}` }));
  const client = clientOf(server.url);
  for (const request of [client.invoke(PARAMS), client.result('run-1')]) {
    const error = await failureOf(request);
    expect(error).toBeInstanceOf(PigeonRedirected);
    expect(error).toMatchObject({ statusCode: status, target: target.url });
  }
  expect(target.sockets).toHaveLength(0);
});

test('a redirect within the same host names no target', async () => {
  const server = await answering(http(307, '', { location: '/elsewhere' }));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({
    name: 'PigeonRedirected',
    target: null,
  });
});

test.each([404, 409, 410])('an abort that is answered with %i is left to the caller', async (status) => {
  const server = await answering(http(status, { message: 'already over' }));
  const error = await failureOf(clientOf(server.url).abort('run-1'));
  expect(error).toMatchObject({ name: status === 404 ? 'PigeonNotFound' : 'PigeonRefused', detail: 'already over' });
});
