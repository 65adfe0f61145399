import { Command } from 'commander';
import { duration } from './call-flags.js';
import { printFindings } from './doctor-finding.js';

export function setupCommand(): Command {
  return new Command('setup')
    .option('--retention <duration>', 'for how long a new namespace keeps what is closed, from 1d', duration, '30d')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async ({ retention, json }: { readonly retention: string; readonly json?: true }) => {
      const { setUp } = await import('./setup-actions.js');
      process.exitCode = printFindings(await setUp(process.env, retention), { json });
    });
}

const HELP = `
It needs TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the rights of an administrator; what is there already stays as it is. Where
it may not, it prints the command with which somebody else does it. Temporal Cloud has its own ways for both.

Exit codes: 0 all is there, 2 something is not, 10 Temporal is out of reach.
`;
