import { clockWithoutZone, timeZone } from '../words/clock.js';
import { stamp } from '../words/words.js';
import { printable } from './printable.js';

/** Progress goes to standard error, so that standard output carries the result alone. */
export interface ProgressLines {
  /** One line with the time, by default now. `loud` is for what somebody must correct. */
  readonly say: (text: string, tone?: 'plain' | 'loud', at?: Date) => void;
  /** Keeps lines back while a question is on the terminal. */
  readonly hold: () => void;
  readonly release: () => void;
}

/** On a terminal the time of day, and colour for what is loud; else plain lines with the time and its zone, for logs. */
export function openProgressLines(out: NodeJS.WriteStream, colour: 'colour' | 'plain'): ProgressLines {
  let held: string[] | null = null;
  return {
    say(given, tone = 'plain', at = new Date()) {
      const text = printable(given);
      const line = out.isTTY ? onTerminal(text, tone, colour, at) : `${stamp(at.getTime())} ${text}\n`;
      if (held === null) out.write(line);
      else held.push(line);
    },
    hold: () => void (held ??= []),
    release() {
      for (const line of held ?? []) out.write(line);
      held = null;
    },
  };
}

function onTerminal(text: string, tone: 'plain' | 'loud', colour: 'colour' | 'plain', at: Date): string {
  // Of the terminal, unless another zone is wanted.
  const time = timeZone() === 'UTC' ? at.toTimeString().slice(0, 8) : clockWithoutZone(at.getTime()).slice(11);
  const bold = tone === 'loud' && colour === 'colour';
  return bold ? `${time}  \u001B[1;31m${text}\u001B[0m\n` : `${time}  ${text}\n`;
}
