import type { IncidentOwner, IncidentResult, Owned } from '../client.js';
import { ownerInTable } from '../incident/describe-entry.js';
import type { Owner } from '../incident/state.js';
import { clock as timeOf } from '../words/clock.js';
import { words } from '../words/words.js';
import { ExitCode } from './exit-code.js';

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** `田中 (key 1 at "primary")`. */
export const ownerInWords = (owner: IncidentOwner | null): string =>
  owner === null ? words().general.nobody : ownerInTable(owner as Owner);

/** How an incident stands that was waited for. */
export function describeOwned({ owner, result }: Owned): string {
  const { command } = words();
  if (result === null && owner === null) return command.exhaustedAndOpen;
  if (result === null) return command.ownedBy(ownerInWords(owner));
  return result.state === 'exhausted' ? command.exhausted : command.endedAs(result.state, ownerInWords(owner));
}

export function exitCodeOfOwned({ owner, result }: Owned): ExitCode {
  if (result === null) return owner === null ? ExitCode.exhausted : ExitCode.done;
  return EXIT_CODE_OF_STATE[result.state];
}

const EXIT_CODE_OF_STATE: Readonly<Record<IncidentResult['state'], ExitCode>> = {
  resolved: ExitCode.done,
  acknowledged: ExitCode.done,
  exhausted: ExitCode.exhausted,
  cancelled: ExitCode.stopped,
};

/** `2026-11-22 02:10:05 UTC (4m ago)`. */
export const clock = (time: string): string => words().command.clock(timeOf(time), fromNow(time));

/** `4m ago`, `in 26m`. */
export function fromNow(time: string): string {
  const ms = Date.parse(time) - Date.now();
  const { command } = words();
  return ms > 0 ? command.inFuture(ms) : command.ago(-ms);
}
