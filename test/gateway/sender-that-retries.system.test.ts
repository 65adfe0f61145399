import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { incidentId } from '../../src/client.js';
import { freePort } from '../../tools/engine/free-port.js';
import { fewOrMany } from '../rig/few-or-many.js';
import { eventually, useRig } from '../rig/rig.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { startGatewayProcess } from './gateway-process.js';
import { KEY, KEYS, ROUTES, send, SPACE } from './gateway.js';

const ALERTS = fewOrMany(100, 1_000);
const KILLS = fewOrMany(1, 4);

const rig = useRig();
const idOf = (dedupKey: string) => incidentId({ source: 'generic', route: 'shop', dedupKey });

describe(`a sender that retries, while the gateway is killed ${KILLS} times`, () => {
  test(`has each of ${ALERTS} alerts in one incident`, { timeout: 600_000 }, async (context) => {
    const roomy = { lines: ALERTS, switches: { ...SPACE.switches, queueSize: ALERTS } };
    const here = await rig({ ...SPACE, ...roomy, workers: 'none', context });
    const folder = temporaryFolder();
    const files = { keysFile: join(folder, 'keys.yaml'), routesFile: join(folder, 'routes.yaml') };
    writeFileSync(files.keysFile, KEYS);
    writeFileSync(files.routesFile, ROUTES);
    const port = await freePort();
    const start = () => startGatewayProcess(here, { ...files, port }, context);
    let gateway = await start();
    const prefix = here.taskQueue;
    let accepted = 0;
    let tries = 0;
    /** Keeps what was not accepted, as Alertmanager and PagerDuty's clients do. */
    const deliver = async (dedupKey: string): Promise<void> => {
      for (;;) {
        tries += 1;
        const alert = { summary: 'disk full', dedupKey };
        const answered = await send(`http://127.0.0.1:${port}/v1/alerts/generic/${KEY}`, alert).catch(() => null);
        if (answered?.status === 202) {
          accepted += 1;
          return;
        }
        await setTimeout(100);
      }
    };
    await here.startWorkers();
    const sending = (async () => {
      const keys = Array.from({ length: ALERTS }, (_, index) => `${prefix}-${index}`);
      const senders = Array.from({ length: 10 }, async () => {
        for (let key = keys.shift(); key !== undefined; key = keys.shift()) await deliver(key);
      });
      await Promise.all(senders);
    })();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const enough = (ALERTS * kill) / (KILLS + 1);
      await eventually(() => Promise.resolve(accepted >= enough), `${enough} are accepted`, 240_000);
      await gateway.kill();
      gateway = await start();
    }
    await sending;
    expect(tries).toBeGreaterThan(ALERTS);
    for (let index = 0; index < ALERTS; index += 1) {
      const id = idOf(`${prefix}-${index}`);
      expect((await here.pigeonflow.incident(id).listed()).state).toBe('triggered');
    }
    await eventually(
      async () =>
        (await here.temporal.workflow.count(`WorkflowType = 'incident' AND TaskQueue = '${here.taskQueue}'`)).count ===
        ALERTS,
      'each is listed once',
    );
    const refs = () =>
      here.emulator.journal.invokes().map(({ body }) => /"pigeonflowRef":"([^"]+)"/.exec(JSON.stringify(body))?.[1]);
    await eventually(() => Promise.resolve(refs().length >= ALERTS), 'each is called', 240_000);
    expect(refs()).toHaveLength(ALERTS);
    expect(new Set(refs()).size).toBe(ALERTS);
    await here.temporal.workflowService.startBatchOperation({
      namespace: 'default',
      jobId: randomUUID(),
      reason: 'the end of the test',
      visibilityQuery: `TaskQueue = '${here.taskQueue}'`,
      terminationOperation: { identity: 'test' },
    });
  });
});
