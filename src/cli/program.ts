import { VERSION } from '../process/version.js';
import { Command, CommanderError } from 'commander';
import { callCommand } from './call.js';
import { canaryCommand } from './canary.js';
import { codecCommand } from './codec.js';
import { codecServerCommand } from './codec-server.js';
import { doctorCommand } from './doctor.js';
import { emulatorCommand } from './emulator.js';
import { ExitCode } from './exit-code.js';
import { firstCallCommand } from './first-call.js';
import { gatewayCommand } from './gateway.js';
import { incidentCommand } from './incident.js';
import { pauseCommand, resumeCommand } from './pause.js';
import { policyCommand } from './policy.js';
import { routeCommand } from './route.js';
import { setupCommand } from './setup.js';
import { workerCommand } from './worker.js';

/**
 * Runs one command line; subcommands leave their exit code in `process.exitCode`.
 *
 * @param argv as in `process.argv`: the first two are Node and the script.
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the reason, or the help that was asked for.
      process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
      return;
    }
    console.error(error instanceof Error ? error.message : String(error));
    const { exitCodeOf } = await import('./failure.js');
    process.exitCode = exitCodeOf(error);
  }
}

function program(): Command {
  const pigeonflow = new Command('pigeonflow')
    .description('Telephone calls through Kompira Pigeon, as durable Temporal workflows.')
    .version(VERSION)
    .addCommand(callCommand())
    .addCommand(incidentCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(setupCommand())
    .addCommand(firstCallCommand())
    .addCommand(canaryCommand())
    .addCommand(doctorCommand())
    .addCommand(workerCommand())
    .addCommand(gatewayCommand())
    .addCommand(codecServerCommand())
    .addCommand(codecCommand())
    .addCommand(emulatorCommand())
    .addCommand(policyCommand())
    .addCommand(routeCommand());
  for (const command of withSubcommands(pigeonflow)) {
    command.exitOverride();
    command.enablePositionalOptions(); // `--json` after the name of a subcommand is the subcommand's
    command.showHelpAfterError(`See: ${pathOf(command)} --help`);
  }
  return pigeonflow;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
