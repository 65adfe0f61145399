import { expect, test, vi } from 'vitest';

import { startChild } from '../../tools/engine/child-process.js';
import { runTool, ToolFailed } from '../../tools/engine/run-tool.js';
import { doomedParent, isAlive } from './doomed-parent.js';
import { fakeProgram, temporaryFolder } from './temporary-folder.js';

test('the pid and the exit code are those of the command itself', async () => {
  const child = await startChild('/bin/sh', ['-c', 'echo $$; echo oops >&2; exit 7']);
  expect(await child.ended).toEqual({ code: 7, signal: null });
  expect(child.tail().split('\n').toSorted()).toEqual([String(child.pid), 'oops'].toSorted());
});

test('stop sends SIGTERM and waits', async () => {
  const script = 'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.05; done';
  const child = await startChild('/bin/sh', ['-c', script]);
  await vi.waitFor(() => expect(child.tail()).toContain('up'));
  expect(await child.stop()).toEqual({ code: 3, signal: null });
  expect(child.tail()).toContain('bye');
});

test('what ignores SIGTERM is killed after the grace', async () => {
  const child = await startChild('/bin/sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'], {
    graceSeconds: 1,
  });
  await vi.waitFor(() => expect(child.tail()).toContain('up'));
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('what the command leaves running ends with it', async () => {
  const child = await startChild('/bin/sh', ['-c', 'sleep 600 & echo $!']);
  await child.ended;
  await vi.waitFor(() => expect(isAlive(Number(child.tail()))).toBe(false));
});

test('a child that ignores SIGTERM ends too when its parent is killed', async () => {
  const { childPid, killParent } = await doomedParent(
    'child-process.ts',
    `const ignoring = 'trap "" TERM; while :; do sleep 0.05; done';
     return (await module.startChild('/bin/sh', ['-c', ignoring], { graceSeconds: 1 })).pid;`,
  );
  expect(isAlive(childPid)).toBe(true);
  killParent();
  await vi.waitFor(() => expect(isAlive(childPid)).toBe(false), { timeout: 5_000, interval: 50 });
}, 15_000);

test('a tool that fails is an error with its own last words', async () => {
  const tool = fakeProgram(temporaryFolder(), 'tool', 'echo "cannot do that" >&2; exit 1');
  await expect(runTool(tool, ['now'])).rejects.toThrow(ToolFailed);
  await expect(runTool(tool, ['now'])).rejects.toThrow(/tool now failed:\ncannot do that/);
});
