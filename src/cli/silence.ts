import { Command } from 'commander';
import { duration } from './call-flags.js';
import type { AddFlags, EndFlags } from './silence-actions.js';

const load = () => import('./silence-actions.js');

export function silenceCommand(): Command {
  return new Command('silence')
    .addCommand(
      named('add', 'call nobody for alerts that have all of these')
        .option('--label <name=value>', 'a label and its value; may be repeated', repeated, [])
        .option('--service <name>', 'the same as --label service=<name>')
        .option('--integration <name>', 'the integration that sends it')
        .option('--for <duration>', 'how long: 30m, 2h, at most 24h', duration, '1h')
        .option('--critical', 'for critical alerts, too')
        .requiredOption('--reason <text>', 'why, for anyone who wonders')
        .addHelpText('after', HELP)
        .action(async (flags: AddFlags) => {
          process.exitCode = await (await load()).add(flags);
        }),
    )
    .addCommand(
      new Command('list')
        .description('list the silences that are on')
        .option('--json', 'print JSON, with those that are over')
        .action(async (flags: { readonly json?: true }) => {
          process.exitCode = await (await load()).list(flags);
        }),
    )
    .addCommand(
      named('end', 'end one before its time: what it holds is called now')
        .argument('[number]', 'which one (the only one that is on)')
        .option('--reason <text>', 'why')
        .action(async (number: string | undefined, flags: EndFlags) => {
          process.exitCode = await (await load()).end(number, flags);
        }),
    );
}

const repeated = (one: string, all: readonly string[]): readonly string[] => [...all, one];

const named = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--by <name>', 'who asks (default: your login name)')
    .option('--json', 'print JSON');

const HELP = `
Incidents of such alerts open, are listed as snoozed, and call nobody until the end of the silence. What is resolved by then calls
nobody; what still is open is called then, without a new report. What is open already continues: snooze it. A critical alert is
called at once unless --critical is given. To stop all calls: pigeonflow pause

Exit codes: 0 done, or so already, 2 usage or configuration, 10 Temporal or the workers out of reach, 11 it cannot be, and nothing
was changed.
`;
