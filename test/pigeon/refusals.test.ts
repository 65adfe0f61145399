import { describe, expect, test } from 'vitest';
import {
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
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
  const server = await answering(http(404, { message: 'no such callflow' }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  expect(error).toBeInstanceOf(PigeonNotFound);
  expect(error).toMatchObject({ detail: 'no such callflow' });
  expect(error.message).toContain('no such callflow');
});

test.each([
  [{ message: 'loopLimit is out of range' }, 'loopLimit is out of range'],
  [{ errorDescriptor: { title: 'loopLimit', detail: 'is out of range' } }, 'loopLimit: is out of range'],
  [{ errorDescriptor: { title: null, detail: 'no such number' } }, 'no such number'],
])("400 and 422 in Pigeon's own words are refused: %j", async (body, detail) => {
  for (const status of [400, 422]) {
    const server = await answering(http(status, body));
    const error = await failureOf(clientOf(server.url).invoke(PARAMS));
    expect(error).toBeInstanceOf(PigeonRefused);
    expect(error).toMatchObject({ statusCode: status, detail });
  }
});

describe('what is no answer of Pigeon is no refusal', () => {
  const HTML = '<html><body>default backend - 404</body></html>';
  test.each([
    ['a page', HTML],
    ['nothing', ''],
    ['a text', '404 page not found'],
    ['half an object', '{"message": "no such callfl'],
    ['a list', '[{"message":"x"}]'],
    ['Kong', { message: 'no Route matched with those values' }],
    ['Kong, newer', { message: 'no Route matched with those values', request_id: '1' }],
    ['AWS', { message: 'Not Found' }],
    ['AWS, older', { message: 'Missing Authentication Token' }],
    ['Azure', { statusCode: 404, message: 'Resource not found' }],
    ['Azure, another', { error: { code: '404', message: 'no such resource' } }],
    ['Spring', { timestamp: '2026-11-30T00:00:00Z', status: 404, error: 'Not Found', path: '/api' }],
    ['Fastify', { message: 'Route POST:/api not found', error: 'Not Found', statusCode: 404 }],
    ['FastAPI', { detail: 'Not Found' }],
    ['RFC 9457', { type: 'about:blank', title: 'Not Found', status: 404, detail: 'no such page' }],
    ['Kubernetes', { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'no such service', code: 404 }],
    ['an empty message', { message: ' ' }],
    ['an empty descriptor', { errorDescriptor: {} }],
  ])('404, 400 and 422 by %s', async (_, body) => {
    for (const status of [400, 404, 422]) {
      const server = await answering(http(status, body));
      for (const request of [clientOf(server.url).invoke(PARAMS), clientOf(server.url).result('run-1')]) {
        expect(await failureOf(request)).toMatchObject({ name: 'PigeonNotReached', statusCode: status, detail: null });
      }
    }
  });

  test.each([402, 405, 407, 409, 410, 413, 418, 421, 423, 425, 426, 451])(
    '%i, whatever its words, and it is not sent a second time',
    async (status) => {
      for (const body of ['', HTML, { message: 'the call flow is locked' }]) {
        const server = await answering(http(status, body));
        const error = await failureOf(clientOf(server.url).invoke(PARAMS));
        expect(error).toBeInstanceOf(PigeonNotReached);
        expect(server.requests()).toBe(1);
      }
    },
  );

  test('a refusal whose body is cut off', async () => {
    const server = await rawServer(
      ({ socket, requested }) => void requested.then(() => socket.end(http(400, { message: 'no' }).slice(0, -2))),
    );
    expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toBeInstanceOf(PigeonNotReached);
  });

  test('the words of a page are not quoted, those of a gateway are', async () => {
    const page = await answering(http(404, HTML));
    expect((await failureOf(clientOf(page.url).invoke(PARAMS))).message).not.toContain('backend');
    const gateway = await answering(http(404, { detail: `no upstream for ${TOKEN}` }));
    expect((await failureOf(clientOf(gateway.url).invoke(PARAMS))).message).toContain('no upstream for [secret]');
  });
});

test.each([408, 460, 499])('%i leaves open whether it was carried out: a proxy passed it on', async (status) => {
  const server = await answering(http(status, { message: 'no such callflow' }));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toBeInstanceOf(PigeonUnconfirmed);
});

test('an echo of telephone numbers, token and password is not passed on', async () => {
  const message = `03-1234-5678 / ${PHONE} / ０３１２３４５６７８ / ${TOKEN} / ${PASSWORD} \u0007${'x'.repeat(1000)}`;
  const server = await answering(http(422, { message }));
  const error = await failureOf(clientOf(server.url).invoke(PARAMS));
  if (!(error instanceof PigeonRefused)) throw error;
  expect(error.detail).toMatch(/^\[number\] \/ \[number\] \/ \[number\] \/ \[secret\] \/ \[secret\] x+…$/);
  expect(error.detail).toHaveLength(200);
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

test('429 with a date that has passed says that it can be repeated safely now', async () => {
  const server = await answering(http(429, '', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({ retryAfterMs: 0 });
});

test.each([301, 302, 307, 308])('a redirect with %i is not followed', async (status) => {
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

test.each([
  [303, '/api/apps/pigeon/results/1'],
  [303, '/login'],
  [300, ''],
  [304, ''],
  [305, 'http://proxy.invalid/'],
  [302, '/api/apps/pigeon/results/1'],
  [301, 'https://example.invalid/api/apps/pigeon/results/1'],
])('%i to "%s" may be what came of it: it is not followed, and leaves that open', async (status, location) => {
  const server = await answering(http(status, '', location === '' ? {} : { location }));
  expect(await failureOf(clientOf(server.url).invoke(PARAMS))).toMatchObject({
    name: 'PigeonUnconfirmed',
    statusCode: status,
  });
  expect(server.requests()).toBe(1);
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
  expect(error).toMatchObject({
    name: status === 404 ? 'PigeonNotFound' : 'PigeonNotReached',
    detail: 'already over',
  });
});
