import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { incidentId } from '../../src/client.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { KEY, resultsOf, send, SPACE, startGateway, type Answered, type RunningGateway } from './gateway.js';

const REPEATS = fewOrMany(100, 1_000);

const rig = useRig();
const world = useSharedWorld(rig, SPACE);
let one: RunningGateway;
let other: RunningGateway;
beforeAll(async () => {
  one = await startGateway(world(), world());
  other = await startGateway(world(), world());
});
const report = (gateway: RunningGateway, alert: object): Promise<Answered> =>
  send(`${gateway.url}/v1/alerts/generic/${KEY}`, { summary: 'disk full', ...alert });
const idOf = (dedupKey: string) => incidentId({ source: 'generic', route: 'shop', dedupKey });
const incidentFor = (dedupKey: string) => world().pigeonflow.incident(idOf(dedupKey));
const runsOf = async (id: string) => (await world().temporal.workflow.count(`WorkflowId = '${id}'`)).count;

describe('a resolve', { timeout: 120_000 }, () => {
  test('does not overtake its trigger within a gateway, however close it follows', async () => {
    const keys = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(
      keys.map(async (dedupKey) => {
        const trigger = report(one, { dedupKey });
        const resolve = report(one, { dedupKey, action: 'resolve' });
        expect(resultsOf(await trigger)).toMatchObject([{ result: 'opened' }]);
        expect(resultsOf(await resolve)).toMatchObject([{ result: 'resolved' }]);
        expect((await incidentFor(dedupKey).result()).state).toBe('resolved');
      }),
    );
  });

  test('that comes before its trigger finds nothing; the trigger calls, and the next resolve ends it', async () => {
    const dedupKey = randomUUID();
    expect(resultsOf(await report(one, { dedupKey, action: 'resolve' }))).toMatchObject([{ result: 'unchanged' }]);
    expect(resultsOf(await report(other, { dedupKey }))).toMatchObject([{ result: 'opened' }]);
    expect(resultsOf(await report(one, { dedupKey, action: 'resolve' }))).toMatchObject([{ result: 'resolved' }]);
  });
});

describe('a trigger', { timeout: 120_000 }, () => {
  test('in the instant in which its incident closes is never lost', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const dedupKey = randomUUID();
        const incident = incidentFor(dedupKey);
        await report(one, { dedupKey });
        await incident.acknowledge({ by: '佐藤' });
        await eventually(async () => (await incident.status()).ringing.length === 0, 'nothing rings');
        const [ended, again] = await Promise.all([
          report(one, { dedupKey, action: 'resolve' }),
          report(other, { dedupKey, summary: 'once more' }),
        ]);
        expect(resultsOf(ended)).toMatchObject([{ result: 'resolved' }]);
        // Told to the old one before its end, or in a new one.
        expect(again.status).toBe(202);
        const [{ result } = { result: '' }] = resultsOf(again);
        expect(result).toMatch(/^(changed|opened)$/);
        const { summary } = result === 'opened' ? await incident.listed() : { summary: 'once more' };
        expect(summary).toBe('once more');
        await incident.resolve();
      }),
    );
  });

  test('that two gateways receive opens one incident', async () => {
    const dedupKey = randomUUID();
    const answered = await Promise.all([one, other, one, other].map((gateway) => report(gateway, { dedupKey })));
    const results = answered.flatMap((answer) => resultsOf(answer)).map(({ result }) => result);
    expect(results.toSorted()).toEqual(['known', 'known', 'known', 'opened']);
    await eventually(async () => (await runsOf(idOf(dedupKey))) === 1, 'it is listed once');
    await incidentFor(dedupKey).resolve();
  });

  test(`that is repeated ${REPEATS} times calls once, and its history stays as it was`, async () => {
    const dedupKey = randomUUID();
    const incident = incidentFor(dedupKey);
    await report(one, { dedupKey });
    await eventually(async () => (await incident.status()).ringing.length === 1, 'it rings');
    const history = () => world().temporal.workflow.getHandle(idOf(dedupKey)).fetchHistory();
    const updates = async () =>
      (await history()).events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
    for (let sent = 0; sent < REPEATS; sent += 100) {
      const answers = Array.from({ length: 100 }, (_, index) => report(index % 2 === 0 ? one : other, { dedupKey }));
      for (const answer of await Promise.all(answers)) expect(resultsOf(answer)).toMatchObject([{ result: 'known' }]);
    }
    expect(await updates()).toBe(0);
    const invokes = world().emulator.journal.invokes();
    expect(invokes.filter(({ body }) => JSON.stringify(body).includes(idOf(dedupKey)))).toHaveLength(1);
    await incident.resolve();
  });
});
