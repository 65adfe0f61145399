/** What was typed cannot be carried out; `problems` has a line for each, naming the flag and what it must be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
