import { createInterface } from 'node:readline/promises';
import type { DutyAnswer, DutyHandle, DutyOverrides, LiveOverride } from '../client.js';
import { createPigeonflowClient } from '../client.js';
import { lazyTemporal } from '../client/connect-temporal.js';
import { openDataConverter } from '../codec/index.js';
import { readClientConfig } from '../config/config.js';
import { columns, rowsOf } from '../duty/overrides.js';
import { words } from '../words/words.js';
import { inColumns } from '../yaml-file/display-width.js';
import { readJson } from './call-flags.js';
import { ExitCode, UsageError } from './exit-code.js';
import { printJson } from './incident-print.js';
import { loginName } from './login-name.js';
import { withPigeonflow } from './temporal.js';

export interface RemoveFlags {
  readonly by?: string;
  readonly reason?: string;
  readonly json?: true;
}

export interface AskFlags extends RemoveFlags {
  readonly until?: string;
  readonly instead?: string;
  readonly yes?: true;
}

export interface OverrideFlags extends AskFlags {
  readonly shift?: string;
  readonly from?: string;
  readonly restore?: string;
}

export interface SwapFlags extends AskFlags {
  readonly person?: string;
  readonly agreed?: true;
}

export const take = (schedule: string, person: string, flags: AskFlags): Promise<ExitCode> =>
  ask(schedule, flags, (duty, more) => duty.take({ person, ...timeOf(flags), ...more }));

export async function override(schedule: string, people: readonly string[], flags: OverrideFlags): Promise<ExitCode> {
  const { shift, from, restore } = flags;
  if (restore !== undefined) return await putBack(schedule, restore, flags);
  if (people.length === 0) throw new UsageError([words().schedule.noPeople]);
  const when = { ...(shift !== undefined && { shift }), ...(from !== undefined && { from }), ...timeOf(flags) };
  return await ask(schedule, flags, (duty, more) => duty.override({ people, ...when, ...more }));
}

export const swap = (schedule: string, shift: string, other: string, flags: SwapFlags): Promise<ExitCode> =>
  ask(schedule, flags, (duty, more) =>
    duty.swap({
      shift,
      with: other,
      ...(flags.person !== undefined && { person: flags.person }),
      ...(flags.agreed && { agreed: true }),
      ...more,
    }),
  );

export const confirm = (
  schedule: string,
  person: string,
  { number, ...flags }: RemoveFlags & { readonly number?: number },
): Promise<ExitCode> =>
  withDuty(schedule, async (duty) => {
    if (number !== undefined) wholeNumber(String(number));
    return printed(await duty.confirm({ person, ...(number !== undefined && { number }), by: byOf(flags) }), flags);
  });

export function remove(schedule: string, number: string | undefined, flags: RemoveFlags): Promise<ExitCode> {
  const wanted = number === undefined ? {} : { number: wholeNumber(number) };
  return withDuty(schedule, async (duty) => printed(await duty.remove({ ...wanted, ...whoAndWhy(flags) }), flags));
}

export const list = (schedule: string, { json }: { readonly json?: true }): Promise<ExitCode> =>
  withDuty(schedule, async (duty) => {
    const all = await duty.overrides();
    if (json) printJson(all);
    else console.log(tableOf(all.overrides));
    return ExitCode.done;
  });

function tableOf(overrides: readonly LiveOverride[]): string {
  if (overrides.length === 0) return words().duty.none;
  return inColumns([columns(), ...overrides.flatMap((one) => rowsOf(one, Date.now()))]).join('\n');
}

/** Says what it comes to before it is done. */
function ask(
  schedule: string,
  flags: AskFlags,
  request: (duty: DutyHandle, more: ReturnType<typeof whoAndWhy> & { readonly preview?: true }) => Promise<DutyAnswer>,
): Promise<ExitCode> {
  return withDuty(schedule, async (duty) => {
    const more = whoAndWhy(flags);
    if (flags.yes === undefined) {
      const preview = await request(duty, { ...more, preview: true });
      // Refused, or so already.
      if (!preview.accepted || preview.override === null) return printed(preview, flags);
      if (!(await isWanted(preview.message))) return ExitCode.stopped;
    }
    return printed(await request(duty, more), flags);
  });
}

async function isWanted(message: string): Promise<boolean> {
  console.error(message);
  if (!process.stdin.isTTY) throw new UsageError([words().schedule.noTerminal]);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(words().schedule.ask);
  terminal.close();
  return /^y/i.test(answer);
}

async function putBack(schedule: string, file: string, flags: OverrideFlags): Promise<ExitCode> {
  const problems: string[] = [];
  const read = await readJson('--restore', file, problems);
  if (problems.length > 0) throw new UsageError(problems);
  const overrides = (read as Partial<DutyOverrides> | null)?.overrides;
  if (!Array.isArray(overrides)) {
    throw new UsageError([words().schedule.notPrinted(file)]);
  }
  if (overrides.length === 0) throw new UsageError([words().schedule.nothingPrinted(file)]);
  return await withDuty(schedule, async (duty) =>
    printed(await duty.override({ restore: overrides as readonly LiveOverride[] }), flags),
  );
}

function printed(answer: DutyAnswer, { json }: RemoveFlags): ExitCode {
  if (json) printJson(answer);
  else if (answer.accepted) console.log(answer.message);
  else console.error(answer.message);
  return answer.accepted ? ExitCode.done : ExitCode.notAllowed;
}

const withDuty = (schedule: string, work: (duty: DutyHandle) => Promise<ExitCode>): Promise<ExitCode> => {
  if (!IS_NAME.test(schedule)) throw new UsageError([words().schedule.noName(schedule)]);
  return withPigeonflow((pigeonflow) => work(pigeonflow.schedule(schedule)));
};

const IS_NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;

function wholeNumber(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new UsageError([words().schedule.noNumber]);
}

const byOf = ({ by }: RemoveFlags): string => by ?? loginName() ?? 'external';
const whoAndWhy = (flags: RemoveFlags) => ({
  by: byOf(flags),
  ...(flags.reason !== undefined && { reason: flags.reason }),
});
const timeOf = ({ until, instead }: AskFlags) => ({
  ...(until !== undefined && { until }),
  ...(instead !== undefined && { instead }),
});

/** Somebody looks who is on duty: better soon than whole. */
const LOOK_TIMEOUT_MS = 3_000;

/**
 * The overrides that are not in the files, by the names of their schedules. Where Temporal does not answer there are none, and it
 * is said.
 */
export async function overridesNow(names: readonly string[]): Promise<ReadonlyMap<string, readonly LiveOverride[]>> {
  try {
    const { temporal, codecKeysFile } = readClientConfig(process.env);
    const client = lazyTemporal(temporal.connection, temporal.namespace, await openDataConverter(codecKeysFile));
    try {
      const pigeonflow = createPigeonflowClient(client);
      const found = names.map(async (name) => {
        const { overrides } = await pigeonflow.schedule(name).published({ timeLimitMs: LOOK_TIMEOUT_MS });
        return [name, overrides] as const;
      });
      return new Map(await Promise.all(found));
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(words().schedule.asPlanned(why));
    return new Map();
  }
}
