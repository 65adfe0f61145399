import { Command } from 'commander';
import { duration } from './call-flags.js';
import type { PauseFlags, ResumeFlags } from './pause-actions.js';

export function pauseCommand(): Command {
  return named('pause')
    .option('--for <duration>', 'how long at most: 30s, 5m, 4h, 2d', duration, '1h')
    .addHelpText('after', HELP)
    .action(async (flags: PauseFlags) => {
      process.exitCode = await (await import('./pause-actions.js')).pause(flags);
    });
}

export function resumeCommand(): Command {
  return named('resume').action(async (flags: ResumeFlags) => {
    process.exitCode = await (await import('./pause-actions.js')).resume(flags);
  });
}

const named = (name: string): Command =>
  new Command(name)
    .requiredOption('--reason <text>', 'why, for anyone who wonders')
    .option('--by <name>', 'who asks (default: your login name)')
    .option('--json', 'print JSON');

const HELP = `
It is one pause for all workers that serve PIGEONFLOW_INVOKE_TASK_QUEUE, whatever starts the calls. Incidents open and can be
taken; what would be called waits as "blocked", uses no attempt, and is called within a minute after the pause has ended.
Telephones that ring now continue: pigeonflow incident hang-up --query 'PigeonflowState = "triggered"'

Exit codes: 0 paused or resumed, 2 usage or configuration, 10 Temporal or the workers out of reach, 11 it was paused before, or
nothing was paused.
`;
