import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Exchange, Recorder } from './recorder.js';

/** What an experiment works with: a space, one telephone, and everything that was asked so far. */
export class Lab {
  readonly exchanges: Exchange[] = [];
  /** What was measured, by name: milliseconds, counts, words. */
  readonly measured = new Map<string, number | string>();
  /** Runs that were made here; nothing is ever said of others. */
  readonly runs: string[] = [];

  constructor(
    private readonly recorder: Recorder,
    /** Digits. */
    readonly phone: string,
    /** Between two looks at a result. */
    private readonly lookEveryMs: number,
  ) {}

  async ask(...asked: Parameters<Recorder['ask']>): Promise<Exchange> {
    const exchange = await this.recorder.ask(...asked);
    this.exchanges.push(exchange);
    return exchange;
  }

  /** A run to the one telephone. Null: the space took none. */
  async call(message = 'これはpigeonflowの試験です。'): Promise<string | null> {
    const contacts = [{ displayName: NAME, phones: [{ phoneNumber: this.phone }] }];
    const guidance = { messageTemplate: message, reactions: { 1: { behavior: 'terminate' } } };
    const parameters = { pigeonflowRef: `first-call/${randomUUID()}` };
    const params = { callflow: { loopLimit: 1, contacts }, guidance, parameters };
    const { answer } = await this.ask('POST', '/chain/invoke', { params });
    const resultId = textIn(answer, 'resultId');
    if (resultId !== null) this.runs.push(resultId);
    return resultId;
  }

  result(resultId: string): Promise<Exchange> {
    return this.ask('GET', `/results/${encodeURIComponent(resultId)}`);
  }

  abort(resultId: string): Promise<Exchange> {
    return this.ask('POST', '/chain/abort', { resultId });
  }

  list(): Promise<Exchange> {
    return this.ask('GET', '/calls?offset=0&limit=100');
  }

  /** Looks until the answer is what is waited for, or the time is over; the last look. */
  async until(resultId: string, is: (answer: unknown) => boolean, withinMs: number): Promise<Exchange> {
    const end = Date.now() + withinMs;
    for (;;) {
      const seen = await this.result(resultId);
      if (is(seen.answer) || Date.now() >= end) return seen;
      await setTimeout(this.lookEveryMs);
    }
  }

  pause(): Promise<void> {
    return setTimeout(this.lookEveryMs);
  }

  /** Whatever happened: nothing rings on. The newest first, so that none begins to ring when the one before it ends. */
  async hangUp(): Promise<void> {
    const ringing: string[] = [];
    for (const run of this.runs.toReversed()) {
      const { answer } = await this.result(run);
      if (isOver(answer)) continue;
      await this.abort(run);
      ringing.push(run);
    }
    for (const run of ringing) await this.until(run, isOver, ENDED_WITHIN_MS);
  }
}

const ENDED_WITHIN_MS = 60_000;

/** Of the one contact in every run. */
const NAME = 'first-call';

export function fieldOf(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

export function textIn(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = fieldOf(value, ...path);
  return typeof found === 'string' ? found : null;
}

const FINAL = ['succeeded', 'failed', 'aborted'];

/** By `isActive`, and where that is not there by the words that are probable. */
export function isOver(answer: unknown): boolean {
  const isActive = fieldOf(answer, 'isActive');
  return typeof isActive === 'boolean' ? !isActive : FINAL.includes(textIn(answer, 'status') ?? '');
}

/** A telephone of this run rings, or has rung. */
export function hasRung(answer: unknown): boolean {
  const calls = fieldOf(answer, 'calls');
  if (Array.isArray(calls)) return calls.length > 0;
  return textIn(answer, 'status') === 'started' || isOver(answer);
}
