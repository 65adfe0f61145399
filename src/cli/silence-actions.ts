import type { SilenceAnswer } from '../client.js';
import { silenceColumns, silenceRow } from '../words/describe-silence.js';
import { words } from '../words/words.js';
import { inColumns } from '../yaml-file/display-width.js';
import { ExitCode, UsageError } from './exit-code.js';
import { printJson } from './incident-print.js';
import { loginName } from './login-name.js';
import { withPigeonflow } from './temporal.js';

export interface EndFlags {
  readonly by?: string;
  readonly reason?: string;
  readonly json?: true;
}

export interface AddFlags extends EndFlags {
  readonly label?: readonly string[];
  readonly service?: string;
  readonly integration?: string;
  readonly for: string;
  readonly critical?: true;
}

export async function add(flags: AddFlags): Promise<ExitCode> {
  const { service, integration, reason, critical } = flags;
  const wanted = {
    labels: labelsOf(flags.label ?? []),
    for: flags.for,
    by: byOf(flags),
    ...(reason !== undefined && { reason }),
    ...(service !== undefined && { service }),
    ...(integration !== undefined && { integration }),
    ...(critical && { critical }),
  };
  return await withPigeonflow(async (pigeonflow) => printed(await pigeonflow.silences().add(wanted), flags));
}

export async function end(written: string | undefined, flags: EndFlags): Promise<ExitCode> {
  if (written !== undefined && !/^[1-9]\d{0,8}$/.test(written)) {
    throw new UsageError(['A silence has a number, from 1 on: see pigeonflow silence list.']);
  }
  const { reason } = flags;
  const number = written === undefined ? {} : { number: Number(written) };
  const wanted = { ...number, by: byOf(flags), ...(reason !== undefined && { reason }) };
  return await withPigeonflow(async (pigeonflow) => printed(await pigeonflow.silences().end(wanted), flags));
}

export async function list({ json }: { readonly json?: true }): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    if (json) {
      printJson(await pigeonflow.silences().all());
      return ExitCode.done;
    }
    const { silences } = await pigeonflow.silences().published();
    console.log(
      silences.length === 0
        ? words().silence.none
        : inColumns([silenceColumns(), ...silences.map(silenceRow)]).join('\n'),
    );
    return ExitCode.done;
  });
}

function labelsOf(written: readonly string[]): Readonly<Record<string, string>> {
  const pairs = written.map((one): readonly [string, string] => {
    const [name = '', value = ''] = one.split(/=(.*)/s);
    if (name === '' || value === '') throw new UsageError([`A label is written name=value: "${one}"`]);
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

const byOf = ({ by }: EndFlags): string => by ?? loginName() ?? 'external';

function printed(answer: SilenceAnswer, { json }: EndFlags): ExitCode {
  if (json) printJson(answer);
  else if (answer.accepted) console.log(answer.message);
  else console.error(answer.message);
  return answer.accepted ? ExitCode.done : ExitCode.notAllowed;
}
