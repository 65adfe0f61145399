import { Command } from 'commander';
import { readWorkerConfig } from '../config/config.js';
import { WORKER } from '../config/table.js';
import { environmentHelp } from './environment-help.js';

export function workerCommand(): Command {
  return new Command('worker')
    .description('run a worker: places the calls and follows them; start as many as you like')
    .addHelpText('after', () => environmentHelp(WORKER))
    .action(async () => {
      const config = readWorkerConfig(process.env);
      // Loaded here: the other commands start in half the time without the SDK's worker.
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
