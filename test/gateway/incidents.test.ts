import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../../src/gateway/openapi.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentTo } from '../client/incident-input.js';
import { KEY, NUMBER, OPERATOR, PLANTED, READER, send, SPACE, startGateway, type RunningGateway } from './gateway.js';

const rig = useRig();
const world = useSharedWorld(rig, SPACE);
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway(world(), world());
});
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const get = (path: string, key = OPERATOR) => send(`${gateway.url}${path}`, undefined, bearer(key), 'GET');
const post = (path: string, body?: unknown, key = OPERATOR) => send(`${gateway.url}${path}`, body, bearer(key));
const alert = (more: object = {}) => ({
  policy: 'one-person',
  summary: 'ディスク満杯',
  dedupKey: randomUUID(),
  parameters: { server: 'web-1', incident: 'ディスク満杯' },
  ...more,
});
/** Opened over HTTP; the path of its incident. */
async function opened(): Promise<{ readonly id: string; readonly path: string }> {
  const { body } = await post('/v1/incidents', alert());
  const id = String(body['incidentId']);
  return { id, path: `/v1/incidents/${id.slice('incident/'.length)}` };
}

describe('the incident API', () => {
  test('opens an incident, once, and tells the open one what has changed', async () => {
    const given = alert();
    const first = await post('/v1/incidents', given);
    expect(first).toMatchObject({ status: 201, body: { reported: 'opened' } });
    const { incidentId } = first.body;
    expect(await post('/v1/incidents', given)).toMatchObject({ status: 200, body: { incidentId, reported: 'known' } });
    const worse = await post('/v1/incidents', { ...given, severity: 'critical' });
    expect(worse).toMatchObject({ status: 200, body: { incidentId, reported: 'changed' } });
    await world().pigeonflow.incident(String(incidentId)).resolve();
  });

  test('shows an incident and its timeline, with or without the beginning of its id', async () => {
    const { id, path } = await opened();
    const rings = await eventually(async () => {
      const shown = await get(path);
      return (shown.body['status'] as { ringing: string[] } | null)?.ringing.length === 1 && shown;
    }, 'it rings');
    expect(rings).toMatchObject({ status: 200, body: { incidentId: id, state: 'triggered', policy: 'one-person' } });
    expect((await get(`/v1/incidents/${encodeURIComponent(id)}`)).body['incidentId']).toBe(id);
    const { body } = await get(`${path}/timeline`);
    expect(JSON.stringify(body)).toContain('"kind":"callsPlaced"');
    await post(`${path}/resolve`);
    await world().pigeonflow.incident(id).result();
    expect(await get(path)).toMatchObject({ status: 200, body: { state: 'resolved', status: { state: 'resolved' } } });
  });

  test('carries out what people ask for, and marks who they claim to be', async () => {
    const { id, path } = await opened();
    const owned = await post(`${path}/acknowledge`, { by: '佐藤', note: '見ます' });
    expect(owned).toMatchObject({
      status: 200,
      body: { accepted: true, state: 'acknowledged', owner: { by: '佐藤 (via console)', via: 'api' } },
    });
    // What the state does not allow is no success: scripts look at the status.
    for (const asked of [{}, { soft: true }]) {
      expect(await post(`${path}/acknowledge`, asked)).toMatchObject({
        status: 409,
        body: {
          accepted: false,
          state: 'acknowledged',
          owner: { by: '佐藤 (via console)' },
          since: expect.any(String) as string,
          message: expect.stringMatching(/has owned the incident for/) as string,
        },
      });
    }
    expect(await post(`${path}/acknowledge`, { takeOver: true })).toMatchObject({
      status: 200,
      body: { owner: { by: 'console' } },
    });
    expect(await post(`${path}/snooze`, { for: '10m' })).toMatchObject({ status: 200, body: { state: 'snoozed' } });
    expect(await post(`${path}/escalate`, { to: 'primary' })).toMatchObject({ status: 200 });
    await eventually(async () => (await world().pigeonflow.incident(id).status()).ringing.length === 1, 'it rings');
    expect(await post(`${path}/hang-up`, {})).toMatchObject({ status: 200 });
    expect(await post(`${path}/resolve`)).toMatchObject({ status: 200, body: { state: 'resolved' } });
    expect(await post(`${path}/snooze`)).toMatchObject({ status: 409, body: { accepted: false, state: 'resolved' } });
  });

  test('lists incidents by state and owner', async () => {
    const { id, path } = await opened();
    await post(`${path}/acknowledge`, { by: '佐藤' });
    const listed = await eventually(async () => {
      const { body } = await get('/v1/incidents?state=acknowledged&owner=external&limit=1000');
      return (body['incidents'] as { incidentId: string }[]).find(({ incidentId }) => incidentId === id);
    }, 'it is listed');
    expect(listed).toMatchObject({ state: 'acknowledged', owner: expect.stringContaining('佐藤') as string });
    expect(((await get('/v1/incidents?limit=1')).body['incidents'] as object[]).length).toBe(1);
    await post(`${path}/resolve`);
  });

  test('shows what was written down where no worker answers, and says so when asked to act', async (context) => {
    const alone = await rig({ ...SPACE, workers: 'none', context });
    const own = await startGateway(alone, context);
    const incident = await alone.pigeonflow.openIncident(incidentTo(NUMBER));
    const path = `${own.url}/v1/incidents/${incident.incidentId.slice('incident/'.length)}`;
    expect(await send(path, undefined, bearer(READER), 'GET')).toMatchObject({
      status: 200,
      body: { state: 'triggered', status: null },
    });
    const asked = await send(`${path}/acknowledge`, {}, bearer(OPERATOR));
    expect(asked.status).toBe(503);
    expect(asked.headers.get('retry-after')).toBe('5');
    await incident.cancel();
  });

  test('answers about an incident whose policy is still being read, and about one whose policy is nowhere, which waits for it', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { path } = await opened();
        expect((await get(`${path}/timeline`)).status).toBe(200);
        expect((await post(`${path}/resolve`)).status).toBe(200);
      }),
    );
    const { body } = await post('/v1/incidents', alert({ policy: 'planted' }));
    const path = `/v1/incidents/${String(body['incidentId']).slice('incident/'.length)}`;
    await eventually(async () => (await get(path)).body['state'] === 'blocked', 'it says that it waits');
    expect((await post(`${path}/resolve`)).status).toBe(200);
  });

  test('says when an incident was ended in Temporal', async () => {
    const { id, path } = await opened();
    await world().temporal.workflow.getHandle(id).terminate();
    expect((await post(`${path}/acknowledge`)).status).toBe(410);
    expect(await get(path)).toMatchObject({ status: 200, body: { state: 'terminated', status: null } });
  });
});

describe('a key', () => {
  test.for<[string, string, number, number, number]>([
    ['of an operator that may read', READER, 200, 403, 403],
    ['of a sender', KEY, 401, 401, 401],
    ['that is not known', 'planted', 401, 401, 401],
    ['that is missing', '', 401, 401, 401],
  ])('%s may do what it is for', async ([, key, reads, opens, responds]) => {
    expect((await get('/v1/incidents?limit=1', key)).status).toBe(reads);
    expect((await post('/v1/incidents', alert(), key)).status).toBe(opens);
    expect((await post('/v1/incidents/shop-000000000000/resolve', {}, key)).status).toBe(responds);
  });

  test('is in no log', () => {
    for (const planted of PLANTED) expect(gateway.written()).not.toContain(planted);
  });
});

describe('a request that does not fit', () => {
  test.for<[string, unknown, string]>([
    ['a severity that is no text', alert({ severity: ['planted'] }), '#/severity'],
    ['no summary', alert({ summary: undefined }), '#'],
    ['a policy as a whole', { ...alert(), policy: { name: 'planted' } }, '#/policy'],
    ['a label that is no text', alert({ labels: { team: {} } }), '#/labels/team'],
  ])('(%s) is refused at its field', async ([, body, pointer]) => {
    const answered = await post('/v1/incidents', body);
    expect(answered).toMatchObject({ status: 400, body: { errors: expect.arrayContaining([]) } });
    const errors = answered.body['errors'] as readonly { readonly pointer: string }[];
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect(answered.text).not.toContain('planted');
  });

  test.for<[string, string, string, number]>([
    ['GET', '/v1/incidents?limit=0', '', 400],
    ['GET', '/v1/incidents?limit=planted', '', 400],
    ['GET', '/v1/incidents?state=planted', '', 400],
    ['GET', `/v1/incidents?owner=${encodeURIComponent("x' OR '1'='1")}`, '', 400],
    ['GET', '/v1/incidents/call%2F1', '', 400],
    ['GET', '/v1/incidents/no-such-incident', '', 404],
    ['GET', '/v1/incidents/no-such-incident/timeline', '', 404],
    ['POST', '/v1/incidents/no-such-incident/resolve', '{}', 404],
    ['POST', '/v1/incidents', '[]', 400],
    ['POST', '/v1/incidents', '"planted"', 400],
    ['POST', '/v1/incidents', '{"planted', 400],
    ['POST', '/v1/incidents/no-such-incident/snooze', '{"for":"planted"}', 400],
    ['DELETE', '/v1/incidents', '', 405],
    ['QUERY', '/v1/incidents', '', 405],
    ['PUT', '/v1/incidents/no-such-incident', '', 405],
  ])('(%s %s %s) is refused with problem details', async ([method, path, body, status]) => {
    const given = body === '' ? undefined : body;
    const answered = await send(`${gateway.url}${path}`, given, bearer(OPERATOR), method);
    expect(answered).toMatchObject({ status, body: { status } });
    expect(answered.text).not.toContain('planted');
  });
});

describe('/openapi.json', () => {
  test('is served without a key, and describes what is answered', async () => {
    const { status, body } = await send(`${gateway.url}/openapi.json`, undefined, {}, 'GET');
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(openApi())));
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema({ ...body, $id: 'api' });
    const fits = (name: string, value: unknown) =>
      ajv.validate({ $ref: `api#/components/schemas/${name}` }, value) ? [] : ajv.errors;
    const { id, path } = await opened();
    expect(fits('Incident', (await get(path)).body)).toEqual([]);
    expect(fits('Timeline', (await get(`${path}/timeline`)).body)).toEqual([]);
    expect(fits('Incidents', (await get('/v1/incidents')).body)).toEqual([]);
    expect(fits('Answer', (await post(`${path}/resolve`)).body)).toEqual([]);
    await world().pigeonflow.incident(id).result();
    expect(fits('Incident', (await get(path)).body)).toEqual([]);
    expect(fits('Problem', (await post('/v1/incidents', {})).body)).toEqual([]);
  });
});
