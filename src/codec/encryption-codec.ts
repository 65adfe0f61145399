import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeysFile } from './keys-file.js';
import { PayloadUnreadable, type Keys } from './keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

/**
 * Encrypts every payload as a whole, its metadata too, with AES-256-GCM; in the form of the encryption samples of
 * Temporal's SDKs. What is not encrypted is read as it is: from before encryption was turned on, or from a client without
 * it.
 */
export class EncryptionCodec implements PayloadCodec {
  /**
   * @param keys null: writes plain, and says of what is encrypted that a key is missing.
   * @param unreadable is told why, before `decode` throws it: the logs of the SDK do not say it.
   */
  constructor(
    private readonly keys: Pick<KeysFile, 'path' | 'current' | 'latest'> | null,
    private readonly unreadable: (why: string) => void = () => undefined,
  ) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    if (this.keys === null) return payloads;
    const { writing } = await this.keys.current();
    return payloads.map((payload) => ({
      metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(writing.id) },
      data: encrypt(writing.key, PayloadMessage.encode(payload).finish()),
    }));
  }

  /** @throws PayloadUnreadable */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return await Promise.all(payloads.map((payload) => this.#decoded(payload)));
  }

  async #decoded(payload: Payload): Promise<Payload> {
    if (textOf(payload.metadata?.['encoding']) !== ENCRYPTED) return payload;
    const id = textOf(payload.metadata?.[KEY_ID]);
    const key = await this.#keyOf(id);
    try {
      return PayloadMessage.decode(decrypt(key, payload.data ?? new Uint8Array()));
    } catch {
      throw this.#unreadable(
        `A payload that names the key ${shown(id)} does not fit it: it was changed, or another key has this id in ${this.keys?.path}.`,
      );
    }
  }

  async #keyOf(id: string): Promise<Buffer> {
    if (this.keys === null) {
      throw this.#unreadable(
        `A payload is encrypted with the key ${shown(id)}, and there are no keys here: set PIGEONFLOW_CODEC_KEYS_FILE to the file of keys.`,
      );
    }
    const keyIn = ({ reading }: Keys) => reading.get(id);
    const key = keyIn(await this.keys.current()) ?? keyIn(await this.keys.latest());
    if (key !== undefined) return key;
    throw this.#unreadable(
      `A payload is encrypted with the key ${shown(id)}, which is missing: add its line to ${this.keys.path}.`,
    );
  }

  #unreadable(why: string): PayloadUnreadable {
    this.unreadable(why);
    return new PayloadUnreadable(why);
  }
}

const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
/** It comes from outside. */
const shown = (id: string): string => JSON.stringify(id.slice(0, 64));

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** IV, cipher text, tag: what the encryption samples of Temporal's SDKs write and read in every language. */
function encrypt(key: Buffer, plain: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when a single bit is not as it was written, or was written with another key. */
function decrypt(key: Buffer, encrypted: Uint8Array): Uint8Array {
  if (encrypted.length < IV_BYTES + TAG_BYTES) throw new Error('too short');
  const decipher = createDecipheriv(ALGORITHM, key, encrypted.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(encrypted.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
}
