import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { calling, open, policyWith, presses, QUICKLY, SATO, TANAKA } from '../incident/incident-world.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { eventually, useRig } from '../rig/rig.js';
import { liveOverride } from '../rig/live-override.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const people = { [TANAKA.phone]: neverPicksUp(), [SATO.phone]: presses('1') };
const world = useSharedWorld(useRig(), { ...QUICKLY, people });
const run = (context: TestContext, ...args: readonly string[]) =>
  runCommand(['incident', 'report', ...args], { variables: variablesOf(world()), lifetime: context });

async function closedIncident() {
  const second = { kind: 'escalate', step: 'second' } as const;
  const policy = policyWith({ primary: calling([TANAKA], { otherwise: second }), second: calling([SATO]) });
  const incident = await open(world(), policy);
  await incident.until(({ owner }) => owner !== null, 'is owned');
  await incident.ask('resolve', { by: '佐藤' });
  await incident.result();
  return incident;
}

test('report writes one incident down: as Markdown, as JSON, and as a page with a picture', async (context) => {
  const { id } = await closedIncident();
  const markdown = await run(context, id);
  expect(markdown).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^# disk full\n/) as string });
  expect(markdown.stdout).toMatch(/\| Telephone calls \| 2 \|/);
  const json = JSON.parse((await run(context, id, '--format', 'json')).stdout) as object;
  expect(json).toMatchObject({ incidentId: id, state: 'resolved', owner: '佐藤', placedCalls: 2, isCut: false });
  const { stdout: html } = await run(context, id, '--format', 'html');
  expect(html).toMatch(/^<!doctype html>/);
  for (const step of ['primary', 'second']) expect(html).toContain(`text-anchor="end">${step}</text>`);
});

test('report --since sums up a period, and says what Temporal keeps', async (context) => {
  const { id } = await closedIncident();
  await closedIncident();
  const query = `TaskQueue = "${world().taskQueue}"`;
  const period = await eventually(async () => {
    const { stdout } = await run(context, '--since', '1h', '--query', query, '--time-zone', 'UTC', '--format', 'json');
    const report = JSON.parse(stdout) as { incidents: number; unread: readonly string[] };
    return report.incidents >= 2 && report;
  }, 'both are listed');
  expect(period).toMatchObject({
    timeZone: 'UTC',
    unread: [],
    secondsToAcknowledge: { median: expect.any(Number) as number },
  });
  const one = ['--since', '1h', '--query', `WorkflowId = "${id}"`];
  const { stdout } = await run(context, ...one);
  expect(stdout).toMatch(/Temporal keeps incidents for /);
  expect(stdout).toMatch(/## By person\n\n\| person .*\n\| --- .*\n\| 佐藤 \| 1 \|/);
  const page = await run(context, ...one, '--format', 'html', '--schedules', join(projectRoot, 'schedules'));
  expect(page.stdout).toMatch(/^<!doctype html>[^]*hours on duty[^]*>佐藤</);
});

test('report --since has the hours of whoever took over, until it was removed', async (context) => {
  const folder = temporaryFolder();
  const name = `web-${randomUUID().slice(0, 8)}`;
  const text = `name: ${name}\ntimeZone: Asia/Tokyo\nlayers: [{ name: all, people: [sato] }]\n`;
  writeFileSync(join(folder, `${name}.yaml`), text);
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const removed = { by: 'sato', reason: null, at: ago(180) };
  await world().pigeonflow.schedule(name).override({ restore: [liveOverride(['suzuki'], ago(360), ago(60), { removed })] }); // prettier-ignore
  context.onTestFinished(() => world().temporal.workflow.getHandle(`duty/${name}`).terminate().then(() => undefined)); // prettier-ignore
  const nothing = ['--query', `WorkflowId = "none"`, '--format', 'json'];
  const { stdout } = await run(context, '--since', '10h', '--schedules', folder, ...nothing);
  const { load } = JSON.parse(stdout) as { load: { people: readonly object[] } };
  expect(load.people).toMatchObject([
    { name: 'sato', hoursOnDuty: 7 },
    { name: 'suzuki', hoursOnDuty: 3 },
  ]);
});

test.for([
  [[], 'Give one of <id> and --since'],
  [['--since', '1h', '--schedules', '/nonexistent'], 'the folder cannot be read'],
  [['--since', '1h', '--time-zone', 'Mars/Base'], 'must be a time zone'],
] as const)('a wrong request ends with 2: %o', async ([args, words], context) => {
  const { code, stderr } = await run(context, ...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) as string });
});
