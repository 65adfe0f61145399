import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/failure.js';
import { IncidentFailed, IncidentStillClosing } from '../../src/client.js';
import { runCommand } from '../rig/command.js';
import { typed } from '../rig/typed-command.js';
import { fileWith } from './incident-files.js';

/** Nothing listens there: whatever is said here is said before anybody is asked. */
const NO_SERVER = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
const OPEN = ['incident', 'open'];
const ALERT = ['--policy', 'snooze', '--summary', '障害'];

describe('what was typed wrong is said at once, and is 2', () => {
  test.for<[readonly string[], string]>([
    [OPEN, 'Give --policy <name>, or --policy <file.yaml>.\nGive --summary <text>: what is wrong, in one line.'],
    [[...OPEN, '--policy', 'Snooze', '--summary', 'x'], '--policy: must be the name of a policy'],
    [[...OPEN, '--policy', './no-such.yaml', '--summary', 'x'], './no-such.yaml: error: there is no such file'],
    [[...OPEN, '--policy', 'snooze', '--summary', ''], '--summary: '],
    [[...OPEN, ...ALERT, '--until', 'dawn'], 'Allowed choices are resolved, acknowledged.'],
    [[...OPEN, ...ALERT, '--wait', 'long'], 'Allowed choices are owned, closed.'],
    [[...OPEN, ...ALERT, '--parameter', 'server'], 'It must be name=value.'],
    [[...OPEN, ...ALERT, '--source', 'x'.repeat(201)], '--source: '],
    [[...OPEN, '--input', '/no/file'], '--input /no/file cannot be read: ENOENT'],
    [['incident', 'list', '--state', 'open'], 'Allowed choices are triggered, blocked'],
    [['incident', 'list', '--limit', 'many'], '--limit: must be 1 or more'],
    [['incident', 'snooze', 'incident/a', '--for', 'a while'], 'It must be a duration such as 30s, 5m, 4h or 2d.'],
    [['incident', 'ack'], "missing required argument 'id'"],
    [['incident', 'close', 'incident/a'], "unknown command 'close'"],
  ])('%j', async ([args, text]) => {
    const ended = await typed(args, NO_SERVER);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) as string });
    expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test('a policy file with mistakes, which are shown where they stand', async (context) => {
    const file = await fileWith('wrong.yaml', 'name: wrong\nsteps: {}\n', context);
    const ended = await typed([...OPEN, '--policy', file, '--summary', 'x'], NO_SERVER);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(`${file}:2:.*error`) as string });
  });

  test('an input that is not JSON, or has a field that does not fit', async (context) => {
    const broken = { variables: NO_SERVER, lifetime: context, input: '{"policy": }' };
    expect(await runCommand([...OPEN, '--input', '-'], broken)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--input - is not JSON: /) as string,
    });
    const wrong = { ...broken, input: JSON.stringify({ policy: 'snooze', summary: 'x', labels: { a: 1 } }) };
    expect(await runCommand([...OPEN, '--input', '-'], wrong)).toMatchObject({
      code: 2,
      stderr: '--labels.a: must be string\n',
    });
  });
});

test('an incident that still hangs up is 11, and one that failed as none fails is 1', () => {
  expect(exitCodeOf(new IncidentStillClosing('incident/a'))).toBe(11);
  expect(exitCodeOf(new IncidentFailed('incident/a', 'why'))).toBe(1);
});

test.for([
  ['incident', '--help'],
  ['incident', 'open', '--help'],
  ['incident', 'ack', '--help'],
])('%j is 0', async (args) => {
  expect(await typed(args)).toMatchObject({ code: 0, stderr: '' });
});
