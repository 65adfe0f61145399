import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../tools/engine/project-root.js';
import { generateContract } from '../../tools/generate-contract.js';

test.for(Object.entries(generateContract()))('%s is what `npm run generate` makes', ([path, text]) => {
  expect(readFileSync(join(projectRoot, path), 'utf8') === text, `run \`npm run generate\`: ${path} is older`).toBe(
    true,
  );
});
