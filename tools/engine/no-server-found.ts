/** Nothing on this machine can serve; the message names every way and why it did not work. */
export class NoServerFound extends Error {
  override readonly name = 'NoServerFound';

  constructor(what: string, tried: ReadonlyMap<string, string>, advice: string) {
    const ways = [...tried].map(([way, reason]) => `  - ${way}: ${reason}`);
    super(`${what} could not be found on this machine.\n${ways.join('\n')}\n${advice}`);
  }
}
