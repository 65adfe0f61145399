import { Command, Option } from 'commander';
import { LANGUAGES } from '../words/words.js';
import { duration } from './call-flags.js';
import type { TestCallFlags } from './people-call-action.js';

export function peopleCallCommand(): Command {
  return new Command('call')
    .description('CALL a person of the file of people with a test message, such as yourself, to try the number')
    .argument('<handle>', 'of the person, such as tanaka')
    .option('--people <file>', 'the file of people (PIGEONFLOW_PEOPLE)')
    .addOption(new Option('--language <language>', 'of the message').choices(LANGUAGES).default('ja'))
    .option('--give-up-after <duration>', 'hang up when it is blocked, or no worker runs, for so long', duration, '1m')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (handle: string, flags: TestCallFlags) => {
      process.exitCode = await (await import('./people-call-action.js')).callPerson(handle, flags);
    });
}

const HELP = `
The numbers of the person are rung in order until somebody picks up.

Exit codes: those of pigeonflow call; 0 the key was pressed, 3 it was not.
`;
