/** Causes of an HTTP error of the space; the code of each is a switch. */
export type RefusalCause =
  | 'unreadable'
  | 'invalid'
  | 'beyondLimits'
  | 'mixedForm'
  | 'noToken'
  | 'unknownToken'
  | 'expiredToken'
  | 'noBasicAuth'
  | 'unknownId'
  | 'unknownPath'
  | 'wrongMethod'
  | 'tooManyRequests'
  | 'runEnded'
  | 'internal';

/** Thrown while a request is handled, when the space answers it with an error. Never thrown for a full queue. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly refusal: RefusalCause;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    cause: RefusalCause,
    message: string,
    details: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.refusal = cause;
    this.status = details.status;
    this.headers = details.headers ?? {};
  }
}
