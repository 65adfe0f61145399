import { Command, InvalidArgumentError, Option } from 'commander';
import {
  EMULATOR_TOKEN,
  manual,
  parsePersonScript,
  realClock,
  startEmulator,
  type PersonScript,
} from '../emulator/emulator.js';

interface EmulatorFlags {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly lines: number;
  readonly speed: number;
  readonly person: Readonly<Record<string, PersonScript>>;
}

export function emulatorCommand(): Command {
  return new Command('emulator')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', whole, 8880)
    .option('--token <token>', 'the API token that it accepts', EMULATOR_TOKEN)
    .option('--lines <n>', 'runs that can call at the same time', whole, 1)
    .option('--speed <n>', 'how many times faster than the clock it runs', whole, 1)
    .addOption(
      new Option('--person <number=script>', 'who is at a number, such as 0300000001=answers:3s:1 (repeatable)')
        .argParser(addPerson)
        .default({}, 'nobody picks up'),
    )
    .action(async ({ host, port, token, lines, speed, person }: EmulatorFlags) => {
      const emulator = await startEmulator({
        host,
        port,
        lines,
        tokens: [token],
        clock: realClock({ speed }),
        people: person,
        strangers: manual(),
      });
      console.log(`Pigeon emulator: ${emulator.url}`);
      console.log(`Its telephones, in a browser: ${emulator.url}/`);
      console.log(`A worker that uses it: PIGEON_BASE_URL=${emulator.url} PIGEON_API_TOKEN=${token} pigeonflow worker`);
      await new Promise((resolve) => {
        process.once('SIGTERM', resolve);
        process.once('SIGINT', resolve);
      });
      await emulator.close();
    });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function addPerson(
  text: string,
  previous: Readonly<Record<string, PersonScript>>,
): Readonly<Record<string, PersonScript>> {
  try {
    const { phoneNumber, script } = parsePersonScript(text);
    return { ...previous, [phoneNumber]: script };
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
