import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeProblem, reportProblem } from '../../src/policy-file/describe-problems.js';
import { readPolicy } from '../../src/policy-file/read-policy.js';
import { planOf } from '../../src/policy-file/show/level-plan.js';
import { showMermaid } from '../../src/policy-file/show/show-mermaid.js';
import { showText } from '../../src/policy-file/show/show-text.js';
import { broken, examples } from './policies.js';
import { policyFile } from './policy-file.arbitrary.js';

/** Reads it; whatever is found has a place in the text, and what is a policy can be shown. */
function readAndShow(text: string): 'answered' {
  const reading = readPolicy(text);
  const lines = text.split('\n');
  expect(reading.ok).toBe(!reading.problems.some(({ severity }) => severity === 'error'));
  for (const problem of reading.problems) {
    const { line, column, message } = reportProblem(problem, text);
    expect(message).not.toMatch(/undefined|\[object|NaN/);
    expect(lines[line - 1]).toBeDefined();
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    expect(describeProblem(problem, 'f', text).split('\n').length).toBeLessThanOrEqual(3);
  }
  if (!reading.ok) return 'answered';
  expect(showText(reading.policy)).not.toMatch(/undefined|NaN|Infinity/);
  expect(showMermaid(reading.policy)).not.toMatch(/undefined|NaN/);
  expect(planOf(reading.policy).levels).toHaveLength(Object.keys(reading.policy.steps).length);
  return 'answered';
}

const pieces = [
  'name: ',
  'steps:',
  'keys',
  ': ',
  '- ',
  '? ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '<<: ',
  '"',
  "'",
  '|',
  '>',
  '#',
  '@',
  '~',
  '\n',
  '\n  ',
  '\n    ',
  '\t',
  ',',
  '1',
  '0300000001',
  'x-y',
  '!!map ',
  '!t ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '{{a}}',
  '\r',
  '\0',
];

/** An example with a piece cut out, and with the piece put elsewhere. */
const cut = fc
  .tuple(fc.constantFrom(...[...examples, ...broken].map(({ text }) => text)), fc.nat(), fc.nat({ max: 60 }), fc.nat())
  .map(([text, from, length, to]) => {
    const start = from % text.length;
    const rest = text.slice(0, start) + text.slice(start + length);
    const target = to % (rest.length + 1);
    return { rest, moved: rest.slice(0, target) + text.slice(start, start + length) + rest.slice(target) };
  });

describe('whatever text comes, reading answers and never throws', () => {
  test.for([
    ['any characters', fc.string({ unit: 'binary', maxLength: 200 })],
    [
      'pieces of YAML in any order',
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
    ],
    ['any plain data', fc.jsonValue().map((value) => stringify(value))],
    ['policies, right and wrong', policyFile.map((file) => stringify(file))],
    ['an example with a piece cut out', cut.map(({ rest }) => rest)],
    ['an example with a piece elsewhere', cut.map(({ moved }) => moved)],
  ] as const)('%s', ([, text]) => {
    fc.assert(
      fc.property(text, (text) => {
        expect(readAndShow(text)).toBe('answered');
      }),
      { numRuns: 400 },
    );
  });

  test.for([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(50_000)],
    ['lists in lists on one line', '- '.repeat(100_000)],
    ['complex keys', '? '.repeat(50_000)],
    ['steps to the right', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['a file of a megabyte', 'a'.repeat(1_000_000)],
    ['an alias of itself', 'steps: &a { primary: *a }'],
    [
      'aliases of aliases',
      ['a: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n'),
    ],
  ] as const)('%s without end', ([, text]) => {
    expect(readAndShow(text)).toBe('answered');
    expect(readPolicy(text).ok).toBe(false);
  });
});
