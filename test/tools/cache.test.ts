import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { builtOnce, cacheKey } from '../../tools/engine/cache.js';
import { isAtLeast } from '../../tools/engine/go-build.js';
import { temporaryFolder } from './temporary-folder.js';

test('the key changes with the content, the name and the circumstances of its sources, and with nothing else', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'a.go'), 'one');
  writeFileSync(join(folder, 'inner/b.go'), 'two');
  const key = await cacheKey(folder, ['go1.26']);
  expect(await cacheKey(folder, ['go1.26'])).toBe(key);
  expect(await cacheKey(folder, ['go1.27'])).not.toBe(key);
  writeFileSync(join(folder, 'inner/b.go'), 'three');
  const changed = await cacheKey(folder, ['go1.26']);
  expect(changed).not.toBe(key);
  writeFileSync(join(folder, 'c.go'), '');
  expect(await cacheKey(folder, ['go1.26'])).not.toBe(changed);
});

test('two builds at the same time do the work once', async () => {
  const target = join(temporaryFolder(), 'built/here');
  let builds = 0;
  const build = async (folder: string) => {
    builds += 1;
    await delay(50);
    writeFileSync(join(folder, 'result'), 'whole');
  };
  await Promise.all([builtOnce(target, build), builtOnce(target, build), builtOnce(target, build)]);
  expect(builds).toBe(1);
  expect(readFileSync(join(target, 'result'), 'utf8')).toBe('whole');
});

test('a failed build leaves nothing behind and can be repeated', async () => {
  const parent = temporaryFolder();
  const target = join(parent, 'here');
  await expect(builtOnce(target, () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler');
  expect(readdirSync(parent)).toEqual([]);
  await builtOnce(target, () => Promise.resolve());
  expect(existsSync(target)).toBe(true);
});

test.each([
  ['1.26.8', '1.26.8', true],
  ['1.27', '1.26.8', true],
  ['1.26.10', '1.26.8', true],
  ['1.26.7', '1.26.8', false],
  ['1.26', '1.26.8', false],
  ['1.26.8 X:nocoverageredesign', '1.26.8', true],
])('Go %s is enough for %s: %s', (version, wanted, enough) => {
  expect(isAtLeast(version, wanted)).toBe(enough);
});
