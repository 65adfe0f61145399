import type { Progress } from '../../tools/engine/progress.js';

/** Keeps what a person would have read. */
export function recordedProgress(): Progress & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    lines,
    say: (line) => void lines.push(line),
    during: (label, work) => {
      lines.push(label);
      return work();
    },
  };
}
