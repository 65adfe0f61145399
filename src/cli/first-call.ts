import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { ConfigurationError, examineConfig } from '../config/config.js';
import { VERSION } from '../process/version.js';
import { ExitCode, UsageError } from './exit-code.js';

export function firstCallCommand(): Command {
  return new Command('first-call')
    .requiredOption('--phone <number>', 'your own telephone, such as 0300000001')
    .option('--only <experiment...>', 'these experiments alone: refusals, key, line, busy, full-queue')
    .option('--yes', 'do not ask before each experiment; full-queue is played where --only names it')
    .option('--report <file>', 'where the report goes', 'first-call-report.md')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const { pigeon, problems } = examineConfig(process.env);
      if (pigeon === null) throw new ConfigurationError(problems.filter((one) => one.includes('PIGEON')));
      if (!/^(0\d{9,10}|\+81\d{9,10})$/.test(options.phone)) {
        throw new UsageError([
          `--phone must be a Japanese telephone number without hyphens, such as 0300000001, and is "${options.phone}"`,
        ]);
      }
      const { playFirstCalls } = await import('../first-call/play.js');
      const report = await playFirstCalls({
        pigeon,
        phone: options.phone,
        version: VERSION,
        wanted: (experiment) => isWanted(experiment, options),
        said: (text) => console.error(text),
      });
      writeFileSync(options.report, report);
      console.log(
        `The report is in ${options.report}. Read it before you send it to anybody: it is meant to hold no personal data.`,
      );
    });
}

interface Options {
  readonly phone: string;
  readonly only?: readonly string[];
  readonly yes?: true;
  readonly report: string;
}

async function isWanted(
  {
    name,
    about,
    you,
    calls,
  }: { readonly name: string; readonly about: string; readonly you: string; readonly calls: number },
  { only, yes }: Options,
): Promise<boolean> {
  if (only !== undefined && !only.includes(name)) return false;
  const cost = calls === 0 ? 'no telephone call' : `at most ${calls} telephone call${calls === 1 ? '' : 's'}`;
  console.error(`\n${name}: ${about} (${cost}).\nYou: ${you}`);
  // It keeps everybody else from being called.
  if (yes === true) return name !== 'full-queue' || only !== undefined;
  if (!process.stdin.isTTY) throw new UsageError(['there is no terminal to ask on: give --yes']);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Continue? [y/N] ');
  terminal.close();
  return /^y/i.test(answer);
}

const HELP = `
No real space is known to the authors: what they build on is the vendor's public manual. This command asks yours, one step at a
time, and says of each how many telephone calls it costs. It reads PIGEON_SPACE, PIGEON_API_TOKEN_FILE and the like, as the
worker does; Temporal is not needed. The report holds what the space answered, without your number, its address, tokens or the
calls of other people, beside what the emulator would have answered.

Exit codes: ${ExitCode.done} the report is written, ${ExitCode.usage} something to configure.
`;
