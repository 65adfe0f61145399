import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { EMULATOR_TOKEN, type Person } from '../../src/emulator/emulator.js';
import { openPeople } from '../../src/people/people-file.js';
import type { DutyRoster } from '../../src/people/resolve-callees.js';
import type { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import type { useRig, WorldOptions } from '../rig/rig.js';
import { QUICKLY } from './incident-world.js';

interface PeopleWorldOptions extends Omit<WorldOptions, 'people'> {
  /** How they answer, by number. */
  readonly answering: Readonly<Record<string, Person | readonly Person[]>>;
  readonly context: TestContext;
  readonly roster?: DutyRoster | SchedulesFolder;
  /** Of the schedules. */
  readonly now?: () => number;
}

/** A world whose workers read people from a file, the policy `web` from a folder, and who is on duty from a roster. */
export const peopleWorld =
  (world: ReturnType<typeof useRig>) =>
  async (policy: string, people: string, { answering, context, roster, now, ...more }: PeopleWorldOptions) => {
    const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-people-'));
    context.onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'people.yaml');
    const write = (text: string) => writeFile(file, text);
    await write(people);
    await writeFile(join(folder, 'web.yaml'), policy);
    const here = await world({ ...QUICKLY, people: answering, ...more, workers: 'none', context });
    const pigeon = createPigeonClient({ baseUrl: here.emulator.url, token: () => Promise.resolve(EMULATOR_TOKEN) });
    const sleepWatch = watchSleep();
    context.onTestFinished(async () => {
      sleepWatch.stop();
      await pigeon.close();
    });
    const logged: string[] = [];
    const opened = openPeople(file, {
      info: (_, words) => logged.push(words),
      error: (about) => logged.push(JSON.stringify(about)),
    });
    await here.startWorkers({
      activities: createActivities({
        pigeon,
        sleepWatch,
        policies: folder,
        people: async () => (await opened?.current()) ?? null,
        roster: async (names) => (roster !== undefined && 'roster' in roster ? roster.roster(names) : (roster ?? null)),
        ...(now && { now }),
      }),
    });
    return { here, write, logged };
  };
