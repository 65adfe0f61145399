import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { findTemporalServer } from './find-temporal-server.js';
import { progressOn } from './progress.js';
import { startTemporalServer } from './temporal-server.js';
import { findTimeSkippingServer, startTimeSkippingServer } from './time-skipping-server.js';

const USAGE = `Temporal servers for development, demo and tests, on every machine.

  main.js start [--db-filename FILE] [--port N] [--ui]   a development server until Ctrl-C
  main.js time-skipping                                  a time-skipping server until Ctrl-C
  main.js path                                           prints where the development server comes from
  main.js build                                          makes both servers ready ahead of time
`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'db-filename': { type: 'string' }, port: { type: 'string' }, ui: { type: 'boolean', default: false } },
  });
  const progress = progressOn();
  switch (positionals.join(' ')) {
    case 'start': {
      const server = await startTemporalServer({
        progress,
        ui: values.ui ? 'on' : 'headless',
        log: progress.say,
        ...(values['db-filename'] !== undefined && { dbFilename: values['db-filename'] }),
        ...(values.port !== undefined && { port: Number(values.port) }),
      });
      process.stdout.write(`${[server.address, server.uiUrl ?? []].flat().join('\n')}\n`);
      return untilInterrupted(server.stop);
    }
    case 'time-skipping': {
      const server = await startTimeSkippingServer(await findTimeSkippingServer(progress));
      process.stdout.write(`${server.address}\n`);
      return untilInterrupted(server.stop);
    }
    case 'path':
      return print([await findTemporalServer(progress)]);
    case 'build':
      return print([await findTemporalServer(progress), await findTimeSkippingServer(progress)]);
    default:
      process.stderr.write(USAGE);
      process.exitCode = 2;
  }
}

function print(sources: readonly Awaited<ReturnType<typeof findTemporalServer>>[]): void {
  for (const source of sources) {
    process.stdout.write(`${source.kind === 'running' ? source.address : source.path}\n`);
  }
}

async function untilInterrupted(stop: () => Promise<void>): Promise<void> {
  const keepAlive = setInterval(() => undefined, 60_000);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(keepAlive);
  await stop();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
