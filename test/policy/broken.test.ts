import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/policy/read-policy.js';
import { broken, described } from './policies.js';

/** Each is read once. */
const found = new Map(broken.map(({ name, text }) => [name, described(text, name)] as const));
const of = (name: string) => found.get(name) ?? [];

/** Each file of `broken/` has one mistake, named in its first line; the snapshot is what its author gets to read. */
describe('a policy that is wrong', () => {
  test('is answered with messages that name the place and say what to do', async () => {
    const answers = broken.map(({ name, text }) => {
      const [title = ''] = text.split('\n');
      return [`=== ${name}: ${title.slice(2)}`, ...of(name)].join('\n\n');
    });
    await expect(`${answers.join('\n\n\n')}\n`).toMatchFileSnapshot('broken.messages.txt');
  });

  test.for(broken)('$name has a problem, at a place in the file', ({ name }) => {
    expect(of(name).length).toBeGreaterThan(0);
    for (const message of of(name))
      expect(message).toMatch(new RegExp(`^${name}:[0-9]+:[0-9]+: (error|warning): .{20,}`));
  });

  test.for([
    'call-loops-of-a-stored-flow',
    'every-longer-than-the-budget',
    'every-of-one-attempt',
    'pressed-key-sentence-of-a-stored-guidance',
    'step-unreachable',
  ])('an incident is called by %s anyway: what is wrong changes no call', (file) => {
    const { text, name } = broken.find((one) => one.name === `${file}.yaml`) ?? { text: '', name: file };
    expect(readPolicy(text)).toMatchObject({ ok: true });
    expect(described(text, name).every((problem) => problem.includes(': warning: '))).toBe(true);
  });

  test('no message repeats a telephone number', () => {
    for (const { text, name } of broken) {
      const numbers =
        described(text, name)
          .join('\n')
          .match(/[0-9０-９]{9,}/g) ?? [];
      // The example in the words of our own messages.
      expect(numbers.filter((number) => number !== '0300000001')).toEqual([]);
    }
  });
});
