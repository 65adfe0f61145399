import { beforeAll, describe, expect, test } from 'vitest';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { KEY, OPERATOR, PIGEON, send, SPACE, startGateway, type RunningGateway } from './gateway.js';
import { sendRaw } from './half-request.js';

const world = useSharedWorld(useRig(), { ...SPACE, workers: 'none' });
let gateway: RunningGateway;
beforeAll(async () => {
  const environment = { PIGEON_BASE_URL: 'http://127.0.0.1:9', PIGEON_API_TOKEN: 'x' };
  gateway = await startGateway(world(), world(), { environment });
});
/** As a browser sends what it has kept. */
const KEPT = `Basic ${Buffer.from(`x:${OPERATOR}`).toString('base64')}`;
const QUIET = JSON.stringify({ summary: 'x', labels: { quiet: 'yes' } });

/** As a browser sends it: its own headers are none that a client may choose. */
async function asked(context: Parameters<typeof sendRaw>[2], request: string, headers: readonly string[], body = '') {
  const all = ['Host: gateway.example:8092', ...headers, `Content-Length: ${body.length}`, 'Connection: close'];
  const { answer, socket } = await sendRaw(
    gateway.url,
    `${request} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${body}`,
    context,
  );
  await new Promise((resolve) => socket.once('close', resolve));
  return answer();
}

const ADDRESSES: readonly (readonly [string, string])[] = [
  [`POST /v1/alerts/generic/${KEY}`, QUIET],
  ['POST /v2/enqueue', JSON.stringify({ routing_key: KEY })],
  ['POST /v1/incidents', '{"policy":"one-person","summary":"x"}'],
  ['GET /v1/incidents', ''],
  ['GET /v1/incidents/x', ''],
  ['POST /v1/incidents/x/resolve', ''],
  ['OPTIONS /v1/incidents', ''],
  [`POST /v1/pigeon/${PIGEON}`, '{}'],
];

describe('what a page of another site asks for in a browser that has kept a key', () => {
  test.for(ADDRESSES)('is refused: %s', async ([request, body], context) => {
    const kept = [`Authorization: ${KEPT}`, 'Content-Type: application/json'];
    for (const headers of [
      ['Sec-Fetch-Site: cross-site'],
      ['Sec-Fetch-Site: same-site'],
      ['Origin: https://evil.example'],
      ['Origin: null'],
      ['Origin: http://gateway.example'],
      ['Origin: https://gateway.example:8092.evil.example', 'Sec-Fetch-Site: same-origin'],
    ]) {
      const answer = await asked(context, request, [...kept, ...headers], body);
      expect(answer).toMatch(/^HTTP\/1.1 403 /);
      expect(answer).toContain('application/problem+json');
      expect(answer).toContain('A page of another site may not ask this in a browser');
    }
  });

  test('says that it is the origin, or the word of the browser', async (context) => {
    expect(await asked(context, 'GET /v1/incidents', ['Origin: null'])).toContain('Origin is not the host');
    expect(await asked(context, 'GET /v1/incidents', ['Sec-Fetch-Site: cross-site'])).toContain(
      'Sec-Fetch-Site says so',
    );
  });
});

describe('what is let in', () => {
  test.for([
    ['no browser', []],
    ['a page of this host', ['Origin: https://gateway.example:8092', 'Sec-Fetch-Site: same-origin']],
    ['a page of this host, by plain HTTP', ['Origin: http://GATEWAY.example:8092']],
    ['an address that somebody has typed', ['Sec-Fetch-Site: none']],
  ] as const)('%s', async ([, headers], context) => {
    expect(await asked(context, `POST /v1/alerts/generic/${KEY}`, headers, QUIET)).toMatch(/^HTTP\/1.1 202 /);
  });

  test('anyone who reads what everybody may see', async (context) => {
    const headers = ['Origin: https://docs.example', 'Sec-Fetch-Site: cross-site'];
    expect(await asked(context, 'GET /openapi.json', headers)).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('the incident API', () => {
  test('asks for a key, and no browser for a password', async () => {
    const { status, headers } = await send(`${gateway.url}/v1/incidents`, undefined, {}, 'GET');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="pigeonflow"']);
  });

  const authorization = `Bearer ${OPERATOR}`;
  const open = async (type: string, body = '{"policy":7}') =>
    await send(`${gateway.url}/v1/incidents`, body, { authorization, 'content-type': type });

  test.for(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json'])(
    'reads %s',
    async (type) => {
      expect((await open(type)).status).toBe(400);
    },
  );

  test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json', ''])(
    'reads no "%s", not even when it is empty',
    async (type) => {
      expect(await open(type)).toMatchObject({ status: 415, body: { status: 415 } });
      // An empty form is a form.
      expect((await open(type || 'text/plain', '')).status).toBe(415);
    },
  );

  test('needs no type where there is no body', async () => {
    const url = `${gateway.url}/v1/incidents`;
    const answered = await fetch(url, { method: 'POST', headers: { authorization } });
    expect([answered.status, await answered.text()]).toEqual([400, expect.stringContaining('policy')]);
  });
});
