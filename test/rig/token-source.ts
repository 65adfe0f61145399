import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, type Lifetime } from './rig.js';

/** A file that holds a token, in a folder that goes away with the test. */
export async function tokenFile(content: string, lifetime: Lifetime) {
  const path = join(await temporaryFolder(lifetime), 'token');
  await writeFile(path, content);
  return { path, replace: (next: string) => replaceFile(path, next) };
}

/** A named pipe in place of the file: anyone who reads the token waits until somebody hands it over. */
export async function tokenPipe(lifetime: Lifetime) {
  const path = join(await temporaryFolder(lifetime), 'token');
  await promisify(execFile)('mkfifo', [path]);
  return {
    path,
    /** Resolves when somebody waits for the token, with the way to hand it over; later readers find a file that holds it. */
    async awaited(): Promise<(token: string) => Promise<void>> {
      // To open it for writing without waiting fails as long as nobody reads.
      const pipe = await eventually(
        () => open(path, constants.O_WRONLY | constants.O_NONBLOCK),
        'the token is asked for',
      );
      return async (token) => {
        await replaceFile(path, token);
        await pipe.writeFile(token);
        await pipe.close();
      };
    },
  };
}

async function temporaryFolder({ onTestFinished }: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** As mounted secrets do it: nobody reads half of it. */
async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}
