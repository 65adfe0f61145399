import { STATUS_CODES } from 'node:http';

/** A part of a request that does not fit. `pointer` is a JSON pointer as fragment, `#/payload/severity`. */
export interface ProblemPart {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * A request that is not carried out, and how it is answered: problem details (RFC 9457). Its words never repeat what was
 * sent.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly status: number,
    /** What is wrong, and what to do. */
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly ProblemPart[];
      readonly headers?: Readonly<Record<string, string>>;
      /** A body of the sender's own protocol, in place of problem details. */
      readonly body?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(detail);
  }

  get body(): Readonly<Record<string, unknown>> {
    const { errors, body } = this.more;
    if (body !== undefined) return body;
    const title = STATUS_CODES[this.status] ?? 'Error';
    return { title, status: this.status, detail: this.detail, ...(errors !== undefined && { errors }) };
  }

  get headers(): Readonly<Record<string, string>> {
    const type = this.more.body === undefined ? 'application/problem+json' : 'application/json';
    return { 'content-type': type, ...this.more.headers };
  }
}

/** Try again: nothing is lost as long as the sender keeps it. */
export const tryAgain = (detail: string, seconds: number): Problem =>
  new Problem(503, detail, { headers: { 'retry-after': String(seconds) } });
