import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Lab, hasRung, isOver, textIn } from './lab.js';

export interface Experiment {
  readonly name: string;
  /** What is found out. */
  readonly about: string;
  /** What the person does, in one sentence. */
  readonly you: string;
  /** Telephone calls that it places, at most. */
  readonly calls: number;
  readonly run: (lab: Lab) => Promise<void>;
}

const PICKED_UP_WITHIN_MS = 120_000;
const END_WITHIN_MS = 420_000;
const LINE_WITHIN_MS = 120_000;
/** More than a space is said to hold. */
const MOST_POSTS = 40;

export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'refusals',
    about: 'how the space words a refusal',
    you: 'nothing: no telephone rings.',
    calls: 0,
    run: async (lab) => {
      await lab.list();
      await lab.ask('GET', '/calls?offset=0&limit=1', undefined, 'not-a-token');
      await lab.result(randomUUID());
      await lab.abort(randomUUID());
      await lab.ask('POST', '/chain/invoke', { params: {} });
    },
  },
  {
    name: 'key',
    about: 'what a result is like while it rings and when a key has been pressed',
    you: 'pick up, listen, press 1.',
    calls: 1,
    run: async (lab) => {
      const run = await lab.call('これはpigeonflowの試験です。1を押してください。');
      if (run === null) return;
      await lab.list();
      await lab.until(run, isOver, END_WITHIN_MS);
      await lab.list();
      // Of a run that has ended.
      await lab.abort(run);
    },
  },
  {
    name: 'line',
    about: 'what the list says of a run that waits for a line, and how soon a line is free when a call was hung up',
    you: 'let it ring, twice; do not pick up.',
    calls: 2,
    run: async (lab) => {
      const first = await lab.call();
      const second = await lab.call();
      if (first === null || second === null) return;
      lab.measured.set('second', second);
      await lab.until(first, hasRung, PICKED_UP_WITHIN_MS);
      await lab.pause();
      const { answer } = await lab.result(second);
      lab.measured.set('secondRangAtOnce', hasRung(answer) ? 'yes' : 'no');
      await lab.list();
      const abortedAt = Date.now();
      await lab.abort(first);
      await lab.until(second, hasRung, LINE_WITHIN_MS);
      lab.measured.set('lineFreeAfterMs', Date.now() - abortedAt);
      await lab.until(first, isOver, LINE_WITHIN_MS);
      await lab.abort(second);
      await lab.until(second, isOver, LINE_WITHIN_MS);
    },
  },
  {
    name: 'busy',
    about: 'what becomes of a call to a number that is busy',
    you: 'be in a call with somebody else on this telephone before you continue (without call waiting).',
    calls: 1,
    run: async (lab) => {
      const run = await lab.call();
      if (run === null) return;
      lab.measured.set('busy', run);
      await lab.until(run, isOver, END_WITHIN_MS);
    },
  },
  {
    name: 'full-queue',
    about: `what is said of a full queue: up to ${MOST_POSTS} runs are asked for, and all are hung up again`,
    you: 'let it ring; do not pick up. While this continues nobody else is called through the space.',
    calls: 2,
    run: async (lab) => {
      let taken = 0;
      for (; taken < MOST_POSTS; taken += 1) {
        const run = await lab.call();
        if (run === null) break;
        // As vendor scripts do.
        await setTimeout(100);
      }
      lab.measured.set('takenUntilFull', taken);
      const { answer } = lab.exchanges.at(-1) ?? {};
      lab.measured.set('fullAnswer', textIn(answer, 'status') ?? 'none');
    },
  },
];
