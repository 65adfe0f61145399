/** A payload is encrypted and cannot be read here; the message says which key is missing, and where to add it. */
export class PayloadUnreadable extends Error {
  override readonly name = 'PayloadUnreadable';
}
