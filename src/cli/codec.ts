import { Command } from 'commander';

export function codecCommand(): Command {
  return new Command('codec').addCommand(
    new Command('new-key')
      .description('print a new key, a line for the file that PIGEONFLOW_CODEC_KEYS_FILE names')
      .addHelpText('after', HELP)
      .action(async () => {
        const { newKeyLine } = await import('../codec/keys.js');
        console.log(newKeyLine(new Date()));
      }),
  );
}

const HELP = `
The first line of the file writes, all of them read. To begin:

  (umask 077; pigeonflow codec new-key > keys)
`;
