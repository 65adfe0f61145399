import { Command } from 'commander';
import { readWorkerConfig } from '../config/config.js';
import { WORKER } from '../config/table.js';
import { environmentHelp } from './environment-help.js';

export function workerCommand(): Command {
  return new Command('worker')
    .addHelpText('after', () => environmentHelp(WORKER))
    .action(async () => {
      const config = readWorkerConfig(process.env);
      // Loaded here: `--help` and what is wrong with the configuration need no SDK.
      const [{ createLog }, { runWorker }] = await Promise.all([
        import('../process/logging.js'),
        import('../worker.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runWorker(config, createLog(config.logLevel), stop.signal);
    });
}
