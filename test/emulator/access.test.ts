import { describe, expect, test } from 'vitest';
import { HEADERS, rig, START } from './rig.js';

const CALLS = '/api/apps/pigeon/calls';

describe('access', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { 'x-authorization': 'Bearer emulator-token' }],
    ['an unknown token', { 'x-authorization': 'Token other' }],
    ['the token in the ordinary header', { authorization: 'Token emulator-token' }],
  ])('is refused with %s', async (_, headers) => {
    const { request } = await rig();
    expect((await request('GET', CALLS, undefined, headers)).status).toBe(401);
  });

  test('ends when the token expires on the clock of the space', async () => {
    const { request, clock } = await rig({ tokens: [{ token: 'short', expiresAt: START + 1_000 }] });
    const ask = async () => (await request('GET', CALLS, undefined, { 'x-authorization': 'Token short' })).status;
    clock.advance(999);
    expect(await ask()).toBe(200);
    clock.advance(1);
    expect(await ask()).toBe(401);
  });

  test('follows tokens that are added and revoked', async () => {
    const { request, emulator } = await rig();
    const ask = async () => (await request('GET', CALLS, undefined, { 'x-authorization': 'Token new' })).status;
    const before = await ask();
    emulator.tokens.add('new');
    const added = await ask();
    emulator.tokens.revoke('new');
    expect([before, added, await ask()]).toEqual([401, 200, 401]);
  });

  test('a cause of refusal can have a code of its own', async () => {
    const { request } = await rig({
      tokens: [{ token: 'old', expiresAt: START }],
      switches: { errorCodes: { expiredToken: 403 } },
    });
    expect((await request('GET', CALLS, undefined, { 'x-authorization': 'Token old' })).status).toBe(403);
    expect((await request('GET', CALLS, undefined, {})).status).toBe(401);
  });

  test('needs both headers with HTTP Basic auth in front', async () => {
    const { request } = await rig({ basicAuth: { username: 'user', password: 'pass' } });
    const basic = { authorization: `Basic ${Buffer.from('user:pass').toString('base64')}` };
    const alone = await request('GET', CALLS);
    expect([alone.status, alone.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Kompira Pigeon"']);
    expect((await request('GET', CALLS, undefined, basic)).status).toBe(401);
    expect((await request('GET', CALLS, undefined, { ...HEADERS, ...basic })).status).toBe(200);
  });

  test('no token is ever written into the journal', async () => {
    const { request, emulator } = await rig({
      tokens: ['very-secret'],
      basicAuth: { username: 'u', password: 'hidden' },
    });
    const basic = Buffer.from('u:hidden').toString('base64');
    await request('GET', CALLS, undefined, { 'x-authorization': 'Token very-secret', authorization: `Basic ${basic}` });
    const written = JSON.stringify(emulator.journal.entries());
    for (const secret of ['very-secret', 'hidden', basic]) expect(written).not.toContain(secret);
  });
});

describe('requests', () => {
  test('are read as JSON whatever their content type', async () => {
    const { request } = await rig();
    const headers = { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' };
    const { status } = await request('POST', '/api/apps/pigeon/chain/abort', { resultId: 'none' }, headers);
    expect(status).toBe(404);
  });

  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/api/apps/pigeon/nothing', 404],
    ['GET', '/api/apps/pigeon/chain/invoke', 405],
    ['POST', '/api/apps/pigeon/calls', 405],
  ])('%s %s is answered %s %i', async (method, path, status) => {
    const { request } = await rig();
    expect((await request(method, path)).status).toBe(status);
  });

  test('are answered with the date of the space', async () => {
    const { request } = await rig();
    expect((await request('GET', CALLS)).headers.get('date')).toBe('Mon, 01 Apr 2024 00:00:00 GMT');
  });
});
