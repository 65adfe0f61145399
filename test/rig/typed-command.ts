import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/program.js';
import type { EndedCommand, Variables } from './command.js';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line in this process: for those that end before they ask anybody, such as wrong flags and `--help`, of which
 * a process each would be paid for starting Node. One after another, since a process has one environment and one output.
 */
export async function typed(args: readonly string[], variables: Variables = {}): Promise<EndedCommand> {
  const run = last.then(() => alone(args, variables));
  last = run.catch(() => undefined);
  return await run;
}

async function alone(args: readonly string[], variables: Variables): Promise<EndedCommand> {
  const kept = { environment: process.env, console: globalThis.console, exitCode: process.exitCode };
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  process.env = { PATH: kept.environment['PATH'], HOME: '/nonexistent', ...variables };
  globalThis.console = new Console(stdout.sink, stderr.sink);
  process.exitCode = undefined;
  try {
    await runCommandLine(['node', 'pigeonflow', ...args]);
    return { code: exitCode(), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.env = kept.environment;
    globalThis.console = kept.console;
    process.exitCode = kept.exitCode;
    stdout.restore();
    stderr.restore();
  }
}

const exitCode = (): number => Number(process.exitCode ?? 0);

/** What is written to a stream of this process, until it is restored. */
function captured(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream);
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  stream.write = (chunk: string | Uint8Array) => sink.write(chunk);
  return { sink, text: () => text, restore: () => void (stream.write = write) };
}
