/** A sender that cannot be had on this machine. The message says what is missing. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}
