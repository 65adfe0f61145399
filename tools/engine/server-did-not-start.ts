/** A server process ended, or did not answer in time; the message ends with its own last lines. */
export class ServerDidNotStart extends Error {
  override readonly name = 'ServerDidNotStart';

  constructor(
    what: string,
    readonly log: string,
    cause?: unknown,
  ) {
    super(`${what}. Its last lines:\n${log || '(none)'}`, { cause });
  }
}
