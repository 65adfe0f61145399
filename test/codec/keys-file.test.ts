import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KeysFile, KeysFileUnusable } from '../../src/codec/index.js';
import { temporaryFolder } from '../tools/temporary-folder.js';
import { keysText } from './keys-of.js';

/** A file of keys, opened by somebody whose clock stands still unless told otherwise. */
async function opened(...ids: readonly string[]) {
  const path = join(temporaryFolder(), 'keys');
  writeFileSync(path, keysText(...ids));
  let now = 0;
  const events: string[] = [];
  const file = await KeysFile.open(
    path,
    { changed: ({ writing }) => events.push(`changed: ${writing.id}`), unusable: (why) => events.push(why) },
    () => now,
  );
  const writesWith = async () => (await file.current()).writing.id;
  return { path, file, events, writesWith, passes: (ms: number) => void (now += ms) };
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe('a file of keys that changes', () => {
  test('is read again within a second, and not looked at more often', async () => {
    const { path, writesWith, passes, events } = await opened('a');
    replace(path, keysText('b', 'a'));
    passes(999);
    expect(await writesWith()).toBe('a');
    passes(1);
    expect(await writesWith()).toBe('b');
    passes(1_000);
    expect(await writesWith()).toBe('b');
    expect(events).toEqual(['changed: b']);
  });

  test('is noticed when it is written in place with the size and the time that it had', async () => {
    const { path, writesWith, passes } = await opened('a');
    const { atime, mtime } = statSync(path);
    replace(path, keysText('b'));
    utimesSync(path, atime, mtime);
    passes(1_000);
    expect(await writesWith()).toBe('b');
  });

  test('is noticed when a link is turned to another file, as mounted secrets do it', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'one'), keysText('a'));
    writeFileSync(join(folder, 'two'), keysText('b'));
    symlinkSync('one', join(folder, 'keys'));
    const file = await KeysFile.open(join(folder, 'keys'));
    symlinkSync('two', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'keys'));
    expect((await file.latest()).writing.id).toBe('b');
  });

  test('is read at once for a key that is missing', async () => {
    const { path, file } = await opened('a');
    replace(path, keysText('a', 'b'));
    expect([...(await file.current()).reading.keys()]).toEqual(['a']);
    expect([...(await file.latest()).reading.keys()]).toEqual(['a', 'b']);
  });

  test('and is wrong then: the keys from before stay in use, and it is said once', async () => {
    const { path, writesWith, passes, events } = await opened('a');
    replace(path, 'b half-writ');
    for (let looks = 0; looks < 3; looks += 1) {
      passes(1_000);
      expect(await writesWith()).toBe('a');
    }
    rmSync(path);
    passes(1_000);
    expect(await writesWith()).toBe('a');
    replace(path, keysText('b', 'a'));
    passes(1_000);
    expect(await writesWith()).toBe('b');
    expect(events).toEqual([
      expect.stringContaining('line 1: its key is not the base64'),
      expect.stringContaining('cannot be read (ENOENT)'),
      'changed: b',
    ]);
  });
});

test.for([
  [
    'is not there',
    (path: string) => rmSync(path),
    /keys cannot be read \(ENOENT\): correct PIGEONFLOW_CODEC_KEYS_FILE/,
  ],
  ['is wrong', (path: string) => writeFileSync(path, 'x'), /keys, line 1: wanted a key id and a key/],
] as const)('a file of keys that %s cannot be opened', async ([, spoil, message]) => {
  const { path } = await opened('a');
  spoil(path);
  await expect(KeysFile.open(path)).rejects.toThrow(message);
  await expect(KeysFile.open(path)).rejects.toThrow(KeysFileUnusable);
});
