#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { emulatorCommand } from './cli/emulator.js';
import { ExitCode } from './cli/exit-code.js';
import { workerCommand } from './cli/worker.js';
import { ConfigurationError } from './config.js';

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(require.resolve('../../package.json'), 'utf8')) as { version: string };

const program = new Command('pigeonflow')
  .description('Telephone calls through Kompira Pigeon, as durable Temporal workflows.')
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.done : ExitCode.usage))
  .showHelpAfterError()
  .addCommand(workerCommand())
  .addCommand(emulatorCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof ConfigurationError ? ExitCode.usage : ExitCode.internal;
}
