import { expect, test } from 'vitest';
import { endOf } from '../../src/cli/call-hang-up.js';
import { CallCancelled, NoAnswer } from '../../src/client.js';

test('the command that hangs up has no question under way when it closes its connection: its repetition would end the process', async () => {
  let answer: (error: Error) => void = () => undefined;
  const end = endOf({
    wait: () => Promise.reject(new CallCancelled('call/1')),
    status: () => new Promise((_, reject) => (answer = reject)),
    unservedQueue: () => Promise.resolve(null),
  });
  let isOver = false;
  void end.then(() => (isOver = true));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  answer(new NoAnswer('pigeonflow', 'busy'));
  expect(await end).toBe('hungUp');
});
