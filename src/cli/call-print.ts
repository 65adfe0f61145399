import type { PigeonCallResult, PigeonCallStatus } from '../client.js';
import { EXIT_CODE_OF_OUTCOME, type ExitCode } from './exit-code.js';

export type Form = 'text' | 'json';

/** Standard output carries this alone: the two lines of the job flow, or the result as JSON. */
export function printResult(result: PigeonCallResult, form: Form): ExitCode {
  if (form === 'json') console.log(JSON.stringify(result, null, 2));
  else console.log(`架電で入力されたボタン: ${result.keyInput ?? 'なし'}\nステータス: ${result.status ?? '不明'}`);
  return EXIT_CODE_OF_OUTCOME[result.outcome];
}

/** How a call ended, and what the operator may want to know of it. */
export function describeEnd({ outcome, answeredBy, notes }: PigeonCallResult): readonly string[] {
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
