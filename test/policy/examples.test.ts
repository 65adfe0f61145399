import { describe, expect, test } from 'vitest';
import { showMermaid } from '../../src/policy/show/show-mermaid.js';
import { showText } from '../../src/policy/show/show-text.js';
import { examples, messages, policyOf } from './policies.js';

describe.for(examples)('policies/$name', ({ name, text }) => {
  test('has no errors, and no warnings but the one that its comment explains', () => {
    const explained = name === 'follow-the-sun.yaml' ? ['goes round'] : [];
    const said = messages(text).map((message) => explained.find((words) => message.includes(words)) ?? message);
    expect(said).toEqual(explained);
  });

  test('is named as its file, so that a worker finds it', () => {
    expect(`${policyOf(text).name}.yaml`).toBe(name);
  });

  test('begins with the schema for editors and with an explanation', () => {
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/policy\.json\n#\n# [A-Z]/);
  });

  test('is shown in words and as a flow chart', async () => {
    const policy = policyOf(text);
    const drawing = `${showText(policy)}\n\n${showMermaid(policy)}\n`;
    await expect(drawing).toMatchFileSnapshot(`shown/${name.replace('.yaml', '.txt')}`);
  });
});
