import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { PigeonCallInput } from '../client.js';
import { checkPigeonCallInput } from '../contract/check-input.js';
import { durationMs } from '../contract/duration.js';
import { SEVERITIES } from '../contract/severity.js';
import { UsageError } from './exit-code.js';

export interface CallFlags {
  readonly callflowId?: string;
  readonly callflow?: string;
  readonly guidanceId?: string;
  readonly guidance?: string;
  readonly parameter: Readonly<Record<string, string>>;
  readonly waitTime?: number;
  readonly deadline?: string;
  readonly severity?: NonNullable<PigeonCallInput['severity']>;
  readonly onUnknownOutcome?: 'giveUp' | 'callAgain';
  readonly id?: string;
  readonly giveUpAfter: string;
  readonly json?: true;
}

export function addCallFlags(command: Command): Command {
  return command
    .option('--callflow-id <id>', 'whom to call: a call flow that is stored in Pigeon')
    .option('--callflow <file>', 'whom to call: a JSON file with loopLimit and contacts')
    .option('--guidance-id <id>', 'what is read out: a guidance that is stored in Pigeon')
    .option('--guidance <file>', 'what is read out: a JSON file with messageTemplate and reactions')
    .addOption(parameterOption())
    .option('--wait-time <seconds>', 'between two looks at the result (default: 15)', seconds)
    .option('--deadline <duration>', 'hang up after this time: 30s, 5m, 4h, 2d (default: 24h)', duration)
    .addOption(
      new Option('--severity <severity>', 'how bad it is: which call goes first (default: warning)').choices(
        SEVERITIES,
      ),
    )
    .addOption(
      new Option('--on-unknown-outcome <what>', 'when it is not known whether it rings (default: giveUp)').choices([
        'giveUp',
        'callAgain',
      ]),
    )
    .option('--id <id>', 'of the call; the same id never calls twice (default: call/<uuid>)')
    .option('--give-up-after <duration>', 'hang up when it is blocked, or no worker runs, for so long', duration, '1m')
    .option('--json', 'print the result as JSON');
}

export const parameterOption = (): Option =>
  new Option('--parameter <name=value>', 'fills {{name}} in what is read out (repeatable)')
    .argParser(addParameter)
    .default({}, 'none');

export const callIdOf = ({ id }: CallFlags): string => id ?? `call/${randomUUID()}`;

/** @throws UsageError with everything that is wrong with the flags and the files. */
export async function callInputOf(flags: CallFlags): Promise<PigeonCallInput> {
  const problems: string[] = [];
  for (const name of ['callflow', 'guidance'] as const) {
    if ((flags[`${name}Id`] === undefined) === (flags[name] === undefined)) {
      problems.push(`Give exactly one of --${name}-id <id> and --${name} <file.json>.`);
    }
  }
  const [callflow, guidance] = await Promise.all(
    (['callflow', 'guidance'] as const).map((name) => readJson(`--${name}`, flags[name], problems)),
  );
  if (problems.length > 0) throw new UsageError(problems);
  const input = {
    ...(flags.callflowId !== undefined && { callflowId: flags.callflowId }),
    ...(callflow !== undefined && { callflow: callflow as NonNullable<PigeonCallInput['callflow']> }),
    ...(flags.guidanceId !== undefined && { guidanceId: flags.guidanceId }),
    ...(guidance !== undefined && { guidance: guidance as NonNullable<PigeonCallInput['guidance']> }),
    parameters: flags.parameter,
    ...(flags.waitTime !== undefined && { waitTime: flags.waitTime }),
    ...(flags.deadline !== undefined && { deadline: flags.deadline }),
    ...(flags.severity !== undefined && { severity: flags.severity }),
    ...(flags.onUnknownOutcome !== undefined && { onUnknownOutcome: flags.onUnknownOutcome }),
  };
  const checked = checkPigeonCallInput(input);
  if (!checked.ok) throw new UsageError(checked.errors.map(asFlag));
  return input;
}

/** `waitTime: must be …` → `--wait-time: must be …`: what the contract calls a field is a flag here. */
export const asFlag = (problem: string): string =>
  problem
    .replace(/^parameters\b/, 'parameter')
    .replace(/^[a-zA-Z]+(?=[.:])/, (field) => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);

/** The file that a flag names, `-` is standard input. The shape is checked with the rest of the input. */
export async function readJson(flag: string, path: string | undefined, problems: string[]): Promise<unknown> {
  if (path === undefined) return undefined;
  try {
    return JSON.parse(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    problems.push(
      error instanceof SyntaxError
        ? // Without what it quotes of the file, in which numbers stand.
          `${flag} ${path} is not JSON: ${error.message.replace(/, (?:\.\.\.)?".*/s, '')}`
        : `${flag} ${path} cannot be read: ${error instanceof Error ? error.message.replace(/,.*/s, '') : String(error)}`,
    );
    return undefined;
  }
}

export function duration(text: string): string {
  try {
    durationMs(text);
    return text;
  } catch {
    throw new InvalidArgumentError('It must be a duration such as 30s, 5m, 4h or 2d.');
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

function addParameter(text: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('It must be name=value.');
  return { ...others, [text.slice(0, split)]: text.slice(split + 1) };
}
