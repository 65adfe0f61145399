import { Command } from 'commander';
import { readCodecServerConfig } from '../config/config.js';
import { CODEC_SERVER } from '../config/table.js';
import { environmentHelp } from './environment-help.js';

export function codecServerCommand(): Command {
  return new Command('codec-server')
    .addHelpText('after', () => environmentHelp(CODEC_SERVER))
    .action(async () => {
      const config = readCodecServerConfig(process.env);
      const [{ createLog }, { runCodecServer }] = await Promise.all([
        import('../process/logging.js'),
        import('../codec-server/codec-server.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runCodecServer(config, createLog(config.logLevel), stop.signal);
    });
}
