/** Part of `npm run build`: puts the files that the emulator's page is made of beside the compiled server. */
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = 'src/emulator/page/assets/';
// From `dist/tools`, where this runs.
const from = fileURLToPath(new URL(`../../${FOLDER}`, import.meta.url));
const to = fileURLToPath(new URL(`../${FOLDER}`, import.meta.url));

await rm(to, { recursive: true, force: true });
await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('tsconfig.json') });
