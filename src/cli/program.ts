import { VERSION } from '../process/version.js';
import { Command, CommanderError } from 'commander';
import { ExitCode } from './exit-code.js';

/**
 * Runs one command line; subcommands leave their exit code in `process.exitCode`.
 *
 * @param argv as in `process.argv`: the first two are Node and the script.
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  try {
    const pigeonflow = await program(argv.slice(2));
    await pigeonflow.parseAsync(argv);
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

/** What each command is for, and its file, which is loaded when somebody types its name. */
const COMMANDS: Readonly<Record<string, readonly [description: string, load: () => Promise<Command>]>> = {
  call: [
    'place a telephone call, follow it, and print the key that was pressed',
    async () => (await import('./call.js')).callCommand(),
  ],
  incident: [
    'open incidents, see how they stand, take them and end them',
    async () => (await import('./incident.js')).incidentCommand(),
  ],
  pause: [
    'the stop button: place no call any more, until it is resumed',
    async () => (await import('./pause.js')).pauseCommand(),
  ],
  resume: ['place calls again', async () => (await import('./pause.js')).resumeCommand()],
  silence: [
    'call nobody for some alerts, for a while; what still fires at the end is called then',
    async () => (await import('./silence.js')).silenceCommand(),
  ],
  setup: [
    'prepare Temporal: the namespace and its search attributes; can be repeated safely',
    async () => (await import('./setup.js')).setupCommand(),
  ],
  'first-call': [
    'place the first calls in a real space, to your own telephone, and write down what it answers',
    async () => (await import('./first-call.js')).firstCallCommand(),
  ],
  canary: [
    'try the whole way again and again, and tell an outside monitor that it works',
    async () => (await import('./canary.js')).canaryCommand(),
  ],
  doctor: [
    'say what is right and what to correct: configuration, Temporal, workers, Pigeon; calls nobody',
    async () => (await import('./doctor.js')).doctorCommand(),
  ],
  worker: [
    'run a worker: places the calls and follows them; start as many as you like',
    async () => (await import('./worker.js')).workerCommand(),
  ],
  gateway: [
    'run a gateway: takes the alerts of monitoring tools; start as many as you like',
    async () => (await import('./gateway.js')).gatewayCommand(),
  ],
  'codec-server': [
    "run a codec server: decodes what is encrypted for Temporal's Web UI and command",
    async () => (await import('./codec-server.js')).codecServerCommand(),
  ],
  import: [
    'make files of people, schedules and policies of what PagerDuty has',
    async () => (await import('./import.js')).importCommand(),
  ],
  codec: ['keys of the encryption of what Temporal stores', async () => (await import('./codec.js')).codecCommand()],
  emulator: [
    'run a Pigeon space for development and tests; nobody is called',
    async () => (await import('./emulator.js')).emulatorCommand(),
  ],
  policy: [
    'check, show and try escalation policies; nobody is called',
    async () => (await import('./policy.js')).policyCommand(),
  ],
  people: [
    'check the file of people: their numbers and names; and call one of them to try it',
    async () => (await import('./people.js')).peopleCommand(),
  ],
  schedule: [
    'check and show on-call schedules, say who is on duty, and hold a drill, which alone calls people',
    async () => (await import('./schedule.js')).scheduleCommand(),
  ],
  route: [
    'check routing files, and try them with an alert; nobody is called',
    async () => (await import('./route.js')).routeCommand(),
  ],
};

async function program(words: readonly string[]): Promise<Command> {
  const pigeonflow = new Command('pigeonflow')
    .description('Telephone calls through Kompira Pigeon, as durable Temporal workflows.')
    .version(VERSION);
  for (const [name, [description, load]] of Object.entries(COMMANDS)) {
    const command = words.includes(name) ? await load() : new Command(name);
    pigeonflow.addCommand(command.description(description));
  }
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
