import { startChild, type ChildOptions } from './child-process.js';

/** A build tool ended with an error; the message ends with the tool's own last lines. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';

  constructor(
    readonly command: string,
    readonly output: string,
  ) {
    super(`${command} failed:\n${output}`);
  }
}

/** Runs a command to its end and returns its standard output. */
export async function runTool(command: string, argv: readonly string[], options: ChildOptions = {}): Promise<string> {
  const stdout: string[] = [];
  const child = await startChild(command, argv, {
    ...options,
    onLine: (line, stream) => {
      if (stream === 'stdout') stdout.push(line);
      options.onLine?.(line, stream);
    },
  });
  const { code, signal } = await child.ended;
  if (code !== 0) {
    const ending = signal ?? `exit code ${code}`;
    throw new ToolFailed([command, ...argv].join(' '), child.tail() || `no output, ${ending}`);
  }
  return stdout.join('\n');
}
