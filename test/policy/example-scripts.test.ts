import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readScript } from '../../src/simulate/script.js';
import { simulate } from '../../src/simulate/simulate.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { examples, policyOf, scripts } from './policies.js';
import { scriptOf } from './script-of.js';
import { validateScript } from './published-schema.js';
import { storyOf } from './story.js';

const policyFile = (script: string): string => `${script.split('.')[0] ?? ''}.yaml`;

test('every example has a script', () => {
  const played = new Set(scripts.map(({ name }) => policyFile(name)));
  expect([...played].toSorted()).toEqual(examples.map(({ name }) => name));
});

test.for(scripts)('policies/scripts/$name goes as it says', ({ name, text }) => {
  const policy = policyOf(examples.find((example) => example.name === policyFile(name))?.text ?? '');
  const script = scriptOf(policy, text);
  const { 'x-expected': expected } = parse(text) as { 'x-expected': string };
  const lines = expected.trimEnd().split('\n');
  const story = storyOf(simulate(policy, script)).filter(({ always, text }) => always || lines.includes(text));
  expect(story.map(({ text }) => text)).toEqual(lines);
});

test.for(scripts)('the published schema accepts policies/scripts/$name', ({ text }) => {
  validateScript(parse(text));
  expect(validateScript.errors ?? []).toEqual([]);
});

describe('the reference', () => {
  const reference = readFileSync(join(projectRoot, 'docs/reference/policy-file.md'), 'utf8');
  const [, scriptsPart = '', examplesPart = ''] = /^## Scripts$([^]*)^## Examples$([^]*)/m.exec(reference) ?? [];
  const linked = [...examplesPart.matchAll(/\]\(\.\.\/\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);

  test('names every script in its table of examples', () => {
    const named = linked.flatMap((path) => /^policies\/scripts\/(.+)/.exec(path)?.[1] ?? []);
    expect([...new Set(named)].toSorted()).toEqual(scripts.map(({ name }) => name));
  });

  test.for(linked)('leads to %s', (path) => {
    expect(existsSync(join(projectRoot, path))).toBe(true);
  });

  test('shows a script that can be read', () => {
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(scriptsPart) ?? [];
    const { problems } = readScript(yaml, policyOf(examples[0]?.text ?? ''));
    // Nothing but that it is about another policy.
    expect([...new Set(problems.map(({ code }) => code))].toSorted()).toEqual(['no-workflow', 'nobody']);
  });
});
