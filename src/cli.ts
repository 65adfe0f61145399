#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { callCommand } from './cli/call.js';
import { canaryCommand } from './cli/canary.js';
import { codecCommand } from './cli/codec.js';
import { codecServerCommand } from './cli/codec-server.js';
import { doctorCommand } from './cli/doctor.js';
import { emulatorCommand } from './cli/emulator.js';
import { ExitCode } from './cli/exit-code.js';
import { gatewayCommand } from './cli/gateway.js';
import { incidentCommand } from './cli/incident.js';
import { pauseCommand, resumeCommand } from './cli/pause.js';
import { policyCommand } from './cli/policy.js';
import { routeCommand } from './cli/route.js';
import { setupCommand } from './cli/setup.js';
import { workerCommand } from './cli/worker.js';

const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(require.resolve('../../package.json'), 'utf8')) as { version: string };

// Whoever reads may go away first, such as `head` or a terminal that was closed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const program = new Command('pigeonflow')
  .description('Telephone calls through Kompira Pigeon, as durable Temporal workflows.')
  .version(version)
  .addCommand(callCommand())
  .addCommand(incidentCommand())
  .addCommand(pauseCommand())
  .addCommand(resumeCommand())
  .addCommand(setupCommand())
  .addCommand(canaryCommand())
  .addCommand(doctorCommand())
  .addCommand(workerCommand())
  .addCommand(gatewayCommand())
  .addCommand(codecServerCommand())
  .addCommand(codecCommand())
  .addCommand(emulatorCommand())
  .addCommand(policyCommand())
  .addCommand(routeCommand());
for (const command of withSubcommands(program)) {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.done : ExitCode.usage));
  command.enablePositionalOptions(); // `--json` after the name of a subcommand is the subcommand's
  command.showHelpAfterError(`See: ${pathOf(command)} --help`);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  const { exitCodeOf } = await import('./cli/failure.js');
  process.exitCode = exitCodeOf(error);
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
