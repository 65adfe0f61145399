import { describe, expect, test } from 'vitest';
import { entryOf } from '../../tools/release/changelog.js';
import { checksumsOf, notesOf, type ReleaseSource, whyNot } from '../../tools/release/release.js';

const CHANGELOG = `# Changelog

## [Unreleased]

## [0.2.0] - 2027-01-15

### Added

- Something new.

## [0.1.0] - 2026-11-30

- The first.
`;
const RIGHT: ReleaseSource = { version: '0.2.0', lockedVersion: '0.2.0', changelog: CHANGELOG, uncommitted: '' };

test('a version with an entry, from a clean tree, can be released', () => {
  expect(whyNot(RIGHT)).toEqual([]);
});

test.for<[string, Partial<ReleaseSource>, RegExp]>([
  [
    'a tree with changes',
    { uncommitted: ' M src/cli.ts\n?? note.txt\n' },
    /^What is not committed: src\/cli\.ts and 1 more\. Commit/,
  ],
  ['a version without an entry', { version: '0.3.0', lockedVersion: '0.3.0' }, /no entry "## \[0\.3\.0\] - <date>"/],
  ['an entry without a date', { changelog: CHANGELOG.replace('[0.2.0] - 2027-01-15', '[0.2.0]') }, /no entry/],
  ['an entry without a text', { changelog: '\n## [Unreleased]\n\n## [0.2.0] - 2027-01-15\n' }, /no entry/],
  ['another version in the lock file', { lockedVersion: '0.1.0' }, /package-lock\.json has the version 0\.1\.0/],
  [
    'changes that no version has',
    { changelog: CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n- Forgotten.\n') },
    /as \[Unreleased\]/,
  ],
])('%s is refused', ([, wrong, message]) => {
  expect(whyNot({ ...RIGHT, ...wrong })).toEqual([expect.stringMatching(message)]);
});

test('everything that is wrong is said at once', () => {
  expect(whyNot({ ...RIGHT, version: '9.9.9', uncommitted: '?? x\n' })).toHaveLength(3);
});

describe('the notes', () => {
  test('are the entry of the version alone, and how to check and install', () => {
    const notes = notesOf('pigeonflow', '0.2.0', CHANGELOG);
    expect(notes).toMatch(/^# pigeonflow 0\.2\.0 \(2027-01-15\)\n\n### Added\n\n- Something new\.\n\n## Install\n/);
    expect(notes).toContain('npm install ./pigeonflow-0.2.0.tgz');
    expect(notes).not.toContain('The first.');
  });

  test('of the last entry end with the file', () => {
    expect(entryOf(CHANGELOG, '0.1.0')).toEqual({ date: '2026-11-30', body: '- The first.' });
  });
});

test('checksums are as sha256sum reads them', () => {
  expect(checksumsOf({ 'a.tgz': 'abc', 'b.json': new Uint8Array() })).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.tgz\n' +
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.json\n',
  );
});
