import { setTimeout } from 'node:timers/promises';
import { CallCancelled, type PigeonCallHandle, type PigeonCallResult, type PigeonCallStatus } from '../client.js';
import { describeMs } from '../contract/duration.js';
import { Patience, type Hindrance } from './call-patience.js';
import { watchCall, type Sighting } from './call-watch.js';
import { ExitCode, EXIT_CODE_OF_OUTCOME } from './exit-code.js';
import type { Interruption } from './interruption.js';
import type { ProgressLines } from './progress-lines.js';

export interface FollowOptions {
  readonly form: Form;
  /** How long a call is borne that is blocked, or that no worker takes up; null: as long as it lasts. */
  readonly giveUpAfterMs: number | null;
  readonly lines: ProgressLines;
  readonly interruption: Interruption;
}

type End =
  { readonly kind: 'result'; readonly result: PigeonCallResult } | { readonly kind: 'failed'; readonly error: unknown };

/** Seconds as a rule; the workflow itself continues for ten minutes where Pigeon does not take the abort. */
const HUNG_UP_WITHIN_MS = 180_000;

/**
 * Follows a call to its end: shows what changes, prints the result, and says what the command ends with.
 *
 * @throws what `PigeonCallHandle.wait` throws.
 */
export async function followCall(call: PigeonCallHandle, options: FollowOptions): Promise<ExitCode> {
  const { giveUpAfterMs, lines, interruption } = options;
  const over = new AbortController();
  const patience = new Patience(giveUpAfterMs);
  const show = showChanges(lines);
  const watching = watchCall(call, over.signal, (sighting) => {
    show(sighting);
    if (patience.saw(sighting) && giveUpAfterMs !== null) {
      lines.say(`If that lasts, the call is hung up in ${describeMs(giveUpAfterMs)} (--give-up-after).`, 'loud');
    }
  });
  const end: Promise<End> = call.wait({ signal: over.signal }).then(
    (result) => ({ kind: 'result', result }),
    (error: unknown) => ({ kind: 'failed', error }),
  );
  try {
    const first = await Promise.race([end, patience.exhausted, interruption.next()]);
    switch (first.kind) {
      case 'result':
        return finish(first.result, options);
      case 'failed':
        throw first.error;
      case 'leave':
        return leave(call, lines);
      case 'gaveUp':
        patience.close();
        return await giveUp(call, first, end, options);
      case 'hangUp':
        patience.close();
        return await hangUp(call, ExitCode.interrupted, end, options);
      default:
        return first satisfies never;
    }
  } finally {
    over.abort();
    patience.close();
    await watching;
  }
}

function finish(result: PigeonCallResult, { lines, form }: FollowOptions): ExitCode {
  for (const line of describeEnd(result)) lines.say(line);
  return printResult(result, form);
}

function leave(call: PigeonCallHandle, lines: ProgressLines): ExitCode {
  const id = typed(call.callId);
  lines.say(`The call continues. Follow it: pigeonflow call wait ${id}   Hang it up: pigeonflow call hang-up ${id}`);
  return ExitCode.interrupted;
}

async function giveUp(
  call: PigeonCallHandle,
  { exitCode, unserved }: Hindrance,
  end: Promise<End>,
  options: FollowOptions,
): Promise<ExitCode> {
  options.lines.say(`Giving up after ${describeMs(options.giveUpAfterMs ?? 0)}: hanging up.`, 'loud');
  if (!unserved) return await hangUp(call, exitCode, end, options);
  await call.hangUp();
  options.lines.say('Nobody was called. The call is cancelled: a worker that starts later places it no more.');
  return exitCode;
}

/** Hangs up and waits until that is done. A call that ended by itself meanwhile is what it was. */
async function hangUp(
  call: PigeonCallHandle,
  exitCode: ExitCode,
  end: Promise<End>,
  options: FollowOptions,
): Promise<ExitCode> {
  const { lines, interruption } = options;
  await call.hangUp();
  const waited = new AbortController();
  const tooLong = setTimeout(HUNG_UP_WITHIN_MS, { kind: 'tooLong' } as const, { signal: waited.signal });
  try {
    const first = await Promise.race([end, interruption.next(), tooLong]);
    if (first.kind === 'result') return finish(first.result, options);
    if (first.kind === 'failed') {
      if (!(first.error instanceof CallCancelled)) throw first.error;
      lines.say('Hung up.');
      return exitCode;
    }
    lines.say(`Not hung up yet; it continues automatically. See: pigeonflow call status ${typed(call.callId)}`, 'loud');
    return exitCode;
  } finally {
    tooLong.catch(() => undefined);
    waited.abort();
  }
}

/** One line for each change. The last one is the result's. */
function showChanges({ say }: ProgressLines): (sighting: Sighting) => void {
  let shown = '';
  return (sighting) => {
    const text = sighting.kind === 'status' ? sighting.status.message : sighting.message;
    if (text === shown || (sighting.kind === 'status' && sighting.status.state === 'ended')) return;
    shown = text;
    const loud = sighting.kind !== 'status' || sighting.status.state === 'blocked';
    say(text, loud ? 'loud' : 'plain');
  };
}

export type Form = 'text' | 'json';

/** Standard output carries this alone: the two lines of the job flow, or the result as JSON. */
function printResult(result: PigeonCallResult, form: Form): ExitCode {
  if (form === 'json') console.log(JSON.stringify(result, null, 2));
  else console.log(`架電で入力されたボタン: ${result.keyInput ?? 'なし'}\nステータス: ${result.status ?? '不明'}`);
  return EXIT_CODE_OF_OUTCOME[result.outcome];
}

/** How a call ended, and what the operator may want to know of it. */
function describeEnd({ outcome, answeredBy, notes }: PigeonCallResult): readonly string[] {
  const by = outcome === 'answered' && answeredBy !== null ? ` by ${answeredBy}` : '';
  return [...notes.map((note) => `  ${note}`), `The call is over: ${outcome}${by}.`];
}

export function printStatus(status: PigeonCallStatus, form: Form): void {
  if (form === 'json') {
    console.log(JSON.stringify(status, null, 2));
    return;
  }
  const last = status.calls.at(-1);
  const lines = [
    `${status.state} since ${status.since}: ${status.message}`,
    `Run in Pigeon: ${status.resultId ?? 'none yet'} (reference ${status.reference})`,
    ...(last === undefined
      ? []
      : [`Last call: ${last.contact ?? '?'}, ${last.status}, key ${last.keyInput ?? 'none'}`]),
    ...(status.state === 'ended' ? [] : [`Hung up at the latest: ${status.deadlineAt}`]),
    ...status.notes.map((note) => `  ${note}`),
  ];
  console.log(lines.join('\n'));
}

/** An id as it can be typed into a shell. */
export const typed = (callId: string): string =>
  /^[\w./:@%+-]+$/.test(callId) ? callId : `'${callId.replaceAll("'", `'\\''`)}'`;
