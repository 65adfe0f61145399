import { Command, Option } from 'commander';
import type { AskFlags, OverrideFlags, RemoveFlags, SwapFlags } from './schedule-override-actions.js';

const SCHEDULE = 'the name of a schedule';
const load = () => import('./schedule-override-actions.js');

/** Who takes over, while a schedule is in use: these ask Temporal and its workers. */
export function overrideCommands(): readonly Command[] {
  return [
    asking('take', 'take over now, until the end of the shift')
      .argument('<person>', 'your handle')
      .option('--until <time>', 'until then, which is before the end of the shift')
      .option('--instead <person>', 'only in the place of this person')
      .action(async (schedule: string, person: string, flags: AskFlags) => {
        process.exitCode = await (await load()).take(schedule, person, flags);
      }),
    asking('override', 'put somebody else on duty: now, for a shift, or for a time')
      .argument('[person...]', 'their handles, in the order in which they are called')
      .option('--shift <shift>', 'the shift that begins on this date: weekly/2026-12-07')
      .addOption(new Option('--from <time>', 'from when (now)').conflicts('shift'))
      .option('--until <time>', 'until when (the end of the shift)')
      .option('--instead <person>', 'only in the place of this person')
      .option('--restore <file>', 'put back what `overrides --json` has printed; - is standard input')
      .action(async (schedule: string, people: readonly string[], flags: OverrideFlags) => {
        process.exitCode = await (await load()).override(schedule, people, flags);
      }),
    asking('swap', 'let two shifts change hands, as soon as all who have them confirm it')
      .argument('<shift>', 'such as weekly/2026-12-07')
      .argument('<with>', 'such as weekly/2026-12-14')
      .option('--person <handle>', 'who of them you are: you need not confirm it')
      .option('--agreed', 'all agree: it counts at once')
      .action(async (schedule: string, shift: string, other: string, flags: SwapFlags) => {
        process.exitCode = await (await load()).swap(schedule, shift, other, flags);
      }),
    named('confirm', 'say that you know that you are on duty, or that you agree to a swap')
      .argument('<person>', 'your handle')
      .option('--number <n>', 'which override (the newest that waits for you)', Number)
      .action(async (schedule: string, person: string, flags: RemoveFlags & { readonly number?: number }) => {
        process.exitCode = await (await load()).confirm(schedule, person, flags);
      }),
    named('remove', 'take an override back, as if it had never been made; it stays in the list')
      .argument('[number]', 'which override (the only one that is not over)')
      .option('--reason <text>', 'why')
      .action(async (schedule: string, number: string | undefined, flags: RemoveFlags) => {
        process.exitCode = await (await load()).remove(schedule, number, flags);
      }),
    new Command('overrides')
      .description('list the overrides that are not in the file, also those that are removed or over')
      .argument('<schedule>', SCHEDULE)
      .option('--json', 'print JSON, for `override --restore`')
      .action(async (schedule: string, flags: { readonly json?: true }) => {
        process.exitCode = await (await load()).list(schedule, flags);
      }),
  ];
}

const named = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .argument('<schedule>', SCHEDULE)
    .option('--by <name>', 'who asks (default: your login name)')
    .option('--json', 'print JSON');

const asking = (name: string, description: string): Command =>
  named(name, description)
    .option('--reason <text>', 'why; shown wherever somebody is called by it')
    .option('--yes', 'do not ask before it is done')
    .addHelpText('after', HELP);

const HELP = `
Says first what it comes to and until when, and asks. It is done when every worker knows, two seconds later. A time is
2026-12-01T09:00 by the clock of the schedule, or has an offset: 2026-12-01T09:00+09:00.

Exit codes: 0 done, or so already, 2 usage or configuration, 5 you said no, 10 Temporal or the workers out of reach, 11 it cannot
be, and nothing was changed.
`;
