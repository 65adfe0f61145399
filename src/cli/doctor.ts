import { Command } from 'commander';
import { printFindings } from './doctor-finding.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async ({ json }: { readonly json?: true }) => {
      const { diagnose } = await import('./doctor-diagnose.js');
      process.exitCode = printFindings(await diagnose(process.env), { json });
    });
}

const HELP = `
It reads the configuration of the worker, so run it where a worker runs, with the same environment. ✓ was looked at and is
right, – is off, not there yet or short, and nothing is wrong with that, ✗ is wrong.

Exit codes, of the first thing that is wrong: 0 all is right, 2 something to configure or to start (the configuration,
the namespace, its search attributes, the workers), 9 Pigeon refuses us, 10 Temporal or Pigeon is out of reach, 11 calling is
paused.
`;
