import { Command } from 'commander';
import { duration } from './call-flags.js';
import type { CanaryFlags } from './canary-actions.js';

const actions = () => import('./canary-actions.js');

export function canaryCommand(): Command {
  return new Command('canary')
    .addHelpText('after', HELP)
    .addCommand(
      new Command('setup')
        .description('set the schedule up, or change it')
        .requiredOption(
          '--policy <name>',
          "a policy of the worker's folder; whom it calls must press the key by itself",
        )
        .option('--every <duration>', 'how often', duration, '1h')
        .option('--within <duration>', 'in which time its incident must be acknowledged', duration, '5m')
        .action(async (flags: CanaryFlags) => {
          process.exitCode = await (await actions()).setUpCanary(flags);
        }),
    )
    .addCommand(
      new Command('run').description('start one now').action(async () => {
        process.exitCode = await (await actions()).runCanaryNow();
      }),
    )
    .addCommand(
      new Command('remove').description('end the schedule').action(async () => {
        process.exitCode = await (await actions()).endCanary();
      }),
    );
}

const HELP = `
Each canary opens an incident of its policy, and succeeds when that is acknowledged in time. Only then the worker asks for
PIGEONFLOW_HEARTBEAT_URL, so that an outside monitor raises the alarm when it hears nothing.

Exit codes: 0 done, 2 usage or configuration, 10 Temporal is out of reach, 11 no canary is set up.
`;
