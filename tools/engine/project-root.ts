import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Sources that are not TypeScript stand only in the checkout: found from `tools/` and from `dist/tools/` alike. */
export const projectRoot = findProjectRoot(dirname(fileURLToPath(import.meta.url)));

function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'tools'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json with a tools folder above ${from}`);
  }
}
