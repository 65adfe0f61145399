import { createHmac, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { hashText } from '../../src/gateway/keys/keys.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import {
  KEY,
  KEYS,
  OPERATOR,
  OTHER_KEY,
  PLANTED,
  resultsOf,
  send,
  SPACE,
  startGateway,
  type RunningGateway,
  ROUTES,
} from './gateway.js';

const rig = useRig();
const world = useSharedWorld(rig, { ...SPACE, workers: 'none' });
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway(world(), world());
});
/** Nobody is called for it, so that only the door is tested. */
const QUIET = { summary: 'x', labels: { quiet: 'yes' } };
const here = (path: string) => `${gateway.url}${path}`;
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`,
});

describe('a key', () => {
  test.for<[string, string, Readonly<Record<string, string>>]>([
    ['in the address', `/v1/alerts/generic/${KEY}`, {}],
    ['that is the second of two', `/v1/alerts/generic/${OTHER_KEY}`, {}],
    ['as a bearer', '/v1/alerts/generic', { authorization: `Bearer ${KEY}` }],
    ['as the password of Basic', '/v1/alerts/generic', basic(KEY)],
    ['in a header of its own', '/v1/alerts/generic', { 'x-pigeonflow-key': KEY }],
  ])('%s is taken', async ([, path, headers]) => {
    const answered = await send(here(path), QUIET, headers);
    expect(resultsOf(answered)).toEqual([{ result: 'ignored' }]);
  });

  test.for<[string, string, Readonly<Record<string, string>>]>([
    ['nowhere', '/v1/alerts/generic', {}],
    ['that is wrong', `/v1/alerts/generic/${KEY.slice(0, -1)}x`, {}],
    ['that is the hash', `/v1/alerts/generic/${encodeURIComponent(hashText(KEY))}`, {}],
    ['of an operator', `/v1/alerts/generic/${OPERATOR}`, {}],
    ['of an operator, as a bearer', '/v1/alerts/generic', { authorization: `Bearer ${OPERATOR}` }],
    ['that is right, behind one in the address that is wrong', '/v1/alerts/generic/x', { 'x-pigeonflow-key': KEY }],
    ['in the query', `/v1/alerts/generic?key=${KEY}`, {}],
  ])('%s is refused, in the same words', async ([, path, headers]) => {
    const answered = await send(here(path), QUIET, headers);
    expect(answered).toMatchObject({
      status: 401,
      body: { detail: 'The key is missing or not known. It is at the end of the address, or in a header.' },
    });
  });

  test('that is replaced in the file counts from then on, and a broken file changes nothing', async (context) => {
    const own = await startGateway(world(), context);
    const status = async (key: string) => (await send(`${own.url}/v1/alerts/generic/${key}`, QUIET)).status;
    const next = randomUUID();
    writeFileSync(own.keysFile, `integrations: { shop: { keys: ["${hashText(KEY)}", "${hashText(next)}"] } }`);
    await eventually(async () => (await status(next)) === 202, 'the new key is known');
    expect(await status(KEY)).toBe(202);
    expect(await status(OTHER_KEY)).toBe(401);
    writeFileSync(own.keysFile, `integrations: { shop: { keys: "${next}" } }`);
    await eventually(async () => {
      await status(next);
      return own.log().some(({ msg }) => String(msg).startsWith('the file of keys cannot be used'));
    }, 'the mistake is told');
    expect(await status(next)).toBe(202);
    expect(own.written()).not.toContain(next);
    rmSync(own.keysFile);
    expect(await status(next)).toBe(202);
  });
});

describe('a routing file', () => {
  test('that is replaced counts from then on', async (context) => {
    const own = await startGateway(world(), context);
    writeFileSync(own.routesFile, 'rules: [{ name: nobody, ignore: true }]');
    const results = await eventually(async () => {
      await send(`${own.url}/v1/alerts/generic/${KEY}`, QUIET);
      const told = own.log().some(({ msg }) => msg === 'the routing file has changed');
      return told && resultsOf(await send(`${own.url}/v1/alerts/generic/${KEY}`, { summary: 'x' }));
    }, 'the new rules count');
    expect(results).toEqual([{ result: 'ignored' }]);
  });

  test('that names a policy which the workers lack is refused: it would call nobody', async (context) => {
    const environment = { PIGEONFLOW_POLICIES: join(projectRoot, 'policies') };
    await startGateway(world(), context, { environment });
    const wrong = startGateway(world(), context, { environment, routes: ROUTES.replace('one-person', 'one-persom') });
    await expect(wrong).rejects.toThrow(/routes\.yaml:5:.*there is no policy "one-persom".*one-person/s);
  });
});

describe('a sender that signs', () => {
  const BODY = JSON.stringify(QUIET);
  const now = () => String(Math.floor(Date.now() / 1000));
  const sign = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

  /** A gateway with an integration that signs, and a file with two secrets. */
  async function signing(context: TestContext, more = '') {
    const secretFile = join(temporaryFolder(), 'secret');
    writeFileSync(secretFile, 'old-secret\nnew-secret\n');
    const keys = `integrations: { shop: { keys: "${hashText(KEY)}", hmac: { secretFile: ${secretFile}, header: X-Signature${more} } } }`;
    const own = await startGateway(world(), context, { keys });
    const status = async (headers: Readonly<Record<string, string>>) =>
      (await send(`${own.url}/v1/alerts/generic/${KEY}`, BODY, headers)).status;
    return { own, status };
  }

  test('is believed with either secret, and with nothing else', async (context) => {
    const { status } = await signing(context);
    expect(await status({ 'x-signature': sign('old-secret', BODY) })).toBe(202);
    expect(await status({ 'x-signature': `sha256=${sign('new-secret', BODY)}` })).toBe(202);
    expect(await status({ 'x-signature': sign('no-secret', BODY) })).toBe(401);
    expect(await status({ 'x-signature': sign('old-secret', `${BODY} `) })).toBe(401);
    expect(await status({ 'x-signature': 'x' })).toBe(401);
    expect(await status({})).toBe(401);
  });

  test('signs the time too where it has one, which may not be long ago', async (context) => {
    const { status } = await signing(context, ', timestampHeader: X-Time');
    const signedAt = (time: string) => ({ 'x-time': time, 'x-signature': sign('new-secret', `${time}:${BODY}`) });
    expect(await status(signedAt(now()))).toBe(202);
    expect(await status({ ...signedAt(now()), 'x-time': String(Number(now()) - 1) })).toBe(401);
    expect(await status(signedAt(String(Number(now()) - 301)))).toBe(401);
    expect(await status(signedAt('soon'))).toBe(401);
    expect(await status({ 'x-signature': sign('new-secret', BODY) })).toBe(401);
  });

  test('is believed with a group of which only the beginning is read, and signed all of it', async (context) => {
    const { own } = await signing(context);
    const alerts = Array.from({ length: 50 }, (_, n) => ({
      labels: { quiet: 'yes', n: String(n) },
      annotations: { summary: 'x'.repeat(100_000) },
    }));
    const body = JSON.stringify({ version: '4', status: 'firing', alerts, groupKey: 'g' });
    const sent = (text: string, signature: string) =>
      send(`${own.url}/v1/alerts/alertmanager/${KEY}`, text, { 'x-signature': signature });
    const answered = await sent(body, sign('new-secret', body));
    expect(answered).toMatchObject({ status: 202, body: { leftOut: expect.any(Number) as number } });
    const changed = `${body.slice(0, -200_000)}y${body.slice(-199_999)}`;
    expect((await sent(changed, sign('new-secret', body))).status).toBe(401);
  });

  test('is asked to keep its alert while the secret cannot be read', async (context) => {
    const keys = `integrations: { shop: { keys: "${hashText(KEY)}", hmac: { secretFile: /no/file, header: X-Signature } } }`;
    const own = await startGateway(world(), context, { keys });
    const headers = { 'x-signature': sign('s', BODY) };
    expect((await send(`${own.url}/v1/alerts/generic/${KEY}`, BODY, headers)).status).toBe(503);
  });
});

describe('a limit', () => {
  test('of the size of a body', async () => {
    const large = JSON.stringify({ ...QUIET, labels: { quiet: 'yes', x: 'x'.repeat(1_100_000) } });
    // A sender that still sends when the answer comes may see the connection end instead.
    const refused = await send(here(`/v1/alerts/generic/${KEY}`), large).catch(() => ({ status: 413 }));
    expect(refused.status).toBe(413);
    const fits = JSON.stringify({ ...QUIET, x: 'x'.repeat(1_000_000) });
    expect((await send(here(`/v1/alerts/generic/${KEY}`), fits)).status).toBe(202);
  });

  test('of its depth', async () => {
    const deep = `{"summary":"x","labels":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const answered = await send(here(`/v1/alerts/generic/${KEY}`), deep);
    expect(answered).toMatchObject({ status: 400, body: { errors: [{ pointer: '#' }] } });
  });

  test('of requests a minute, for each key, with the time after which to try again', async (context) => {
    const keys = `${KEYS.replace('] }', '], perMinute: 3 }')}\n`;
    const own = await startGateway(world(), context, { keys });
    const url = `${own.url}/v1/alerts/generic`;
    const statuses: number[] = [];
    for (const key of [KEY, OTHER_KEY, KEY, OTHER_KEY]) statuses.push((await send(`${url}/${key}`, QUIET)).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    const refused = await send(`${url}/${KEY}`, QUIET);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body).toMatchObject({ status: 429, detail: expect.stringContaining('3 times a minute') as string });
  });

  test('of the time for a request: slow senders are cut, and others are served meanwhile', async (context) => {
    const own = await startGateway(world(), context, { requestWithinMs: 500 });
    const { port } = new URL(own.url);
    const slow = [
      'POST /v1/alerts/generic HTTP/1.1\r\nHost: x\r\n',
      `POST /v1/alerts/generic/${KEY} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`,
    ];
    const cut = slow.map(
      (beginning) =>
        new Promise<void>((resolve) => {
          const socket = connect(Number(port), '127.0.0.1', () => socket.write(beginning));
          const drip = setInterval(() => socket.write('x'), 100);
          socket.on('data', () => undefined);
          socket.on('error', () => undefined);
          socket.on('close', () => {
            clearInterval(drip);
            resolve();
          });
        }),
    );
    expect((await send(`${own.url}/v1/alerts/generic/${KEY}`, QUIET)).status).toBe(202);
    await Promise.all(cut);
  });
});

describe('a body', () => {
  test.for<[string, string | Uint8Array, number]>([
    ['that is no JSON', '{"planted": ', 400],
    ['that is empty', '', 400],
    ['that is no UTF-8', new Uint8Array([0xff, 0xfe]), 400],
    ['of another type', 'planted', 400],
  ])('%s is refused without repeating it', async ([, body, status]) => {
    const answered = await fetch(here(`/v1/alerts/generic/${KEY}`), { method: 'POST', body: body as string });
    expect(answered.status).toBe(status);
    expect(await answered.text()).not.toContain('planted');
  });

  test.for(['text/plain; charset=UTF-8', 'application/x-www-form-urlencoded', 'application/json', 'nonsense'])(
    'of JSON is read although it claims to be %s',
    async (type) => {
      const answered = await send(here(`/v1/alerts/generic/${KEY}`), QUIET, { 'content-type': type });
      expect(answered.status).toBe(202);
    },
  );
});

describe('an address', () => {
  test.for([
    ['GET', '/planted', 404],
    ['GET', `/v1/alerts/generic/${KEY}`, 405],
    ['POST', '/v1/alerts/planted', 404],
    ['POST', `/v1/alerts/planted/${KEY}`, 404],
    ['POST', `/v1/alerts/generic/${KEY}/planted`, 404],
    ['POST', '/v1/alerts/generic/%zz-planted', 400],
    ['POST', `/v1/alerts/generic/${'planted'.repeat(80)}`, 400],
  ] as const)('%s %s is refused with problem details that repeat nothing', async ([method, path, status]) => {
    const body = method === 'POST' ? QUIET : undefined;
    const answered = await send(here(path), body, {}, method);
    expect(answered).toMatchObject({ status, body: { status, title: expect.any(String) } });
    expect(answered.headers.get('content-type')).toContain('application/problem+json');
    expect(answered.text).not.toContain('planted');
  });
});

describe('the log', () => {
  test('has a line for each request, and no key', async (context) => {
    const own = await startGateway(world(), context);
    await send(`${own.url}/v1/alerts/generic/${KEY}`, QUIET);
    await send(`${own.url}/v1/alerts/generic/${OTHER_KEY}x`, QUIET);
    await send(`${own.url}/nothing/${KEY}?key=${KEY}`, QUIET, basic(OPERATOR));
    await send(`${own.url}/v2/enqueue`, { routing_key: KEY, event_action: 'planted-action' });
    const lines = own.log().filter(({ route }) => route !== undefined);
    expect(lines).toMatchObject([
      { method: 'POST', route: '/v1/alerts/:source/:key', status: 202, key: 'shop', source: 'generic', level: 30 },
      { method: 'POST', route: '/v1/alerts/:source/:key', status: 401, level: 40 },
      { route: null, status: 404 },
      { route: '/v2/enqueue', status: 400, key: 'shop' },
    ]);
    for (const planted of [...PLANTED, 'planted']) expect(own.written()).not.toContain(planted);
  });
});

describe('TLS', () => {
  test('is served where a certificate is given', async (context) => {
    const fixture = (name: string) => fileURLToPath(new URL(`../pigeon/fixtures/${name}.pem`, import.meta.url));
    const environment = {
      PIGEONFLOW_GATEWAY_TLS_CERT_FILE: fixture('localhost.cert'),
      PIGEONFLOW_GATEWAY_TLS_KEY_FILE: fixture('localhost.key'),
    };
    const own = await startGateway(world(), context, { environment });
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    context.onTestFinished(() => dispatcher.close());
    const body = JSON.stringify(QUIET);
    const answered = await request(`${own.url}/v1/alerts/generic/${KEY}`, { method: 'POST', body, dispatcher });
    expect(answered.statusCode).toBe(202);
  });
});
