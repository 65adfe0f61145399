import { describeMs } from '../contract/duration.js';
import type { IncidentOwner, IncidentResult, Owned } from '../client.js';
import { describeOwner } from '../incident/describe-entry.js';
import type { Owner } from '../incident/state.js';
import { ExitCode } from './exit-code.js';

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** `田中 (key 1 at "primary")`. */
export const ownerInWords = (owner: IncidentOwner | null): string =>
  owner === null ? 'nobody' : describeOwner(owner as Owner);

/** How an incident stands that was waited for. */
export function describeOwned({ owner, result }: Owned): string {
  if (result === null && owner === null) {
    return 'EXHAUSTED: the policy has ended, and nobody was reached. The incident stays open, unattended, and nobody is called.';
  }
  if (result === null) return `Owned by ${ownerInWords(owner)}.`;
  if (result.state === 'exhausted') return 'EXHAUSTED: the policy has ended, and nobody was reached.';
  return `It is ${result.state}; owner: ${ownerInWords(owner)}.`;
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
export const clock = (time: string): string => `${time.slice(0, 19).replace('T', ' ')} UTC (${fromNow(time)})`;

/** `4m ago`, `in 26m`. */
export function fromNow(time: string): string {
  const ms = Date.parse(time) - Date.now();
  return ms > 0 ? `in ${describeMs(ms)}` : `${describeMs(-ms)} ago`;
}
