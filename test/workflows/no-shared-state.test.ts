import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MODULES = ['workflows', 'incident', 'contract', 'words'].flatMap((folder) =>
  readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
    .map((path) => join('src', folder, path)),
);

/** At the start of a line: of the module, not of a function. */
const KEPT =
  /^(export )?(let|var)\b.*|^(export )?const [^=]+= (new (Map|Set|WeakMap|WeakSet|Array)\b|\[\]|\{\}|\/.*\/\w*[gy]).*/m;

/** The modules of the bundle are loaded once for all workflows of a worker: what one of them kept, all others would see. */
test('modules of the workflows keep nothing', () => {
  expect(MODULES.length).toBeGreaterThan(50);
  const keeping = MODULES.map((path) => [path, KEPT.exec(readFileSync(path, 'utf8'))?.[0]]);
  expect(keeping.filter(([, kept]) => kept !== undefined)).toEqual([]);
});
