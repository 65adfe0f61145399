import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { JSONToPayload, payloadToJSON } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, test } from 'vitest';
import { EncryptionCodec } from '../../src/codec/index.js';
import { keysOf, keysText } from '../codec/keys-of.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { ORIGIN, startCodecServer, TOKEN, type RunningCodecServer } from './rig.js';

const SAID = '秘密太郎 0399887766';
const plain = defaultPayloadConverter.toPayload({ name: SAID });
const bodyOf = (...payloads: readonly Payload[]) =>
  JSON.stringify({ payloads: payloads.map((one) => payloadToJSON(one)) });
const encrypted = async (key = 'a') => bodyOf(...(await new EncryptionCodec(keysOf(key)).encode([plain])));
const valuesIn = (json: unknown) =>
  (json as { readonly payloads: readonly object[] }).payloads.map((one) =>
    defaultPayloadConverter.fromPayload(JSONToPayload(one)),
  );

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As the `temporal` command asks, unless told otherwise. */
async function ask({ url }: RunningCodecServer, { path = '/decode', method = 'POST', headers = {}, body }: Asked = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-namespace': 'default',
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a codec server', () => {
  test('decodes and encodes payloads in their order, and leaves plain ones as they are', async () => {
    const server = await startCodecServer();
    const encode = await ask(server, { path: '/encode', body: bodyOf(plain, defaultPayloadConverter.toPayload(7)) });
    expect(encode.status).toBe(200);
    expect(encode.text).not.toContain(JSON.stringify(payloadToJSON(plain).data));
    const decode = await ask(server, { path: '/decode?preserveStorageRefs=true', body: encode.text });
    expect(valuesIn(JSON.parse(decode.text))).toEqual([{ name: SAID }, 7]);
    expect(valuesIn(JSON.parse((await ask(server, { body: bodyOf(plain) })).text))).toEqual([{ name: SAID }]);
    expect(decode.headers.get('cache-control')).toBe('no-store');
  });

  test('says which key is missing', async () => {
    const server = await startCodecServer();
    const { status, text } = await ask(server, { body: await encrypted('b') });
    expect({ status, text }).toEqual({
      status: 422,
      text: `A payload is encrypted with the key "b", which is missing: add its line to ${server.keysFile}.\n`,
    });
    writeFileSync(server.keysFile, keysText('a', 'b'));
    expect((await ask(server, { body: await encrypted('b') })).status).toBe(200);
  });

  test.for<[string, string]>([
    ['no JSON', '{"payloads": [秘'],
    ['another form', '{"payloads": {"x": 1}}'],
    ['nothing', ''],
    ['null', 'null'],
    ['a payload that is none', '{"payloads": ["秘密"]}'],
    ['bytes that are no base64', '{"payloads": [{"data": "秘密"}]}'],
  ])('refuses a body that is %s, without quoting it', async ([, body]) => {
    const { status, text } = await ask(await startCodecServer(), { body });
    expect(status).toBe(400);
    expect(text).toContain('The body must be JSON of the form {"payloads":[');
    expect(text).not.toContain('秘');
  });

  test('refuses a body that is too large', async () => {
    const server = await startCodecServer();
    const large = ask(server, { body: `{"payloads":[{"data":"${'A'.repeat(9 * 1024 * 1024)}"}]}` });
    // Anyone who still sends when the answer comes may see the connection end instead.
    expect(
      await large.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
    expect(server.log()).toContainEqual(expect.objectContaining({ status: 413 }));
    expect((await ask(server, { body: bodyOf(plain) })).status).toBe(200);
  });

  test.for<[string, Asked]>([
    ['another path', { path: '/download' }],
    ['another method', { method: 'PUT', body: '{}' }],
    ['a path under a path', { path: '/decode/x', body: '{}' }],
  ])('has no %s', async ([, asked]) => {
    expect((await ask(await startCodecServer(), asked)).status).toBe(404);
  });
});

describe('without the token', () => {
  test.for<[string, string]>([
    ['none', ''],
    ['another', 'Bearer other'],
    ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}1`],
    ['the token without a scheme', TOKEN],
    ['another scheme', `Token ${TOKEN}`],
    ['another password', `Basic ${Buffer.from('user:other').toString('base64')}`],
    ['the token as user', `Basic ${Buffer.from(`${TOKEN}:`).toString('base64')}`],
    ['a Basic that is none', 'Basic ***'],
  ])('nothing is decoded: %s', async ([, authorization]) => {
    const { status, text, headers } = await ask(await startCodecServer(), {
      headers: { authorization },
      body: await encrypted(),
    });
    expect(status).toBe(401);
    expect(text).toMatch(/^The token is missing or wrong/);
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  test('a browser is asked for it, and lets itself in as anybody', async () => {
    const server = await startCodecServer();
    expect(await ask(server, { path: '/', method: 'GET', headers: { authorization: '' } })).toMatchObject({
      status: 401,
    });
    const authorization = `basic ${Buffer.from(`anybody:${TOKEN}`).toString('base64')}`;
    expect(await ask(server, { path: '/', method: 'GET', headers: { authorization } })).toMatchObject({ status: 200 });
    expect((await ask(server, { headers: { authorization }, body: await encrypted() })).status).toBe(200);
  });

  test('that is replaced in its file, nothing is decoded any more, and with the new one it is', async () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, `${TOKEN}\n`);
    const server = await startCodecServer({ PIGEONFLOW_CODEC_TOKEN_FILE: file });
    const body = await encrypted();
    expect((await ask(server, { body })).status).toBe(200);
    writeFileSync(file, 'next-token');
    expect((await ask(server, { body })).status).toBe(401);
    expect((await ask(server, { body, headers: { authorization: 'Bearer next-token' } })).status).toBe(200);
    writeFileSync(file, ' \n');
    expect(await ask(server, { body, headers: { authorization: 'Bearer ' } })).toMatchObject({
      status: 503,
      text: `The token file ${file} is empty: write the token into it.\n`,
    });
  });
});

describe('a page', () => {
  const preflight = (origin: string): Asked => ({
    method: 'OPTIONS',
    headers: {
      origin,
      authorization: '',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-namespace',
    },
  });
  const corsOf = (headers: Headers) => [...headers].filter(([name]) => name.startsWith('access-control-'));

  test('of an allowed origin is let through by its browser, with and without an error', async () => {
    const server = await startCodecServer({ PIGEONFLOW_CODEC_ORIGINS: `https://a.example, ${ORIGIN}` });
    const asked = await ask(server, preflight(ORIGIN));
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': expect.stringContaining('content-type, x-namespace') as string,
      vary: 'origin',
    });
    for (const authorization of [`Bearer ${TOKEN}`, '']) {
      const { headers } = await ask(server, { headers: { origin: ORIGIN, authorization }, body: await encrypted() });
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    }
  });

  test.for([
    'https://evil.example',
    'https://temporal.example.com.evil.example',
    'https://temporal.example.com:444',
    'http://temporal.example.com',
    'https://TEMPORAL.example.com',
    'https://temporal.example.com/',
    'null',
    '',
  ])('of the foreign origin "%s" gets nothing, even with the token', async (origin) => {
    const server = await startCodecServer();
    for (const asked of [preflight(origin), { headers: { origin }, body: await encrypted() }]) {
      const { status, text, headers } = await ask(server, asked);
      expect(status).toBe(403);
      expect(text).toMatch(/^Pages of this origin may not ask/);
      expect(corsOf(headers)).toEqual([]);
    }
  });
});

describe('the process', () => {
  test('answers health checks, and stops when it is told to', async () => {
    const server = await startCodecServer();
    for (const path of ['/healthz', '/readyz']) {
      expect(await (await fetch(server.healthUrl + path)).text()).toBe('ok\n');
    }
    await server.stop();
    await expect(fetch(server.url)).rejects.toBeInstanceOf(TypeError);
    expect(server.log().at(-1)).toMatchObject({ msg: 'stopped' });
  });

  test('logs who asked for what, and neither content, key nor token', async () => {
    const server = await startCodecServer();
    const body = await encrypted();
    await ask(server, { body, headers: { origin: ORIGIN } });
    await ask(server, { path: '/encode', body: bodyOf(plain) });
    await ask(server, { body: `{"payloads":["${SAID}"]}` });
    await ask(server, {
      path: `/${'x'.repeat(5_000)}`,
      headers: { authorization: `Bearer ${SAID}`.replace(/[^ -~]/g, '') },
    });
    const log = JSON.stringify(server.log());
    expect(server.log()).toContainEqual(
      expect.objectContaining({
        msg: 'answered',
        path: '/decode',
        status: 200,
        origin: ORIGIN,
        namespace: 'default',
        payloads: 1,
      }),
    );
    expect(log.length).toBeLessThan(4_000);
    for (const secret of [SAID, '0399887766', TOKEN, keysOf('a').key('a').toString('base64')]) {
      expect(log).not.toContain(secret);
      expect(log).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });

  test('is not held up by somebody who sends half a request', async () => {
    const server = await startCodecServer();
    const { port } = new URL(server.url);
    const slow = connect(Number(port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write(`POST /decode HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 1000\r\n\r\n{`);
    expect((await ask(server, { body: await encrypted() })).status).toBe(200);
    await server.stop();
    slow.destroy();
  });

  const fixture = (name: string) => fileURLToPath(new URL(`../pigeon/fixtures/${name}.pem`, import.meta.url));

  test('speaks TLS with its own certificate', async () => {
    const { url } = await startCodecServer({
      PIGEONFLOW_CODEC_TLS_CERT_FILE: fixture('localhost.cert'),
      PIGEONFLOW_CODEC_TLS_KEY_FILE: fixture('localhost.key'),
    });
    const status = await new Promise((resolve, reject) => {
      const request = httpsRequest(url, { ca: readFileSync(fixture('localhost.cert')) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end();
    });
    expect(url).toMatch(/^https:/);
    expect(status).toBe(401);
  });
});
