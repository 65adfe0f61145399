import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { peopleCommand } from '../../src/cli/people.js';
import { readPeople } from '../../src/people/read-people.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const example = readFileSync(join(projectRoot, 'policies/people/people.yaml'), 'utf8');
const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/people.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);
const said = (text: string) => readPeople(text).problems.map(({ severity, message }) => `${severity}: ${message}`);

describe('a file of people', () => {
  test('the example has no problem, and its published schema accepts it', () => {
    expect(said(example)).toEqual([]);
    expect(validate(parse(example))).toBe(true);
  });

  test('the numbers are kept in their order, as they are dialled; without a name the handle is it', () => {
    const reading = readPeople('people: { tanaka: { phones: ["+81-300-000-001", "0300000002"] } }');
    expect(reading.ok && reading.people.get('tanaka')).toEqual({
      name: 'tanaka',
      phones: ['+81300000001', '0300000002'],
    });
  });

  test.for([
    ['a number without quotes', 'people: { a: { phones: [0300000007] } }', /must be in quotes: phones: \["…"\]/],
    [
      'a number that cannot be dialled',
      'people: { a: { phones: ["030000"] } }',
      /cannot be dialled: this kind of number has 10/,
    ],
    ['an emergency number', 'people: { a: { phones: ["119"] } }', /emergency numbers are never called/],
    ['no number', 'people: { a: { phones: [] } }', /has no number/],
    ['one number instead of a list', 'people: { a: { phones: "0300000007" } }', /is a list of numbers in quotes/],
    ['`phone`, as in a policy', 'people: { a: { phone: "0300000007" } }', /it is a list, `phones`/],
    [
      'a key that is not known',
      'people: { a: { phones: ["0300000007"], mial: a@example.com } }',
      /did you mean "mail"\?/,
    ],
    [
      'two people of one name',
      'people: { a: { name: 田中, phones: ["0300000007"] }, b: { name: 田中, phones: ["0300000002"] } }',
      /"a" has the name 田中 too/,
    ],
    ['a handle twice', 'people:\n  a: { phones: ["0300000007"] }\n  a: { phones: ["0300000002"] }', /"a"/],
    [
      'one number twice for a person',
      'people: { a: { phones: ["0300000007", "+81300000007"] } }',
      /has this number twice/,
    ],
    ['a time zone that is none', 'timeZone: JST\npeople: { a: { phones: ["0300000007"] } }', /is no time zone/],
    [
      'quiet hours without a time zone',
      'people: { a: { phones: ["0300000007"], quiet: { from: "23:00", to: "06:00" } } }',
      /need a time zone/,
    ],
    [
      'quiet hours that never end',
      'timeZone: Asia/Tokyo\npeople: { a: { phones: ["0300000007"], quiet: { from: "23:00", to: "23:00" } } }',
      /leaves no time between them/,
    ],
    ['a language that is not known', 'people: { a: { phones: ["0300000007"], language: fr } }', /write ja or en/],
  ] as const)('%s is an error', ([, text, message]) => {
    const problems = said(text);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(problems[0]).toMatch(/^error/);
    expect(problems.join()).not.toMatch(/300000007/);
  });

  test('one number of two people is a warning: they may share a telephone', () => {
    const text = 'people: { a: { phones: ["0300000001"] }, b: { phones: ["+81300000001"] } }';
    expect(said(text)).toEqual([expect.stringMatching(/^warning: "a" has the same number/)]);
    expect(readPeople(text).ok).toBe(true);
  });
});

describe('people check', () => {
  const printed: string[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'people-'));
    vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.restoreAllMocks();
    printed.length = 0;
    process.exitCode = undefined;
  });
  const check = async (text: string, ...flags: readonly string[]) => {
    writeFileSync(join(folder, 'people.yaml'), text);
    await peopleCommand().parseAsync(['check', join(folder, 'people.yaml'), ...flags], { from: 'user' });
    return { output: printed.join('\n'), code: process.exitCode ?? 0 };
  };

  test('ends with 0 where all is well, with 2 where something is wrong, and never prints a number', async () => {
    expect((await check(example)).code).toBe(0);
    const { output, code } = await check('people: { a: { phones: ["03000001"] } }');
    expect(code).toBe(2);
    expect(output).toContain('cannot be dialled');
    expect(output).not.toContain('03000001');
  });

  test('--json lists who is in it', async () => {
    const { output } = await check(example, '--json');
    expect(JSON.parse(output)).toMatchObject({
      errors: 0,
      files: [{ ok: true, people: ['tanaka', 'yamada', 'sato', 'ito', 'kato', 'abe', 'suzuki'] }],
    });
  });
});
