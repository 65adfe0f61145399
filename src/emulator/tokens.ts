/** An API token; `expiresAt` is on the space's clock, in milliseconds since 1970. */
export interface Token {
  readonly token: string;
  readonly expiresAt?: number;
}

/** The tokens of a space. They are compared, and never shown. */
export class Tokens {
  readonly #tokens = new Map<string, Token>();

  constructor(tokens: readonly (string | Token)[]) {
    for (const token of tokens) this.add(token);
  }

  /** A token that is there already gets the new expiry. */
  add(token: string | Token): void {
    const added = typeof token === 'string' ? { token } : token;
    this.#tokens.set(added.token, added);
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  /** Judges an `X-Authorization` header at a point of time. */
  judge(header: string | undefined, now: number): 'valid' | 'noToken' | 'unknownToken' | 'expiredToken' {
    const given = /^Token (.+)$/.exec(header ?? '')?.[1];
    if (given === undefined) return 'noToken';
    const token = this.#tokens.get(given.trim());
    if (token === undefined) return 'unknownToken';
    return token.expiresAt !== undefined && token.expiresAt <= now ? 'expiredToken' : 'valid';
  }
}
