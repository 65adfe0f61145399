import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeProblem, reportProblem } from '../../src/yaml-file/describe-problems.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { planOf } from '../../src/policy/show/level-plan.js';
import { showMermaid } from '../../src/policy/show/show-mermaid.js';
import { showText } from '../../src/policy/show/show-text.js';
import { broken, examples, oneStep } from './policies.js';
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

const RIGHT = oneStep(
  '{ call: &c { contacts: [tanaka, yamada], say: "{{server}}、1" }, keys: &k { 1: acknowledge } }\n',
);

/** So many steps, each followed by the next. */
function circleOf(count: number): string {
  const steps = Array.from(
    { length: count },
    (_, step) => `  s${step}: { call: *call, keys: *keys, otherwise: { escalate: s${(step + 1) % count} } }\n`,
  );
  return `name: circle
x-call: &call { contacts: [tanaka], say: "1" }
x-keys: &keys { 1: acknowledge }
contacts: { tanaka: { phone: "0300000001" } }
budget: { calls: 50, within: 1d }
start: s0
steps:
${steps.join('')}`;
}

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
    ['a key again and again', 'a: 1\n'.repeat(50_000)],
    ['unknown aliases', `a: [${Array.from({ length: 25_000 }, (_, i) => `*b${i}`).join()}]`],
    ['one alias', `x-a: &a 1\nx-b: [${'*a,'.repeat(60_000)}]`],
    ['aliases of a long list', `x-a: &a [${'x,'.repeat(1_000)}]\nx-b: [${'*a,'.repeat(5_000)}]`],
    ['steps in a circle', circleOf(3_500).replace('contacts: [tanaka]', 'contacts: [nobody]')],
    [
      'aliases of aliases',
      ['a: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n'),
    ],
  ] as const)('%s without end', ([, text]) => {
    expect(readAndShow(text)).toBe('answered');
    expect(readPolicy(text).ok).toBe(false);
  });

  test('a circle of thousands of steps is one warning, of one line', () => {
    const { ok, problems } = readPolicy(circleOf(1_500));
    expect(ok).toBe(true);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^s0 → s1 → s2 → s3 → … → s1498 → s1499 → s0 goes round .{1,200}$/),
    ]);
  });

  test('more than a hundred warnings leave a policy right, and say that there are more', () => {
    const nobody = Array.from({ length: 150 }, (_, i) => `  c${i}: { phone: "03000${String(i).padStart(5, '0')}" }\n`);
    const { ok, problems } = readPolicy(RIGHT.replace('contacts:\n', `contacts:\n${nobody.join('')}`));
    expect(ok).toBe(true);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toMatch(/^there are more than 100 problems/);
  });

  test('an error is an error behind a hundred warnings as well', () => {
    const nobody = Array.from({ length: 150 }, (_, i) => `  c${i}: { phone: "03000${String(i).padStart(5, '0')}" }\n`);
    const twice = [
      ...nobody,
      '  c150: { phone: "0300000150", name: same }\n',
      '  c151: { phone: "0300000151", name: same }\n',
    ];
    expect(readPolicy(RIGHT.replace('contacts:\n', `contacts:\n${twice.join('')}`)).ok).toBe(false);
  });
});

describe('a place in the file', () => {
  test.for([
    ['with a mark of the byte order', (text: string) => `\uFEFF${text}`],
    ['with lines that end as in Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ] as const)('is the same %s', ([, change]) => {
    for (const wrong of [RIGHT.replace('name: web', 'nam: web'), RIGHT.replace('start: primary', 'start: first')]) {
      const places = (text: string) => readPolicy(text).problems.map((problem) => reportProblem(problem, text));
      expect(places(change(wrong))).toEqual(places(wrong));
      const shown = (text: string) => readPolicy(text).problems.map((problem) => describeProblem(problem, 'f', text));
      expect(shown(change(wrong))).toEqual(shown(wrong));
    }
  });

  test('has a message of one line, whatever a name has in it', () => {
    const { problems } = readPolicy(RIGHT.replace('tanaka:', '"a\\nb":').replace('phone: "0300000001"', 'phone: 1'));
    expect(problems.map(({ code }) => code)).toContain('number-without-quotes');
    for (const { message } of problems) expect(message).not.toContain('\n');
  });

  test('is shown without what a terminal would obey', () => {
    const text = RIGHT.replace('start: primary', 'start: first # \u001B[2J');
    const shown = readPolicy(text).problems.map((problem) => describeProblem(problem, 'f', text));
    expect(shown.join('\n')).toContain('start: first #  [2J');
  });
});
