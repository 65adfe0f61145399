import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PigeonCredentialMissing, PigeonNotSent } from '../../src/pigeon/errors.js';
import { tokenFrom } from '../../src/pigeon/token.js';

async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pigeon-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'token');
  await writeFile(file, content);
  return file;
}

test('a plain value is trimmed', async () => {
  await expect(tokenFrom({ value: ' abc\n' })()).resolves.toBe('abc');
});

test('a file is read again at each call', async () => {
  const file = await fileWith('first\n');
  const token = tokenFrom({ file });
  await expect(token()).resolves.toBe('first');
  await writeFile(file, 'second');
  await expect(token()).resolves.toBe('second');
});

test('an empty value, an empty file and a missing file are named, and count as not sent', async () => {
  const empty = await fileWith(' \n');
  for (const [source, file] of [
    [{ value: ' ' }, null],
    [{ file: empty }, empty],
    [{ file: '/nonexistent/token' }, '/nonexistent/token'],
  ] as const) {
    const error: unknown = await tokenFrom(source)().catch((reason: unknown) => reason);
    if (!(error instanceof PigeonCredentialMissing)) throw new Error('expected PigeonCredentialMissing');
    expect(error).toBeInstanceOf(PigeonNotSent);
    expect(error.file).toBe(file);
    expect(error.message).toContain(file ?? 'configuration');
  }
});
