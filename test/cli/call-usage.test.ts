import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../rig/command.js';
import { typed } from '../rig/typed-command.js';

const IDS = ['--callflow-id', 'a', '--guidance-id', 'b'];
/** Nothing listens there: whatever is said here is said before anybody is asked. */
const NO_SERVER = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

describe('what was typed wrong is said at once, with the flag, and is 2', () => {
  test.for<[readonly string[], string]>([
    [['call'], 'Give exactly one of --callflow-id <id> and --callflow <file.json>.\nGive exactly one of --guidance-id'],
    [['call', ...IDS, '--guidance', 'x.json'], 'Give exactly one of --guidance-id <id> and --guidance <file.json>.'],
    [['call', '--callflow', '/no/file', '--guidance-id', 'b'], '--callflow /no/file cannot be read: ENOENT'],
    [['call', ...IDS, '--wait-time', '0'], '--wait-time: must be >= 1'],
    [['call', ...IDS, '--wait-time', 'soon'], 'It must be a number of seconds.'],
    [['call', ...IDS, '--deadline', '5'], 'It must be a duration such as 30s, 5m, 4h or 2d.'],
    [['call', ...IDS, '--give-up-after', '1 minute'], 'It must be a duration such as 30s, 5m, 4h or 2d.'],
    [['call', ...IDS, '--on-unknown-outcome', 'pray'], 'Allowed choices are giveUp, callAgain.'],
    [['call', ...IDS, '--parameter', 'server'], 'It must be name=value.'],
    [['call', ...IDS, '--loud'], "unknown option '--loud'"],
    [['call', 'status'], "missing required argument 'id'"],
    [['telephone'], "unknown command 'telephone'"],
    [['worker', '--fast'], "unknown option '--fast'"],
  ])('%j', async ([args, text]) => {
    const ended = await typed(args, NO_SERVER);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) as string });
    expect(ended.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test('a file that is not JSON, and one whose content is not a guidance', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-usage-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const broken = ['call', '--callflow-id', 'a', '--guidance', file('broken.json', '{"messageTemplate": }')];
    expect(await typed(broken, NO_SERVER)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--guidance .*broken\.json is not JSON: Unexpected token/) as string,
    });
    const keys = file('keys.json', '{"messageTemplate": "x", "reactions": {"0": {"behavior": "terminate"}}}');
    const wrong = ['call', '--callflow-id', 'a', '--guidance', keys];
    expect(await typed(wrong, NO_SERVER)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--guidance.reactions: has the key "0"; keys are "1" to "9"') as string,
    });
  });

  test('a Temporal profile that does not exist', async () => {
    const ended = await typed(['call', ...IDS], { TEMPORAL_PROFILE: 'none' });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("Profile 'none' not found") as string });
  });
});

test.for([['--help'], ['call', '--help']])('%j is 0', async (args) => {
  expect(await typed(args)).toMatchObject({ code: 0, stderr: '' });
});

test('a process of its own does the same: 0, and 2 for a flag that it does not know', async (context) => {
  const options = { variables: {}, lifetime: context };
  expect(await runCommand(['--version'], options)).toMatchObject({ code: 0, stderr: '' });
  const wrong = await runCommand(['call', '--loud'], options);
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--loud') as string });
});
