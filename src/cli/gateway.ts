import { Command } from 'commander';
import { readGatewayConfig } from '../config/config.js';
import { GATEWAY } from '../config/table.js';
import { environmentHelp } from './environment-help.js';

export function gatewayCommand(): Command {
  return new Command('gateway')
    .addHelpText('after', () => environmentHelp(GATEWAY))
    .action(async () => {
      const config = readGatewayConfig(process.env);
      const [{ createLog }, { runGateway }] = await Promise.all([
        import('../process/logging.js'),
        import('../gateway/gateway.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runGateway(config, createLog(config.logLevel), stop.signal);
    })
    .addCommand(
      new Command('key')
        .description('print a new key for a sender, and its hash for the file of keys')
        .option('--json', 'print both as JSON')
        .addHelpText('after', KEY_HELP)
        .action(async ({ json }: { readonly json?: true }) => {
          const { hashText, newKey } = await import('../gateway/keys/keys.js');
          const key = newKey();
          const hash = hashText(key);
          console.log(json ? JSON.stringify({ key, hash }, null, 2) : `key   ${key}\nhash  ${hash}`);
        }),
    );
}

const KEY_HELP = `
The sender is given the key, which nobody can read again. The file of keys has the hash:

  integrations:
    shop: { keys: "sha256:…" }
`;
