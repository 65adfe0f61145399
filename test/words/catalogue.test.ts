import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ja } from '../../src/words/ja.js';
import { en } from '../../src/words/words.js';

type Text = string | ((...values: readonly unknown[]) => string);
/** `group.name`, and in a table `group.name.key`. */
type Entry = readonly [path: string, english: Text, japanese: Text];

const ENTRIES: readonly Entry[] = Object.entries(en).flatMap(([group, texts]) =>
  entriesOf(group, texts, ja[group as keyof typeof ja]),
);

function entriesOf(path: string, english: object, japanese: object): readonly Entry[] {
  return Object.entries(english).flatMap(([name, text]: [string, Text | object]) => {
    const other = (japanese as Record<string, Text | object>)[name];
    const at = `${path}.${name}`;
    return typeof text === 'object' ? entriesOf(at, text, other as object) : [[at, text, other as Text] as const];
  });
}

/** Each value can be a name, and is a duration. */
const sample = (index: number, change = 0): string => `${index + 2 + 10 * change}m`;

function said(text: Text, values: (index: number) => unknown = sample): string {
  return typeof text === 'string' ? text : text(...Array.from({ length: text.length }, (_, index) => values(index)));
}

const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
/** What only puts values side by side. */
const SIGNS_ALONE = /^[^\p{L}]*$/u;

test('each Japanese text is Japanese', () => {
  expect(ENTRIES.length).toBeGreaterThan(400);
  const others = ENTRIES.filter(([, , japanese]) => {
    const fixed = said(japanese, () => '1').replaceAll('1', '');
    return !SIGNS_ALONE.test(fixed) && !JAPANESE.test(fixed);
  });
  expect(others.map(([path]) => path)).toEqual([]);
});

test('each Japanese text has every value that the English has', () => {
  const missing = ENTRIES.flatMap(([path, english, japanese]) =>
    Array.from({ length: typeof english === 'string' ? 0 : english.length }, (_, changed) => {
      const other = (index: number) => sample(index, index === changed ? 1 : 0);
      const has = (text: Text) => said(text) !== said(text, other);
      return has(english) === has(japanese) ? [] : [`${path}, value ${changed}`];
    }).flat(),
  );
  expect(missing).toEqual([]);
});

test('names have さん in sentences, but for titles, teams and nobody', () => {
  const owner = (by: string) => ja.general.owner(by, null, null);
  expect(['佐藤', 'sato', '鈴木部長', 'DB担当', '佐藤さん', 'external'].map(owner)).toEqual([
    '佐藤さん',
    'satoさん',
    '鈴木部長',
    'DB担当',
    '佐藤さん',
    '名前のない操作',
  ]);
  expect(ja.general.ownerInTable('佐藤', '1', 'primary')).toBe('佐藤（「primary」で 1 を押下）');
  expect(ja.timeline.keyLate(null, '1', 'primary')).toMatch(/^誰かが/);
});

test('each text is used', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/^words.(en|ja)\.ts$/.test(path))
    .map((path) => readFileSync(join('src', path), 'utf8'))
    .join('\n');
  const uses = new Set([...source.matchAll(/(?<=\b([a-z]\w*)\.)([a-z]\w*)/gi)].map(([, of, name]) => `${of}.${name}`));
  const taken = [...source.matchAll(/\{([^{}]*)\} = (?:words\(\)|said)\.(\w+)\b/g)].flatMap(([, names = '', group]) =>
    names.split(',').map((name) => `${group}.${name.trim()}`),
  );
  const words = new Set(source.match(/\w+/g));
  const isUsed = ([group, name = '', key]: readonly string[]): boolean =>
    key === undefined
      ? [`${group}.${name}`, `said.${name}`].some((use) => uses.has(use)) ||
        taken.includes(`${group}.${name}`) ||
        BY_NAME.has(`${group}.${name}`)
      : words.has(name) && words.has(key);
  expect(ENTRIES.map(([path]) => path).filter((path) => !isUsed(path.split('.')))).toEqual([]);
});

/** Looked up by what has happened: `words().command[reported]`. */
const BY_NAME = new Set([
  ...[
    'opened',
    'known',
    'changed',
    'callOverBefore',
    'callHungUp',
    'callEndedByItself',
    'callUnserved',
    'callPending',
  ].map((name) => `command.${name}`),
  ...['resumed', 'asked', 'notPaused'].map((name) => `pause.${name}`),
]);
