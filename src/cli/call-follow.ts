import { setTimeout } from 'node:timers/promises';
import { CallCancelled, type PigeonCallHandle, type PigeonCallResult, type PigeonCallStatus } from '../client.js';
import { stamp, words } from '../words/words.js';
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
      lines.say(words().command.hungUpIfItLasts(giveUpAfterMs), 'loud');
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
  lines.say(words().command.leavesCall(id));
  return ExitCode.interrupted;
}

async function giveUp(
  call: PigeonCallHandle,
  { exitCode, unserved }: Hindrance,
  end: Promise<End>,
  options: FollowOptions,
): Promise<ExitCode> {
  options.lines.say(words().command.givesUp(options.giveUpAfterMs ?? 0), 'loud');
  if (!unserved) return await hangUp(call, exitCode, end, options);
  await call.hangUp();
  options.lines.say(words().command.nobodyCalled);
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
      lines.say(words().command.hungUp);
      return exitCode;
    }
    lines.say(words().command.notHungUpYet(typed(call.callId)), 'loud');
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
  const { call, command } = words();
  const said = call.outcomes[outcome];
  const isBySomebody = outcome === 'answered' && answeredBy !== null;
  return [
    ...notes.map((note) => `  ${note}`),
    isBySomebody ? command.callAnsweredBy(said, answeredBy) : command.callOver(said),
  ];
}

export function printStatus(status: PigeonCallStatus, form: Form): void {
  if (form === 'json') {
    console.log(JSON.stringify(status, null, 2));
    return;
  }
  const { call, command } = words();
  const last = status.calls.at(-1);
  const lines = [
    command.callState(command.callStates[status.state], stamp(status.since), status.message),
    command.callRun(status.resultId ?? call.noneYet, status.reference),
    ...(last === undefined ? [] : [command.lastCall(last.contact ?? '?', last.status, last.keyInput ?? call.none)]),
    ...(status.state === 'ended' ? [] : [command.callDeadline(stamp(status.deadlineAt))]),
    ...status.notes.map((note) => `  ${note}`),
  ];
  console.log(lines.join('\n'));
}

/** An id as it can be typed into a shell. */
export const typed = (callId: string): string =>
  /^[\w./:@%+-]+$/.test(callId) ? callId : `'${callId.replaceAll("'", `'\\''`)}'`;
