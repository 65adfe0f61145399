import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { readOverrides } from '../../src/client/duty-overrides.js';
import { EMULATOR_TOKEN, type Person } from '../../src/emulator/emulator.js';
import { openPeople } from '../../src/people/people-file.js';
import type { DutyRoster } from '../../src/people/resolve-callees.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import type { useRig, WorldOptions } from '../rig/rig.js';
import { QUICKLY, SATO, TANAKA, YAMADA } from './incident-world.js';

/** The text of a file of three people. */
export const PEOPLE = `people: { ${[TANAKA, YAMADA, SATO].map(({ handle, name, phone }) => `${handle}: { name: ${name}, phones: ["${phone}"] }`).join(', ')} }`;
/** Of a call of a policy with the parameter `server`. */
export const SAY = 'say: "{{server}}に障害です。対応は1を押してください。", waitTime: 1';

interface PeopleWorldOptions extends Omit<WorldOptions, 'people'> {
  /** How they answer, by number. */
  readonly answering: Readonly<Record<string, Person | readonly Person[]>>;
  readonly context: TestContext;
  readonly roster?: DutyRoster | SchedulesFolder;
  /** Texts of schedules by name, in the place of a roster. */
  readonly schedules?: Readonly<Record<string, string>>;
  /** Of the schedules. */
  readonly now?: () => number;
}

/** A world whose workers read people from a file, the policy `web` from a folder, and who is on duty from a roster. */
export const peopleWorld =
  (world: ReturnType<typeof useRig>) =>
  async (
    policy: string,
    people: string,
    { answering, context, roster, schedules, now, ...more }: PeopleWorldOptions,
  ) => {
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
    const shifts = join(folder, 'schedules');
    await mkdir(shifts);
    const writeSchedule = (name: string, text: string) => writeFile(join(shifts, `${name}.yaml`), text);
    for (const [name, text] of Object.entries(schedules ?? {})) await writeSchedule(name, text);
    const log = { info: () => undefined, error: (about: object) => logged.push(JSON.stringify(about)) };
    /** Workers that know nothing yet. */
    const begin = () => {
      const overrides = readOverrides(() => here.temporal, log);
      const inFiles = new SchedulesFolder(shifts, log, { overridesOf: (name) => overrides.of(name) });
      return here.startWorkers({
        activities: createActivities({
          pigeon,
          sleepWatch,
          policies: folder,
          people: async () => (await opened?.current()) ?? null,
          roster: async (names) => {
            if (schedules !== undefined) return await inFiles.roster(names);
            return roster !== undefined && 'roster' in roster ? await roster.roster(names) : (roster ?? null);
          },
          ...(now && { now }),
          findShifts: (search, known) => inFiles.findShifts(search, known),
        }),
      });
    };
    const workers = await begin();
    return { here, write, writeSchedule, logged, workers, begin };
  };
