import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AddSilenceInput } from '../../src/client.js';
import { silencesId } from '../../src/contract/names.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { incidentOf, KEY, READER, resultsOf, send, SPACE, startGateway } from './gateway.js';

const world = useRig();
const SIDE_BY_SIDE = { concurrent: true } as const;

const alert = (part: object = {}) => ({
  summary: 'disk full',
  dedupKey: randomUUID(),
  labels: { service: 'web', instance: 'web-1' },
  ...part,
});

const silenced = (here: World, part: Partial<AddSilenceInput> = {}) =>
  here.pigeonflow.silences().add({ service: 'web', for: '1h', by: 'sato', reason: 'new disks', ...part });

const placed = ({ emulator }: World): number => emulator.journal.invokes().length;

async function started(context: Parameters<typeof world>[0]) {
  const here = await world({ ...SPACE, ...context });
  const gateway = await startGateway(here, here);
  return { here, gateway, to: `${gateway.url}/v1/alerts/generic/${KEY}` };
}

describe('an alert that a silence is for', SIDE_BY_SIDE, () => {
  test('calls nobody until its end, and then without a new report, whatever was restarted in between', async (context) => {
    const here = await world({ ...SPACE, context, workers: 'none' });
    const workers = await here.startWorkers();
    const gateway = await startGateway(here, here);
    expect(await silenced(here, { for: '15s' })).toMatchObject({ accepted: true, silence: { number: 1 } });
    const answered = await send(`${gateway.url}/v1/alerts/generic/${KEY}`, alert());
    expect(resultsOf(answered)).toMatchObject([{ result: 'silenced' }]);
    const incident = here.pigeonflow.incident(incidentOf(answered));
    expect(await incident.status()).toMatchObject({
      state: 'snoozed',
      held: { by: 'sato', reason: 'new disks' },
      message: expect.stringMatching(/^Held until .* by a silence of sato \(new disks\)/) as string,
    });
    expect(await incident.listed()).toMatchObject({ state: 'snoozed' });
    await gateway.stop();
    await workers.stop();
    expect(placed(here)).toBe(0);
    await here.startWorkers();
    await eventually(async () => (await incident.status()).ringing.length > 0, 'it rings');
    expect((await incident.timeline()).entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['held', 'holdEnded', 'callsPlaced']),
    );
    await incident.resolve();
  });

  test('is called as soon as somebody ends it', async (context) => {
    const { here, to } = await started({ context });
    await silenced(here);
    const incident = here.pigeonflow.incident(incidentOf(await send(to, alert())));
    expect(await here.pigeonflow.silences().end({ by: 'kato' })).toMatchObject({
      accepted: true,
      silence: { number: 1, ended: { by: 'kato' } },
    });
    await eventually(async () => (await incident.status()).ringing.length > 0, 'it rings');
    const entries = (await incident.timeline()).entries;
    expect(entries.find(({ kind }) => kind === 'holdEnded')).toMatchObject({ why: 'ended', by: 'kato' });
    await incident.resolve();
  });

  test('and that has ended by then calls nobody', async (context) => {
    const { here, to } = await started({ context });
    await silenced(here);
    const one = alert();
    const incident = here.pigeonflow.incident(incidentOf(await send(to, one)));
    await send(to, { action: 'resolve', dedupKey: one.dedupKey });
    expect(await incident.result()).toMatchObject({ state: 'resolved', placedCalls: 0 });
    await here.pigeonflow.silences().end({});
    expect(placed(here)).toBe(0);
  });

  test('is called at once when it becomes critical, unless the silence says so', async (context) => {
    const { here, to } = await started({ context });
    await silenced(here);
    const one = alert();
    const incident = here.pigeonflow.incident(incidentOf(await send(to, one)));
    expect(resultsOf(await send(to, one))).toMatchObject([{ result: 'known' }]);
    await send(to, { ...one, severity: 'critical' });
    await eventually(async () => (await incident.status()).ringing.length > 0, 'it rings');
    await incident.resolve();
    expect(resultsOf(await send(to, alert({ severity: 'critical' })))).toMatchObject([{ result: 'opened' }]);
    await silenced(here, { critical: true });
    expect(resultsOf(await send(to, alert({ severity: 'critical' })))).toMatchObject([{ result: 'silenced' }]);
  });

  test('is one that has all its labels', async (context) => {
    const { here, to } = await started({ context });
    await silenced(here, { labels: { instance: 'web-2' } });
    expect(resultsOf(await send(to, alert()))).toMatchObject([{ result: 'opened' }]);
    const other = alert({ labels: { service: 'web', instance: 'web-2' } });
    expect(resultsOf(await send(to, other))).toMatchObject([{ result: 'silenced' }]);
  });

  test('is listed with those that called nobody, and why', async (context) => {
    const { here, gateway, to } = await started({ context });
    await silenced(here);
    const incident = incidentOf(await send(to, alert()));
    await send(to, alert({ labels: { quiet: 'yes' } }));
    await send(`${gateway.url}/v1/alerts/generic/nobody-has-this-key`, alert());
    const list = (key: string) =>
      send(`${gateway.url}/v1/alerts/recent`, undefined, { authorization: `Bearer ${key}` }, 'GET');
    expect((await list(READER)).body['alerts']).toMatchObject([
      { result: 'unknownKey', source: 'generic', integration: null, summary: null },
      { result: 'ignored', why: 'the rule "quiet" ignores it', integration: 'shop', summary: 'disk full' },
      { result: 'silenced', why: expect.stringMatching(/^a silence of sato until .*: new disks$/) as string, incident },
    ]);
    expect((await list(KEY)).status).toBe(401);
  });

  test('is called where the silences are gone', async (context) => {
    const { here, to } = await started({ context });
    await silenced(here);
    await here.temporal.workflow.getHandle(silencesId(here.taskQueue)).terminate();
    const called = eventually(
      async () => resultsOf(await send(to, alert())).some(({ result }) => result === 'opened'),
      'somebody is called',
    );
    await expect(called).resolves.toBe(true);
  });
});

describe('a silence', SIDE_BY_SIDE, () => {
  test('that cannot be is refused with its reason', async (context) => {
    const { pigeonflow } = await world({ ...SPACE, context });
    const silences = pigeonflow.silences();
    expect(await silences.published()).toEqual({ version: 0, silences: [] });
    const given = { by: 'sato', reason: 'new disks' };
    expect(await silences.add(given)).toMatchObject({
      accepted: false,
      message: expect.stringMatching(/^Name a label/) as string,
    });
    expect(await silences.add({ ...given, service: 'web', reason: ' ' })).toMatchObject({ accepted: false });
    expect(await silences.add({ ...given, service: 'web', for: '25h' })).toMatchObject({ accepted: false });
    expect(await silences.end({ number: 7 })).toMatchObject({ accepted: false });
    await expect(silences.add({ ...given, service: 'web', for: 'a while' })).rejects.toThrow(/not valid: for/);
  });

  test('is listed while it is on, and kept when it is over', async (context) => {
    const here = await world({ ...SPACE, context });
    await silenced(here);
    await silenced(here, { service: 'db' });
    const silences = here.pigeonflow.silences();
    expect((await silences.published()).silences.map(({ labels }) => labels)).toEqual([
      { service: 'web' },
      { service: 'db' },
    ]);
    expect(await silences.end({})).toMatchObject({ accepted: false });
    expect(await silences.end({ number: 1 })).toMatchObject({ accepted: true });
    expect(await silences.end({ number: 1 })).toMatchObject({ accepted: true });
    expect((await silences.published()).silences).toMatchObject([{ number: 2 }]);
    expect((await silences.all()).silences.map(({ number }) => number)).toEqual([1, 2]);
  });
});
