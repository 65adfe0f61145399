import type { TelephoneCall } from '../../contract/pigeon-call-schema.js';
import { type Call, WAITING } from '../call/call.js';
import { clock } from './clock.js';

/** A live call in one sentence. A contact is named only when Pigeon has begun to call them. Pure. */
export const describeCall = (call: Call): string => inWords(call, 'Pigeon has the call; it waits for a free line.');

/** Changes when there is something to report. That a run got its line is none: what follows is that somebody is called. */
export const newsOf = (call: Call): string => inWords(call, NOBODY_YET);

const NOBODY_YET = 'Pigeon has the call; nobody rings yet.';

function inWords({ progress: { state, message, view } }: Call, waitsForLine: string): string {
  const last = view?.calls.at(-1);
  const who = last?.contact ?? 'somebody';
  if (state === 'hangingUp' && message.startsWith('Hanging up: ')) {
    return last === undefined ? 'Hanging up.' : `Hanging up ${who}.`;
  }
  if (state !== 'calling' || view === null || !view.isActive) return message;
  if (last === undefined) return view.status === WAITING ? waitsForLine : NOBODY_YET;
  const pass = last.loop !== null && last.loop > 1 ? `, pass ${last.loop}` : '';
  if (last.finishedAt !== null) return `${who} ${did(last)}${pass}; the next contact follows.`;
  const since = Date.parse(last.startedAt ?? '');
  return `${who} is being called${Number.isNaN(since) ? '' : ` since ${clock(since)}`}${pass}.`;
}

/** What came of each telephone call of a run: `田中 did not pick up (2×); 山田 picked up, but pressed no key`. */
export function describeCalls(calls: readonly TelephoneCall[]): string {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const words = `${call.contact ?? 'somebody'} ${did(call)}`;
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => (count === 1 ? words : `${words} (${count}×)`)).join('; ');
}

function did({ status, keyInput }: TelephoneCall): string {
  if (keyInput !== null) return `pressed ${keyInput}`;
  return Object.hasOwn(DID, status) ? DID[status as keyof typeof DID] : `ended as ${status}`;
}

/** By Pigeon's word. */
const DID = {
  missed: 'did not pick up',
  ignored: 'picked up, but pressed no key',
  failed: 'could not be rung: busy, out of reach or a wrong number',
  aborted: 'was hung up',
} as const;
