import { Command } from 'commander';
import type { JsonFlag } from './call-actions.js';
import { addCallFlags, type CallFlags } from './call-flags.js';

/** What it does is loaded when it is done: `--help` and wrong flags need no Temporal. */
const actions = () => import('./call-actions.js');

export function callCommand(): Command {
  const call = new Command('call').addHelpText('after', HELP).action(async (flags: CallFlags) => {
    process.exitCode = await (await actions()).placeCall(flags);
  });
  return addCallFlags(call)
    .addCommand(
      ofCall('status', 'print what is happening to a call').action(async (id: string, flags: JsonFlag) => {
        process.exitCode = await (await actions()).showStatus(id, flags);
      }),
    )
    .addCommand(
      ofCall('wait', 'follow a call that was started before, and print its result').action(
        async (id: string, flags: JsonFlag) => {
          process.exitCode = await (await actions()).waitForCall(id, flags);
        },
      ),
    )
    .addCommand(
      ofCall('hang-up', 'hang up a call').action(async (id: string, flags: JsonFlag) => {
        process.exitCode = await (await import('./call-hang-up.js')).hangUpCall(id, flags);
      }),
    );
}

const ofCall = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<id>', 'id of the call').option('--json', 'print JSON');

const HELP = `
The result goes to standard output, progress to standard error. Temporal is taken from TEMPORAL_ADDRESS and the other
TEMPORAL_* variables, the task queue from PIGEONFLOW_TASK_QUEUE.

  pigeonflow call --callflow-id 049de6fc-… --guidance-id 570e6f71-… --parameter server=web1 --parameter incident=down

Exit codes: 0 answered, 1 internal, 2 usage or configuration, 3 unanswered, 4 rejected: the queue stayed full, 5 aborted
or cancelled, 6 timed out, 7 unknown whether it rang, 9 refused by Pigeon, 10 Temporal, the workers or Pigeon out of
reach, 11 calling is paused, 130 interrupted.
`;
