import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { answers, EMULATOR_TOKEN, manual } from '../../src/emulator/emulator.js';
import { calling, escalateTo, open, policyWith, refused, rings, SATO, TANAKA } from '../incident/incident-world.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { callTo, eventually, useRig, type World } from '../rig/rig.js';
import { startWorkerProcess } from '../rig/worker-process.js';

const world = useRig();
const LIMIT = { timeout: 180_000 };

/** Workers of a deployment of this test. */
async function deployment(here: World) {
  const deploymentName = `calls-${randomUUID()}`;
  const variables = (buildId: string) => ({
    TEMPORAL_DEPLOYMENT_NAME: deploymentName,
    TEMPORAL_WORKER_BUILD_ID: buildId,
  });
  const { workflowService } = here.temporal;
  return {
    variables,
    start: (buildId: string) => startWorkerProcess(here, variables(buildId)),
    /** The server knows a version as soon as one of its workers has asked for work. */
    makeCurrent: (buildId: string) =>
      eventually(
        () => workflowService.setWorkerDeploymentCurrentVersion({ namespace: 'default', deploymentName, buildId }),
        `${buildId} is current`,
      ),
  };
}

/** The build ids of all workers that decided something for a workflow. */
async function versionsOf(temporal: Client, workflowId: string): Promise<readonly string[]> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const ids = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: task }) => task?.deploymentVersion?.buildId ?? [],
  );
  return [...new Set(ids)];
}

test(
  'two versions live side by side: what is in flight stays with its own, what begins goes to the current one',
  LIMIT,
  async () => {
    const here = await world({
      workers: 'none',
      lines: 9,
      switches: { ringSeconds: 3_600 },
      people: {
        [TANAKA.phone]: manual(),
        [SATO.phone]: manual(),
        '0300000009': answers(100, { key: '1', afterMs: 100 }),
      },
    });
    const { emulator, pigeonflow, temporal } = here;
    const versions = await deployment(here);
    const old = await versions.start('1');
    await versions.makeCurrent('1');
    const ringing = await pigeonflow.startCall(here.newId(), callTo(TANAKA.phone));
    const atTanaka = await rings(emulator, TANAKA);
    const incident = await open(
      here,
      policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) }),
    );
    const atSato = await rings(emulator, SATO);

    await versions.start('2');
    await versions.makeCurrent('2');
    const next = await pigeonflow.startCall(here.newId(), callTo('0300000009'));
    expect(await next.wait()).toMatchObject({ outcome: 'answered' });
    expect(await versionsOf(temporal, next.callId)).toEqual(['2']);

    for (const call of [atTanaka, atSato]) {
      emulator.space.pickUp(call);
      emulator.space.press(call, '1');
    }
    expect(await ringing.wait()).toMatchObject({ outcome: 'answered' });
    await incident.until(({ state }) => state === 'acknowledged', 'is acknowledged');
    expect(await versionsOf(temporal, ringing.callId)).toEqual(['1']);
    expect(await versionsOf(temporal, incident.id)).toEqual(['1']);

    // Its version has no worker any more: it stands still, and continues when it has one again.
    await old.terminate();
    const resolved = incident.ask('resolve');
    const again = await versions.start('1');
    expect(await resolved).toMatchObject({ accepted: true });
    expect(await incident.result()).toMatchObject({ state: 'resolved' });
    expect(await versionsOf(temporal, incident.id)).toEqual(['1']);
    expect(again.log().find(({ msg }) => msg === 'starting')).toMatchObject({ config: { version: { buildId: '1' } } });
  },
);

test('doctor says whether the version of its environment is current', LIMIT, async (context) => {
  const here = await world({ workers: 'none' });
  const versions = await deployment(here);
  const doctor = async (buildId: string) => {
    const variables = {
      ...variablesOf(here),
      PIGEON_BASE_URL: here.emulator.url,
      PIGEON_API_TOKEN: EMULATOR_TOKEN,
      ...versions.variables(buildId),
    };
    const { code, stdout } = await runCommand(['doctor'], { variables, lifetime: context });
    return {
      code,
      version: stdout
        .split('\n')
        .filter((line) => /version|deployment/.test(line))
        .join('\n'),
    };
  };
  const saying = (code: number, text: RegExp) => ({ code, version: expect.stringMatching(text) as string });

  expect(await doctor('1')).toEqual(
    saying(2, /^✗ There is no worker deployment calls-.*Start one, then: temporal worker/),
  );
  await versions.start('1');
  await eventually(async () => (await doctor('1')).version.includes('is not current'), 'the version is known');
  expect(await doctor('1')).toEqual(
    saying(
      2,
      /^✗ The version 1 of calls-.* is not current \(none is\).*set-current-version --namespace default --deployment-name calls-\S+ --build-id 1$/,
    ),
  );
  await versions.makeCurrent('1');
  expect(await doctor('1')).toEqual(saying(0, /^✓ The version 1 of calls-.* is current\.$/));
  expect(await doctor('2')).toEqual(saying(2, /The version 2 of .* is not current \(1 is\)/));
});
