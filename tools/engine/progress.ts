/** Tells a person who waits what is going on. */
export interface Progress {
  readonly say: (line: string) => void;
  /** Shows `label` with the seconds that have passed until `work` ends. */
  readonly during: <T>(label: string, work: () => Promise<T>) => Promise<T>;
}

export const silentProgress: Progress = { say: () => undefined, during: (_label, work) => work() };

/** A log needs a sign of life now and then; a terminal shows a running clock. */
const SIGN_OF_LIFE_MS = { terminal: 1_000, piped: 10_000 } as const;

/** Progress on standard error: standard output belongs to results. */
export function progressOn(stream: NodeJS.WriteStream = process.stderr): Progress {
  const terminal = stream.isTTY;
  const say = (line: string) => void stream.write(terminal ? `\r\x1b[K${line}\n` : `${line}\n`);
  return {
    say,
    during: async (label, work) => {
      const began = Date.now();
      const seconds = () => `${Math.round((Date.now() - began) / 1_000)} s`;
      const show = (line: string) => void stream.write(terminal ? `\r\x1b[K${line}` : `${line}\n`);
      show(`${label} …`);
      const timer = setInterval(
        () => show(`${label} … ${seconds()}`),
        terminal ? SIGN_OF_LIFE_MS.terminal : SIGN_OF_LIFE_MS.piped,
      );
      try {
        const result = await work();
        say(`${label}: done after ${seconds()}`);
        return result;
      } catch (error) {
        say(`${label}: failed after ${seconds()}`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
