import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExitCode } from '../../src/cli/exit-code.js';
import { typed } from '../rig/typed-command.js';

const CODES: readonly (number | null)[] = Object.values(ExitCode);
/** Those that end by themselves. */
const COMMANDS = `
  call; call status; call wait; call hang-up; doctor; incident open; incident list; incident show; incident ack;
  incident resolve; incident escalate; incident snooze; policy check; policy show; policy simulate; route check; route test;
  schedule check; schedule show; schedule who; schedule next; schedule diff`
  .split(';')
  .map((path) => path.trim().split(' '));
const word = fc.oneof(
  fc.constantFrom(
    '--json',
    '--id',
    '--deadline',
    '--wait-time',
    '--parameter',
    '--policy',
    '--by',
    '--for',
    '--summary',
  ),
  fc.constantFrom('--callflow', '--guidance', '--severity', '--', '-', '--no-such', '--help=1', '-x', '/', '/dev/null'),
  fc.constantFrom(
    '',
    '9e9h',
    'a=b',
    '=',
    '１',
    'policies/two-levels.yaml',
    '{}',
    '🙂',
    '../..',
    'incident/x-000000000000',
  ),
  fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
);
const line = fc.tuple(fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 5 }));

test('whatever is typed, the command ends with an exit code of the table, and says why in words', async () => {
  const lines = fc.sample(line, { numRuns: 60, seed: 20_261_123 });
  const variables = {
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    PIGEON_BASE_URL: 'http://127.0.0.1:1',
    PIGEON_API_TOKEN: 'token',
  };
  const unsound: object[] = [];
  for (const args of lines.map((words) => words.flat())) {
    const { code, stdout, stderr } = await typed(args, variables);
    const said = stdout + stderr;
    const isSound = code !== ExitCode.internal && CODES.includes(code) && said.length > 10 && !/^ {4}at /m.test(said);
    if (!isSound) unsound.push({ args, code, said });
  }
  expect(unsound).toEqual([]);
});
