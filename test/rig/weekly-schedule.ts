import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import type { useSharedWorld } from './shared-world.js';

/** Writes a schedule of one weekly shift, and starts workers that read it and place no calls. Its overrides end with the world. */
export async function startWithWeeklySchedule(
  world: ReturnType<ReturnType<typeof useSharedWorld>>,
  folder: string,
  name: string,
  people: string,
  names: Readonly<Record<string, string>> = {},
): Promise<void> {
  writeFileSync(
    join(folder, `${name}.yaml`),
    `name: ${name}
timeZone: Asia/Tokyo
layers: [{ name: weekly, rotation: { every: 1w, handOff: "mon 09:00", from: 2026-01-05, people: ${people} } }]
`,
  );
  const schedules = new SchedulesFolder(folder, { info: () => undefined, error: () => undefined });
  const pigeon = createPigeonClient({ baseUrl: world.emulator.url, token: () => Promise.resolve('none') });
  const sleepWatch = watchSleep();
  world.onTestFinished(async () => {
    sleepWatch.stop();
    await pigeon.close();
    await world.temporal.workflow.getHandle(`duty/${name}`).terminate();
  });
  await world.startWorkers({
    activities: createActivities({
      pigeon,
      sleepWatch,
      findShifts: (...asked) => schedules.findShifts(...asked),
      people: () =>
        Promise.resolve(new Map(Object.entries(names).map(([handle, name]) => [handle, { name, phones: [] }]))),
    }),
  });
}
