import { randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import { answers, neverPicksUp, realClock } from '../../src/emulator/emulator.js';
import { incidentTo, policyTo } from '../client/incident-input.js';
import { runCommand, startCommand, variablesOf } from '../rig/command.js';
import { eventually, useRig, type World } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';

const PRESSES_1 = '0300000001';
const NEVER = '0300000002';
const SPACE = {
  clock: realClock({ speed: 20 }),
  lines: 20,
  people: { [PRESSES_1]: answers(3_000, '1'), [NEVER]: neverPicksUp() },
  switches: { ringSeconds: 600 },
};
const rig = useRig();
const world = useSharedWorld(rig, SPACE);
const options = (lifetime: TestContext, here: World = world()) => ({ variables: variablesOf(here), lifetime });
const open = (...given: Parameters<typeof incidentTo>) => world().pigeonflow.openIncident(incidentTo(...given));

describe.concurrent('"incident show"', () => {
  test('prints what somebody at night has to know', async (context) => {
    const incident = await open(NEVER, {
      severity: 'critical',
      policy: policyTo(NEVER, { attempts: 2, every: '10m' }),
    });
    const { incidentId } = incident;
    await eventually(async () => (await incident.status()).ringing.some((words) => words.includes('田中')), 'it rings');
    const { code, stdout } = await runCommand(['incident', 'show', incidentId], options(context));
    expect(code).toBe(0);
    for (const line of [
      /^TRIGGERED since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(\d+s ago\)$/m,
      /^テスト用サーバーに障害 \(critical, policy test\)$/m,
      /^Calling: level 1 "primary", attempt 1 of 2\.$/m,
      /^Owner: nobody$/m,
      /^Next: when these calls have ended and nobody took it, "primary" is called again 10m later$/m,
      /^ {2}田中 .*reference incident\/test-/m,
      new RegExp(`^Take it: +pigeonflow incident ack ${incidentId}$`, 'm'),
      /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}Opened \(critical\): テスト用サーバーに障害/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    await incident.acknowledge({ by: '佐藤' });
    const owned = await runCommand(['incident', 'show', incidentId], options(context));
    expect(owned.stdout).toMatch(/^Owner: 佐藤$/m);
    expect(owned.stdout).toMatch(/^Next: .*not resolved by then, "primary" is called \(in 3h 59m/m);
    expect(owned.stdout).toContain('pigeonflow incident take-over');
    await incident.resolve();
  });

  test('with --json prints all of it', async (context) => {
    const incident = await open(NEVER);
    const { stdout } = await runCommand(['incident', 'show', incident.incidentId, '--json'], options(context));
    expect(JSON.parse(stdout)).toMatchObject({
      incidentId: incident.incidentId,
      state: 'triggered',
      closedAt: null,
      status: { state: 'triggered', summary: 'テスト用サーバーに障害', result: null },
      timeline: { entries: expect.any(Array) as unknown[], counts: { opened: 1 } },
    });
    await incident.resolve();
  });

  test('needs no worker once it has closed; before, it prints what was written down, and is 10', async (context) => {
    const here = await rig({ ...SPACE, context, workers: 'none' });
    const workers = await here.startWorkers();
    const closed = await here.pigeonflow.openIncident(incidentTo(PRESSES_1, { until: 'acknowledged' }));
    await closed.result();
    const owned = await here.pigeonflow.openIncident(incidentTo(PRESSES_1));
    await owned.waitUntilOwned();
    await workers.stop();
    const ofClosed = await runCommand(['incident', 'show', closed.incidentId], options(context, here));
    expect(ofClosed).toMatchObject({ code: 0, stderr: '' });
    expect(ofClosed.stdout).toMatch(/^ACKNOWLEDGED since [^]*Owner: 田中 \(key 1 at "primary"\)\nNext: nothing\n/);
    expect(ofClosed.stdout).not.toContain('Take it');
    const show = ['incident', 'show', owned.incidentId];
    const [text, json] = await Promise.all([
      runCommand(show, options(context, here)),
      runCommand([...show, '--json'], options(context, here)),
    ]);
    expect(text).toMatchObject({
      code: 10,
      stdout: expect.stringMatching(
        /^acknowledged +incident\/[^]*owner: 田中 \(key 1 at "primary"\)[^]*next: .*not resolved by then/,
      ) as string,
      stderr: expect.stringMatching(/This was so .* ago\)\. No worker (polls|of) the task queue/) as string,
    });
    expect(json.code).toBe(10);
    expect(JSON.parse(json.stdout)).toMatchObject({ state: 'acknowledged', status: null, timeline: null });
    await here.startWorkers();
    await owned.resolve();
  });
});

describe.concurrent('"incident list"', () => {
  test('prints who owns what, and what comes next, as text and as JSON', async (context) => {
    const summary = `一覧 ${randomUUID()}`;
    const incident = await open(PRESSES_1, { summary });
    await incident.waitUntilOwned();
    const args = ['incident', 'list', '--state', 'acknowledged', '--owner', 'tanaka', '--limit', '1000'];
    const { stdout } = await eventually(async () => {
      const ended = await runCommand(args, options(context));
      return ended.stdout.includes(summary) && ended;
    }, 'it is listed');
    expect(stdout).toMatch(
      new RegExp(
        `^acknowledged ${incident.incidentId}\\n  ${summary} \\(error, policy test\\)\\n  owner: 田中 .*; opened .* ago\\)\\n  next: `,
        'm',
      ),
    );
    const json = await runCommand([...args, '--json'], options(context));
    const rows = JSON.parse(json.stdout) as { summary: string }[];
    expect(rows.find((row) => row.summary === summary)).toMatchObject({ incidentId: incident.incidentId });
    await incident.resolve();
  });

  test('says when there are none', async (context) => {
    const args = ['incident', 'list', '--owner', `nobody-${randomUUID()}`];
    expect(await runCommand(args, options(context))).toMatchObject({ code: 0, stdout: 'No incidents.\n' });
    expect(await runCommand([...args, '--json'], options(context))).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});

describe.concurrent('"incident watch"', () => {
  test('prints what has happened and what happens, until it has closed', async (context) => {
    const incident = await open(NEVER);
    await incident.acknowledge({ by: '山田' });
    const watching = startCommand(['incident', 'watch', incident.incidentId], options(context));
    await watching.says('山田 owns the incident');
    await incident.resolve({ by: '佐藤', note: '再起動' });
    const { code, stdout, stderr } = await watching.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'It is resolved; owner: 山田.\n' });
    expect(stderr).toMatch(/Z Opened [^]*Z Resolved by 佐藤\. Note: 再起動\n[^]*Z Closed as resolved after/);
    expect(stderr.match(/Opened/g)).toHaveLength(1);
    const again = await runCommand(['incident', 'watch', incident.incidentId, '--json'], options(context));
    expect(again).toMatchObject({ code: 0, stderr });
    expect(JSON.parse(again.stdout)).toMatchObject({ owner: { by: '山田' }, result: { state: 'resolved' } });
  });

  test('with --wait owned ends at once when somebody owns it', async (context) => {
    const incident = await open(NEVER);
    const watching = startCommand(['incident', 'watch', incident.incidentId, '--wait', 'owned'], options(context));
    await watching.says('is called');
    await incident.acknowledge({ by: '佐藤' });
    expect(await watching.ended).toMatchObject({ code: 0, stdout: 'Owned by 佐藤.\n' });
    await incident.resolve();
  });

  test('says once that no worker runs, and continues when one does', async (context) => {
    const here = await rig({ ...SPACE, context, workers: 'none' });
    const incident = await here.pigeonflow.openIncident(incidentTo(PRESSES_1));
    const watching = startCommand(
      ['incident', 'watch', incident.incidentId, '--wait', 'owned'],
      options(context, here),
    );
    await watching.says('No worker polls the task queue');
    await here.startWorkers();
    const { code, stdout, stderr } = await watching.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Owned by 田中 (key 1 at "primary").\n' });
    expect(stderr.match(/No worker polls/g)).toHaveLength(1);
    await incident.resolve();
  });
});
