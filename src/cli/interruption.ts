import { createInterface, type Interface } from 'node:readline';
import { words } from '../words/words.js';
import type { ProgressLines } from './progress-lines.js';

/** What becomes of the call when its command is interrupted. */
export type Wish = { readonly kind: 'leave' } | { readonly kind: 'hangUp' };

export interface Interruption {
  /** The next wish; it may be asked for again after `hangUp`, when a further Ctrl-C means to leave. */
  next(): Promise<Wish>;
  close(): void;
}

/**
 * Listens for Ctrl-C and for signals. On a terminal the first Ctrl-C asks whether to hang up, the second leaves the call
 * running; everywhere else, and at SIGTERM or when the terminal goes away, it is left running without a question.
 */
export function listenForInterruption(lines: ProgressLines, manner: 'ask' | 'leave'): Interruption {
  const terminal = manner === 'ask' && process.stdin.isTTY && process.stderr.isTTY;
  const wishes: Wish[] = [];
  let awaiting: ((wish: Wish) => void) | null = null;
  let question: Interface | null = null;
  let asked = false;

  function wish(made: Wish): void {
    if (awaiting === null) wishes.push(made);
    else awaiting(made);
    awaiting = null;
  }

  function endQuestion(): void {
    const open = question;
    question = null;
    if (open === null) return;
    open.close();
    lines.release();
  }

  function leave(): void {
    if (question !== null) process.stderr.write('\n');
    endQuestion();
    wish({ kind: 'leave' });
  }

  function interrupt(): void {
    if (!terminal || asked) return leave();
    asked = true;
    lines.hold();
    // Not as a terminal: readline would take Ctrl-C for itself.
    question = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    question.question(`\n${words().command.hangUpAsk}`, (answer) => {
      endQuestion();
      wish({ kind: /^\s*y/i.test(answer) ? 'hangUp' : 'leave' });
    });
    question.once('close', () => void (question !== null && leave())); // Ctrl-D
  }

  process.on('SIGINT', interrupt);
  process.on('SIGTERM', leave);
  process.on('SIGHUP', leave);
  return {
    next: () =>
      new Promise((resolve) => {
        const made = wishes.shift();
        if (made === undefined) awaiting = resolve;
        else resolve(made);
      }),
    close() {
      if (question !== null) process.stderr.write('\n');
      endQuestion();
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', leave);
      process.off('SIGHUP', leave);
    },
  };
}
