import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { calling, open, policyWith, presses, QUICKLY, TANAKA } from '../incident/incident-world.js';
import { runCommand, variablesOf } from '../rig/command.js';
import { liveOverride } from '../rig/live-override.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const world = useSharedWorld(useRig(), { ...QUICKLY, people: { [TANAKA.phone]: presses('1') } });
/** What others of the same server had in this hour is not theirs. */
const PERSON = { ...TANAKA, name: `田中${randomUUID().slice(0, 8)}` };
const HOUR = 3_600_000;

/** 佐藤 is always on duty, but for an hour around now, in which 田中 has taken over. */
async function takenOver(context: TestContext) {
  const folder = temporaryFolder();
  const name = `web-${randomUUID().slice(0, 8)}`;
  const text = `name: ${name}\ntimeZone: Asia/Tokyo\nlayers: [{ name: all, people: [sato] }]\n`;
  writeFileSync(join(folder, `${name}.yaml`), text);
  const people = join(folder, 'people.yaml');
  writeFileSync(people, `people: { tanaka: { name: ${PERSON.name}, phones: ["${TANAKA.phone}"] } }`);
  const [from, until] = [-HOUR / 2, HOUR / 2].map((ms) => new Date(Date.now() + ms).toISOString());
  const taken = liveOverride(['tanaka'], from ?? '', until ?? '');
  await world()
    .pigeonflow.schedule(name)
    .override({ restore: [taken] });
  context.onTestFinished(() => world().temporal.workflow.getHandle(`duty/${name}`).terminate().then(() => undefined)); // prettier-ignore
  const variables = { ...variablesOf(world()), PIGEONFLOW_SCHEDULES: folder, PIGEONFLOW_PEOPLE: people };
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCommand(['schedule', 'shifts', name, ...args], { variables, lifetime: context }); // prettier-ignore
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  return { name, until: Date.parse(until ?? ''), run };
}

test(
  'shifts says who starts soon, and afterwards what the shift asked of its person',
  { timeout: 120_000 },
  async (context) => {
    const { name, until, run } = await takenOver(context);
    const incident = await open(world(), policyWith({ primary: calling([PERSON]) }));
    await incident.until(({ owner }) => owner !== null, 'is owned');
    await incident.ask('resolve', { by: PERSON.name });
    await incident.result();
    const before = await run('--within', '1h', '--since', '1m', '--json');
    expect(JSON.parse(before)).toMatchObject([
      { kind: 'shift.starts', schedule: name, person: 'sato', takesOverFrom: ['tanaka'], until: null },
    ]);
    // The server has the incidents of other tests too.
    const query = ['--query', `WorkflowId = '${incident.id}'`];
    const later = ['--at', new Date(until + 1_000).toISOString(), '--within', '1h', '--since', '1h', ...query];
    const events = await eventually(async () => {
      const stdout = await run(...later, '--person', 'tanaka', '--json');
      const all = JSON.parse(stdout) as readonly { readonly calls: number }[];
      return (all[0]?.calls ?? 0) > 0 && all;
    }, 'the incident is listed');
    expect(events).toMatchObject([
      { kind: 'shift.ended', person: 'tanaka', name: PERSON.name, followedBy: ['sato'], calls: 1, incidentsOwned: 1 }, // prettier-ignore
    ]);
    expect(await run(...later)).toMatch(
      new RegExp(`^${name}: the shift of ${PERSON.name} ended .*1 incident owned\\.`),
    );
    expect(await run('--person', 'kato')).toBe('No shift starts or has ended in that time.\n');
  },
);
