import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { incidentId } from '../../src/client.js';
import { samples } from '../alerts/samples.js';
import { scrape } from '../operate/scrape.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { incidentOf, KEY, resultsOf, send, SPACE, startGateway, type RunningGateway } from './gateway.js';

const world = useSharedWorld(useRig(), SPACE);
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway(world(), world());
});
const to = (source: string) => `${gateway.url}/v1/alerts/${source}/${KEY}`;
const stateOf = async (id: string) => (await world().pigeonflow.incident(id).listed()).state;

describe('an alert in our own format', () => {
  test('is accepted when Temporal has it, and people are called', async () => {
    const dedupKey = randomUUID();
    const alert = { summary: 'ディスク満杯', dedupKey, labels: { instance: 'web-1' } };
    const answered = await send(to('generic'), alert);
    const incident = incidentId({ source: 'generic', route: 'shop', dedupKey });
    expect(answered).toMatchObject({
      status: 202,
      body: { status: 'accepted', results: [{ incident, result: 'opened' }] },
    });
    const open = world().pigeonflow.incident(incident);
    await eventually(async () => (await open.status()).ringing.some((words) => words.includes('田中')), 'it rings');
    const placed = world()
      .emulator.journal.invokes()
      .find(({ body }) => JSON.stringify(body).includes(incident));
    expect(JSON.stringify(placed?.body)).toContain('"server":"web-1","incident":"ディスク満杯"');

    expect(resultsOf(await send(to('generic'), alert))).toEqual([{ incident, result: 'known' }]);
    const worse = { ...alert, summary: '悪化' };
    expect(resultsOf(await send(to('generic'), worse))).toEqual([{ incident, result: 'changed' }]);
    const acknowledged = await send(to('generic'), { action: 'acknowledge', dedupKey, by: '佐藤' });
    expect(resultsOf(acknowledged)).toEqual([{ incident, result: 'acknowledged' }]);
    expect((await open.status()).owner).toMatchObject({ by: '佐藤 (via shop)', via: 'api' });
    expect(resultsOf(await send(to('generic'), { action: 'resolve', dedupKey }))).toEqual([
      { incident, result: 'resolved' },
    ]);
    expect(await open.result()).toMatchObject({ state: 'resolved' });
  });

  test('of which several come in one request are each told of', async () => {
    const keys = [randomUUID(), randomUUID()];
    const quiet = { summary: 'quiet', labels: { quiet: 'yes' } };
    const answered = await send(to('generic'), [...keys.map((dedupKey) => ({ summary: 'x', dedupKey })), quiet]);
    expect(resultsOf(answered).map(({ result }) => result)).toEqual(['opened', 'opened', 'ignored']);
    const ended = await send(
      to('generic'),
      keys.map((dedupKey) => ({ action: 'resolve', dedupKey })),
    );
    expect(resultsOf(ended).map(({ result }) => result)).toEqual(['resolved', 'resolved']);
  });

  test('that follows up what is not open changes nothing', async () => {
    const answered = await send(to('generic'), { action: 'resolve', dedupKey: randomUUID() });
    expect(resultsOf(answered).map(({ result }) => result)).toEqual(['unchanged']);
  });

  test('that does not fit is refused at its field, and repeats nothing that was sent', async () => {
    const answered = await send(to('generic'), { dedupKey: 'planted', text: 'planted' });
    expect(answered).toMatchObject({ status: 400, body: { title: 'Bad Request', status: 400 } });
    expect(answered.headers.get('content-type')).toContain('application/problem+json');
    expect(answered.body['errors']).toEqual([{ pointer: '#/summary', detail: 'must say what is wrong' }]);
    expect(answered.text).not.toContain('planted');
  });

  test('whose severity nobody knows is taken as error, and the word is in the log', async (context) => {
    const routes =
      'rules: [{ name: bad, when: { severity: error }, ignore: true }, { name: rest, policy: one-person }]';
    const strict = await startGateway(world(), context, { routes });
    const answered = await send(`${strict.url}/v1/alerts/generic/${KEY}`, { summary: 'x', severity: 'dire' });
    expect(answered).toMatchObject({ status: 202, body: { results: [{ result: 'ignored' }] } });
    expect(strict.log().find(({ kind }) => kind === 'severity')).toMatchObject({
      level: 40,
      key: 'shop',
      word: 'dire',
    });
  });

  test('that no rule takes is accepted, and told loudly: nobody is called', async (context) => {
    const routes = 'rules: [{ name: db, when: { labels: { team: db } }, policy: one-person }]';
    const strict = await startGateway(world(), context, { routes });
    const answered = await send(`${strict.url}/v1/alerts/generic/${KEY}`, { summary: 'x' });
    expect(answered).toMatchObject({ status: 202, body: { results: [{ result: 'unrouted' }] } });
    expect(strict.log().find(({ level }) => level === 50)).toMatchObject({
      key: 'shop',
      msg: expect.stringContaining('NOBODY IS CALLED') as string,
    });
  });
});

describe('a group of Alertmanager', () => {
  const routes = `
rules:
  - { name: db, when: { labels: { team: db } }, policy: one-person, parameters: { server: db, incident: "{{summary}}" } }
  - { name: web, when: { labels: { team: web } }, policy: one-person, parameters: { server: web, incident: "{{summary}}" } }
  - { name: others, ignore: true }`;
  const alert = (team: string, n: number, status = 'firing') => ({
    status,
    labels: { team, instance: `${team}-${n}` },
    annotations: { summary: `${team}-${n} is down`, description: 'x'.repeat(1_200) },
  });
  const group = (groupKey: string, alerts: readonly { readonly status: string }[]) => ({
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    groupLabels: {},
    groupKey,
  });

  test('is an incident for each rule, and each ends with its own alerts', async (context) => {
    const gateway = await startGateway(world(), context, { routes });
    const report = async (...alerts: { readonly status: string }[]) =>
      resultsOf(await send(`${gateway.url}/v1/alerts/alertmanager/${KEY}`, group(context.task.id, alerts)));
    const [db, web, other] = await report(alert('db', 1), alert('web', 1), alert('none', 1));
    expect([db?.result, web?.result, other?.result]).toEqual(['opened', 'opened', 'ignored']);
    expect(await report(alert('web', 1), alert('db', 1, 'resolved'))).toEqual([
      { incident: web?.incident, result: 'known' },
      { incident: db?.incident, result: 'resolved' },
    ]);
    expect([await stateOf(db?.incident ?? ''), await stateOf(web?.incident ?? '')]).toEqual(['resolved', 'triggered']);
    const ended = await report(alert('web', 1, 'resolved'));
    expect(ended).toContainEqual({ incident: web?.incident, result: 'resolved' });
  });

  test('that was opened before its rules were two hears of what is not split', async (context) => {
    const strict = await startGateway(world(), context, { routes });
    const before = { ...group(context.task.id, [alert('db', 1)]) };
    const [one] = resultsOf(await send(to('alertmanager'), before));
    const after = await send(`${strict.url}/v1/alerts/alertmanager/${KEY}`, before);
    expect(resultsOf(after)).toEqual([{ incident: one?.incident, result: 'changed' }]);
    const over = group(context.task.id, [alert('db', 1, 'resolved')]);
    const ended = resultsOf(await send(`${strict.url}/v1/alerts/alertmanager/${KEY}`, over));
    expect(ended).toContainEqual({ incident: one?.incident, result: 'resolved' });
  });

  test('that is too large is taken, and how much of it is not read is said', async (context) => {
    const alerts = Array.from({ length: 4_000 }, (_, n) => alert('db', n));
    const answered = await send(to('alertmanager'), group(context.task.id, alerts));
    expect(answered).toMatchObject({ status: 202, body: { results: [{ result: 'opened' }] } });
    expect(answered.body['leftOut']).toBeGreaterThan(500);
    const incident = incidentOf(answered);
    const counted = await scrape(gateway.metricsPort);
    expect(counted.sum('pigeonflow_gateway_alerts_left_out_total', { source: 'alertmanager' })).toBeGreaterThan(500);
    await world().pigeonflow.incident(incident).resolve();
  });
});

test('of a list the elements that fit are taken, and the odd one is named', async () => {
  const answered = await send(to('generic'), [{ summary: randomUUID() }, { dedupKey: 'x' }]);
  expect(answered).toMatchObject({
    status: 202,
    body: {
      results: [{ result: 'opened' }, { result: 'refused' }],
      errors: [{ pointer: '#/1/summary', detail: 'must say what is wrong' }],
    },
  });
  await world().pigeonflow.incident(incidentOf(answered)).resolve();
});

describe("PagerDuty's Events API v2", () => {
  const event = (part: object) => ({ routing_key: KEY, event_action: 'trigger', ...part });
  const payload = { summary: 'disk full', source: 'web-1', severity: 'critical' };

  test('takes its key from the body, and answers as PagerDuty does', async () => {
    const dedup_key = randomUUID();
    const answered = await send(`${gateway.url}/v2/enqueue`, event({ dedup_key, payload }));
    expect(answered).toMatchObject({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key },
    });
    const incident = incidentId({ source: 'pagerduty', route: 'shop', dedupKey: dedup_key });
    expect(await stateOf(incident)).toBe('triggered');
    const ended = await send(`${gateway.url}/v2/enqueue`, event({ dedup_key, event_action: 'resolve' }));
    expect(ended).toMatchObject({ status: 202, body: { status: 'success', dedup_key } });
    expect((await world().pigeonflow.incident(incident).result()).state).toBe('resolved');
  });

  test('gives a trigger without a key one, by which it can be resolved', async () => {
    const { body } = await send(`${gateway.url}/v2/enqueue`, event({ payload }));
    const dedup_key = String(body['dedup_key']);
    const ended = await send(`${gateway.url}/v2/enqueue`, event({ dedup_key, event_action: 'resolve' }));
    expect(ended.status).toBe(202);
    const incident = incidentId({ source: 'pagerduty', route: 'shop', dedupKey: dedup_key });
    expect((await world().pigeonflow.incident(incident).result()).state).toBe('resolved');
  });

  test('refuses as PagerDuty does', async () => {
    const answered = await send(`${gateway.url}/v2/enqueue`, event({ payload: { source: 'y' } }));
    expect(answered).toMatchObject({ status: 400, body: { status: 'invalid event', message: expect.any(String) } });
    expect((await send(`${gateway.url}/v2/enqueue`, { event_action: 'trigger', payload })).status).toBe(401);
  });
});

describe('CloudEvents', () => {
  const attributes = { specversion: '1.0', source: '/disks', type: 'disk.full' };

  test('are taken structured, binary and in batches', async () => {
    const id = randomUUID();
    const subject = randomUUID();
    const structured = { ...attributes, id, subject, data: { summary: 'disk full' } };
    const opened = await send(to('cloudevents'), structured, { 'content-type': 'application/cloudevents+json' });
    const binary = Object.fromEntries(
      Object.entries({ ...attributes, id, subject }).map(([name, value]) => [`ce-${name}`, value]),
    );
    const repeated = await send(to('cloudevents'), { summary: 'disk full' }, binary);
    const batch = [{ ...structured, id: randomUUID(), type: 'disk.resolved' }];
    const ended = await send(to('cloudevents'), batch, { 'content-type': 'application/cloudevents-batch+json' });
    const incident = incidentOf(opened);
    expect([opened, repeated, ended].map((answered) => resultsOf(answered))).toEqual([
      [{ incident, result: 'opened' }],
      [{ incident, result: 'known' }],
      [{ incident, result: 'resolved' }],
    ]);
  });
});

describe('every source', () => {
  const fits = samples.filter(({ file, source }) => !file.includes('.broken.') && source !== 'sns');

  test.for(fits)('$file is accepted', async ({ path, source }) => {
    const text = readFileSync(path, 'utf8').replace(/\s+$/, '');
    const answered = await send(`${gateway.url}/v1/alerts/${source}`, text, { 'x-pigeonflow-key': KEY });
    const { status } = answered;
    expect({ status, text: answered.text }).toMatchObject({ status: 202 });
    const results = (answered.body['results'] ?? []) as readonly { readonly incident?: string }[];
    for (const { incident } of results) {
      if (incident === undefined) continue;
      await world()
        .pigeonflow.incident(incident)
        .resolve()
        .catch(() => undefined);
    }
  });

  test.for(samples.filter(({ file }) => file.includes('.broken.') && !file.startsWith('sns')))(
    '$file is refused',
    async ({ path, source }) => {
      const answered = await send(to(source), readFileSync(path, 'utf8'));
      expect(answered.status).toBe(400);
    },
  );

  test('that there is not is named with those that there are', async () => {
    const answered = await send(to('nagios'), {});
    expect(answered).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('alertmanager') as string },
    });
  });
});
