import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundlePath } from '../../src/worker/workflow-bundle.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { runTool } from '../../tools/engine/run-tool.js';

/** What worker processes run. */
export const COMMAND = join(projectRoot, 'dist/src/cli.js');

/** The last file that a build writes. */
export const BUNDLE = join(projectRoot, 'dist/src/worker', basename(bundlePath()));
const SOURCES = ['src', 'tools', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * Makes the build that worker processes run, unless there is one that is newer than every source.
 *
 * @returns why there is none; tests that start no process do not need it.
 */
export async function buildWhenStale(): Promise<string | null> {
  const changedAt = Math.max(...SOURCES.flatMap(filesIn).map((file) => statSync(file).mtimeMs));
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs > changedAt) return null;
  try {
    await runTool('npm', ['run', 'build'], { cwd: projectRoot });
    return null;
  } catch (error) {
    return String(error);
  }
}

function filesIn(path: string): readonly string[] {
  const full = join(projectRoot, path);
  if (!statSync(full).isDirectory()) return [full];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
