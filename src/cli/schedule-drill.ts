import { Command, InvalidArgumentError, Option } from 'commander';
import { LANGUAGES } from '../words/words.js';
import { duration } from './call-flags.js';
import type { DrillFlags } from './drill.js';

export function drillCommand(): Command {
  return new Command('drill')
    .description('CALLS everybody of a schedule once, one after the other, to see who can be reached')
    .argument('<schedule>', 'a file (YAML), or the name of a schedule in the folder PIGEONFLOW_SCHEDULES (schedules)')
    .option('--people <file>', 'the file of people (PIGEONFLOW_PEOPLE)')
    .addOption(
      new Option('--id <name>', 'of the drill; the same id calls nobody twice (default: the date there)').argParser(
        drillName,
      ),
    )
    .addOption(new Option('--language <language>', 'in which people are spoken to').choices(LANGUAGES).default('ja'))
    .option(
      '--give-up-after <duration>',
      'end it when calls are blocked, or no worker runs, for so long',
      duration,
      '1m',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (named: string, flags: DrillFlags) => {
      process.exitCode = await (await import('./drill.js')).drill(named, flags);
    });
}

function drillName(written: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(written)) return written;
  throw new InvalidArgumentError('It has 1 to 40 small letters, digits and hyphens.');
}

const HELP = `
Nobody is called while an incident calls or waits, or a call is placed: the drill waits, and hangs up what it has placed. When
this command ends before the drill, run it again: it continues, and calls nobody twice.

Exit codes: 0 everybody pressed the key, 1 internal, 2 usage or configuration, 3 somebody did not, 9 Pigeon refuses us,
10 Temporal, the workers or Pigeon out of reach, 11 calling is paused, 130 interrupted.
`;
