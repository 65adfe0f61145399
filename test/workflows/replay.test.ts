import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { speakInBundle } from '../../src/words/words.js';
import { recordedHistories, replay, replayAll } from '../rig/histories.js';
import { quietRuntime } from '../rig/quiet-runtime.js';

const recorded = recordedHistories();

beforeAll(() => {
  quietRuntime();
});

describe('as they were recorded', () => {
  let refused: ReadonlyMap<string, string>;
  beforeAll(async () => {
    refused = await replayAll(recorded, { codePath: inject('workflowCodePath') });
  }, 300_000);

  test.for(recorded.map(({ file }) => file))('replays %s', (file) => {
    expect(refused.get(file)).toBeUndefined();
  });
});

test('replays all of them also where they are longer than a run grows today', { timeout: 300_000 }, async () => {
  const code = readFileSync(inject('workflowCodePath'), 'utf8');
  const bundle = { code: `globalThis.pigeonflowLongHistoryEvents = 20;\n${code}` };
  await expect(replayAll(recorded, bundle)).resolves.toEqual(new Map());
});

test('replays all of them also by a worker of another language and zone', { timeout: 300_000 }, async () => {
  const code = readFileSync(inject('workflowCodePath'), 'utf8');
  const bundle = { code: `${speakInBundle({ language: 'ja', timeZone: 'Asia/Tokyo' })} ${code}` };
  await expect(replayAll(recorded, bundle)).resolves.toEqual(new Map());
});

test.for([
  ['pigeonCall', 50],
  ['incident', 40],
  ['escalation', 20],
] as const)('a corpus of %s is there', ([type, least]) => {
  const ofType = recorded.filter(({ text }) => /"workflowType": \{\s*"name": "(\w+)"/.exec(text)?.[1] === type);
  expect(ofType.length).toBeGreaterThan(least);
});

test('a history that the workflow would not have made is refused', async () => {
  const first = recorded.find(({ file }) => file.includes('a-key-that-ends-the-run'));
  const text = first?.text.replaceAll('"invoke"', '"somethingElse"') ?? '';
  await expect(replay({ text }, { codePath: inject('workflowCodePath') })).rejects.toThrow(
    /nondeterminism|Nondeterminism/,
  );
});
