import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterEach, beforeEach, vi } from 'vitest';
import { exitCodeOf } from '../../src/cli/failure.js';

/** Plays a command in this process: what it prints and how it ends; and a folder for its files. Both are a test's own. */
export function useCommand(command: () => Command) {
  const printed: string[] = [];
  const complained: string[] = [];
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'command-'));
    vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
    vi.spyOn(console, 'error').mockImplementation((text: string) => void complained.push(text));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.restoreAllMocks();
  });
  return {
    get folder() {
      return folder;
    },
    written: (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    run: async (...args: readonly string[]) => {
      printed.length = complained.length = 0;
      process.exitCode = undefined;
      try {
        await command().parseAsync([...args], { from: 'user' });
      } catch (error) {
        // As the command itself does.
        return { output: printed.join('\n'), complaint: (error as Error).message, code: exitCodeOf(error) };
      }
      const code = process.exitCode ?? 0;
      process.exitCode = undefined;
      return { output: printed.join('\n'), complaint: complained.join('\n'), code };
    },
  };
}
