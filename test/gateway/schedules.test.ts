import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashText } from '../../src/gateway/keys/keys.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { startWithWeeklySchedule } from '../rig/weekly-schedule.js';
import { KEY, KEYS, OPERATOR, READER, send, startGateway, type RunningGateway } from './gateway.js';

const PLANNER = 'planted-key-of-a-planner-000006';
const rig = useRig();
const world = useSharedWorld(rig, { workers: 'none' });
const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-schedules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const name = `web-${randomUUID().slice(0, 8)}`;
let gateway: RunningGateway;

beforeAll(async () => {
  await startWithWeeklySchedule(world(), folder, name, '[sato, abe]');
  const operators = `operators:\n  planner: { keys: "${hashText(PLANNER)}", may: [read, schedule] }\n`;
  gateway = await startGateway(world(), world(), { keys: KEYS.replace('operators:\n', operators) });
});

const path = `/v1/schedules/${name}/overrides`;
const ask = (method: string, at: string, body?: unknown, key = PLANNER) =>
  send(`${gateway.url}${at}`, body, { authorization: `Bearer ${key}` }, method);

describe('the overrides of a schedule', () => {
  test('are made, listed and removed, with who asked by which key', async () => {
    const taken = await ask('POST', path, { action: 'take', person: 'suzuki', by: '鈴木', reason: 'sato is sick' });
    expect(taken).toMatchObject({
      status: 200,
      body: { accepted: true, override: { number: 1, by: '鈴木 (via planner)', unconfirmed: [] }, version: 1 },
    });
    expect(await ask('GET', path, undefined, READER)).toMatchObject({
      status: 200,
      body: { schedule: name, version: 1, overrides: [{ number: 1, removed: null }] },
    });
    expect(await ask('DELETE', `${path}/1`)).toMatchObject({
      status: 200,
      body: { override: { removed: { by: 'planner', reason: null } } },
    });
    const put = await ask('POST', path, { action: 'override', people: ['suzuki'], by: 'suzuki' });
    // What is claimed with a key of another is no confirmation.
    expect(put).toMatchObject({ status: 200, body: { override: { number: 2, unconfirmed: ['suzuki'] } } });
    expect(await ask('POST', path, { action: 'confirm', person: 'suzuki' })).toMatchObject({
      status: 200,
      body: { override: { unconfirmed: [], confirmed: [{ person: 'suzuki', by: 'planner' }] } },
    });
    const removed = await ask('DELETE', `${path}/2`, { by: 'sato', reason: 'he is well' });
    expect(removed).toMatchObject({ status: 200, body: { override: { removed: { by: 'sato (via planner)' } } } });
    expect(gateway.log().some(({ operation, schedule }) => operation === 'override' && schedule === name)).toBe(true);
  });

  test('are previewed without being made', async () => {
    const previewed = await ask('POST', path, { action: 'take', person: 'kato', preview: true });
    expect(previewed).toMatchObject({ status: 200, body: { holdsFrom: null } });
    const { body } = await ask('GET', path);
    expect(JSON.stringify(body)).not.toContain('kato');
  });

  test('that cannot be are 409, and say why', async () => {
    expect(await ask('POST', path, { action: 'take' })).toMatchObject({ status: 409, body: { accepted: false } });
    expect(await ask('DELETE', `${path}/99`)).toMatchObject({ status: 409, body: { message: 'There is no override #99.' } }); // prettier-ignore
    const nowhere = `/v1/schedules/no-${randomUUID().slice(0, 8)}/overrides`;
    expect(await ask('POST', nowhere, { action: 'take', person: 'suzuki' })).toMatchObject({ status: 409 });
    expect(await ask('GET', `/v1/schedules/no-such/overrides`)).toMatchObject({ status: 200, body: { overrides: [] } });
  });

  test.for<[string, string, number]>([
    ['a reader', READER, 403],
    ['an operator of incidents', OPERATOR, 403],
    ['a sender of alerts', KEY, 401],
    ['nobody', '', 401],
  ])('%s may make none', async ([, key, status]) => {
    expect((await ask('POST', path, { action: 'take', person: 'suzuki' }, key)).status).toBe(status);
    expect((await ask('DELETE', `${path}/1`, undefined, key)).status).toBe(status);
  });

  test.for<[string, unknown]>([
    ['no action', { person: 'suzuki' }],
    ['an action that is none', { action: 'terminate' }],
    ['a name of the prototype', { action: '__proto__' }],
    ['a person that is no handle', { action: 'take', person: '../../etc/passwd' }],
    ['a person of a kilobyte', { action: 'take', person: 'a'.repeat(1_024) }],
    ['people of another shape', { action: 'override', people: [{ toString: 'sato' }] }],
    ['a thousand people', { action: 'override', people: Array.from({ length: 1_000 }, (_, n) => `p${n}`) }],
    ['a shift with more behind', { action: 'override', people: ['sato'], shift: 'weekly/2026-12-07\n' }],
    ['a time that is none', { action: 'take', person: 'suzuki', until: 'tomorrow' }],
    ['a reason without end', { action: 'take', person: 'suzuki', reason: 'x'.repeat(201) }],
    ['overrides that are none', { action: 'override', restore: [{ number: 1 }] }],
    ['a list', []],
    ['a text', '"take"'],
    ['what is no JSON', '{"action":'],
  ])('%s is refused, and changes nothing', async ([, body]) => {
    const before = await ask('GET', path);
    const answered = await ask('POST', path, body);
    expect(answered).toMatchObject({ status: 400, body: { status: 400 } });
    expect(answered.text).not.toContain('passwd');
    expect((await ask('GET', path)).body['version']).toBe(before.body['version']);
  });

  test.for([
    '/v1/schedules/../overrides',
    '/v1/schedules/WEB/overrides',
    '/v1/schedules/%00/overrides',
    `/v1/schedules/${'a'.repeat(61)}/overrides`,
    `/v1/schedules/web%2f..%2fx/overrides`,
  ])('an address like %s is no schedule', async (address) => {
    expect([400, 404]).toContain((await ask('GET', address)).status);
    expect([400, 404]).toContain((await ask('POST', address, { action: 'take', person: 'suzuki' })).status);
  });

  test.for(['0', '-1', '1e3', 'one', '99999999999999999999'])('%s is no number of one', async (number) => {
    expect((await ask('DELETE', `${path}/${number}`)).status).toBe(400);
  });

  test('other methods are 405, and a page of another site may not ask', async () => {
    expect((await ask('PUT', path, {})).headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await ask('GET', `${path}/1`)).headers.get('allow')).toBe('DELETE');
    const headers = { authorization: `Bearer ${PLANNER}`, origin: 'https://elsewhere.example' };
    expect((await send(`${gateway.url}${path}/1`, undefined, headers, 'DELETE')).status).toBe(403);
  });
});
