import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The absolute path of a command, or null. */
export function findOnPath(command: string, environment: Environment): string | null {
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, command);
    if (folder !== '' && isExecutable(path)) return path;
  }
  return null;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
