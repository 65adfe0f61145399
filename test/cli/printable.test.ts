import { expect, test } from 'vitest';
import { printable } from '../../src/cli/printable.js';

test.for([
  ['a colour', '\u001B[31mred\u001B[0m', '\uFFFD[31mred\uFFFD[0m'],
  ['the title of the window', '\u001B]0;x\u0007', '\uFFFD]0;x\uFFFD'],
  ['a control character of eight bits', '\u009B2J', '\uFFFD2J'],
  ['a line that is written over', 'BLOCKED\rresolved', 'BLOCKED\uFFFDresolved'],
  ['a direction', 'a\u202Eb', 'a\uFFFDb'],
  ['nothing', '障害 🚨\n\tdisk', '障害 🚨\n\tdisk'],
] as const)('a terminal obeys %s of nobody', ([, text, shown]) => {
  expect(printable(text)).toBe(shown);
});
