import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { policyCommand } from '../../src/cli/policy.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { useCommand } from '../rig/command-in-process.js';
import { oneStep } from './policies.js';

const command = useCommand(policyCommand);
const { written, run: policy } = command;

const RIGHT = oneStep('{ call: { contacts: [tanaka, yamada], say: "{{server}}、1" }, keys: { 1: acknowledge } }');
const WRONG = RIGHT.replace('start: primary', 'start: first');
const WARNED = RIGHT.replace('keys: { 1: acknowledge }', 'keys: { 1: acknowledge, 2: resolve }');
const example = (name: string) => join(projectRoot, 'policies', name);

describe('policy check', () => {
  test('all is well: one line, code 0', async () => {
    const file = written('right.yaml', `${RIGHT}\nworse: call\n`);
    expect(await policy('check', file)).toEqual({ output: `${file}: ok`, complaint: '', code: 0 });
  });

  test('a file from before `worse` is told what it means now', async () => {
    const { complaint, code } = await policy('check', written('right.yaml', RIGHT));
    expect(complaint).toContain('does not say `worse`');
    expect(code).toBe(0);
  });

  test('errors end with 2, each with its place, its line and a caret', async () => {
    const file = written('wrong.yaml', WRONG);
    const { output, code } = await policy('check', file);
    expect(code).toBe(2);
    expect(output).toBe(
      [
        `${file}:8:8: error: there is no step "first"; the steps are primary`,
        '   8 | start: first',
        '     |        ^^^^^\n',
        `${file}: 1 error`,
      ].join('\n'),
    );
  });

  test('warnings end with 0', async () => {
    const { output, code } = await policy('check', written('warned.yaml', WARNED));
    expect(code).toBe(0);
    expect(output).toMatch(/: warning: the text does not mention key 2/);
    expect(output).toMatch(/: 1 warning$/);
  });

  test('several files are counted together; a folder and a missing file are errors', async () => {
    const { output, code } = await policy(
      'check',
      written('a.yaml', WRONG),
      command.folder,
      join(command.folder, 'nothing.yaml'),
    );
    expect(code).toBe(2);
    expect(output).toContain(`${command.folder}: error: this is a folder; name the files`);
    expect(output).toContain('nothing.yaml: error: there is no such file');
    expect(output).toMatch(/3 files: 3 errors$/);
  });

  test('two files with one name are an error: incidents ask for a policy by its name', async () => {
    const { output, code } = await policy('check', written('a.yaml', RIGHT), written('b.yaml', RIGHT));
    expect(code).toBe(2);
    expect(output).toContain('b.yaml: error: the policy is named "web" as the one in');
  });

  test('one file under two paths is no second policy of its name', async () => {
    const file = written('right.yaml', RIGHT);
    expect(
      (await policy('check', file, join(command.folder, '.', '..', basename(command.folder), 'right.yaml'))).code,
    ).toBe(0);
  });

  test('a file that is not in UTF-8 is an error: its texts would be read as garbage', async () => {
    const file = join(command.folder, 'sjis.yaml');
    writeFileSync(file, Buffer.from(RIGHT.replace('田中', '\u0093c\u0092\u0086'), 'latin1'));
    const { output, code } = await policy('check', file);
    expect(code).toBe(2);
    expect(output).toContain('save it as UTF-8');
  });

  test('--json has the same for programs', async () => {
    const file = written('wrong.yaml', WRONG);
    const { output, code } = await policy('check', file, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(output)).toEqual({
      errors: 1,
      warnings: 0,
      files: [
        {
          file,
          ok: false,
          problems: [
            {
              severity: 'error',
              code: 'unknown-step',
              message: 'there is no step "first"; the steps are primary',
              path: 'start',
              line: 8,
              column: 8,
              endLine: 8,
              endColumn: 13,
            },
          ],
        },
      ],
    });
  });

  test('a caret stands under its place behind Japanese text, which is twice as wide', async () => {
    const { output } = await policy('check', written('wide.yaml', RIGHT.replace('phone: "0300000001"', 'tel: "x"')));
    const [, line = '', caret = ''] = output.split('\n');
    expect(line).toBe('   4 |   tanaka: { name: 田中, tel: "x" }');
    expect(caret).toBe(`     | ${' '.repeat(24)}^^^`);
  });
});

describe('policy show', () => {
  test('in words, as a flow chart, as JSON', async () => {
    expect((await policy('show', example('two-levels.yaml'))).output).toContain('called at the latest');
    expect((await policy('show', example('two-levels.yaml'), '--mermaid')).output).toMatch(/^flowchart TD\n/);
    const shown = JSON.parse((await policy('show', example('two-levels.yaml'), '--json')).output) as object;
    expect(shown).toMatchObject({ policy: { version: 1, name: 'two-levels' }, plan: { callsAtMost: { value: 17 } } });
  });

  test('a policy with errors is not shown', async () => {
    const { output, complaint, code } = await policy('show', written('wrong.yaml', WRONG));
    expect({ output, code }).toEqual({ output: '', code: 2 });
    expect(complaint).toContain('there is no step "first"');
  });
});

describe('policy simulate', () => {
  const play = (script: string, ...flags: readonly string[]) =>
    policy(
      'simulate',
      example(`${script.split('.')[0] ?? ''}.yaml`),
      '--script',
      example(`scripts/${script}`),
      ...flags,
    );

  test('for people', async () => {
    const { output, code } = await play('snooze.by-key.yaml');
    expect(code).toBe(0);
    expect(output).toMatch(/^time +step +who +what\n/);
  });

  test('a script that is a folder, or is not there, is said to be so', async () => {
    const { complaint, code } = await policy('simulate', example('one-person.yaml'), '--script', command.folder);
    expect(code).toBe(2);
    expect(complaint).toContain(`${command.folder}: error: this is a folder`);
    const missing = await policy('simulate', example('one-person.yaml'), '--script', join(command.folder, 'none.yaml'));
    expect(missing.complaint).toContain('none.yaml: error: there is no such file');
  });

  test('--json has the same for programs', async () => {
    const { output, code } = await play('snooze.by-key.yaml', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      calls: [{ at: 0, who: '田中', end: 'pressed 4' }, { who: '田中' }],
      end: { kind: 'closed', state: 'resolved', placedCalls: 2 },
    });
  });

  test.for([
    ['calls: { 田仲: silence }', /script\.yaml:1:10: error: the policy never calls "田仲"; did you mean "田中"/],
    ['calls: { "0900000009": 1 }', /error: the policy never calls this number/],
    ['calls: { 田中: later }', /script\.yaml:1:14: error: the end of a call must be a key/],
    [
      'runs: { restart: fails }',
      /script\.yaml:1:9: error: no key of the policy starts the workflow "restart"; there are no/,
    ],
    ['operators: []', /error: .*operator/],
    ['calls: {', /error: the indentation is wrong here/],
    ['', /error: the file is empty/],
  ] as const)('a script that is wrong is refused with its place: %s', async ([text, says]) => {
    const { output, complaint, code } = await policy(
      'simulate',
      example('one-person.yaml'),
      '--script',
      written('script.yaml', text),
    );
    expect({ output, code }).toEqual({ output: '', code: 2 });
    expect(complaint).toMatch(says);
  });
});
