import { webcrypto } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EncryptionCodec, PayloadUnreadable } from '../../src/codec/index.js';
import { keysOf } from './keys-of.js';

const codec = new EncryptionCodec(keysOf('a', 'b'));
const bytes = (text: string) => Buffer.from(text);
const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const one = (payloads: readonly Payload[]): Payload => payloads[0] ?? {};
const encrypted = async (value: unknown) => one(await codec.encode([plain(value)]));

const anyPayload: fc.Arbitrary<Payload> = fc.record(
  {
    metadata: fc.dictionary(fc.string({ maxLength: 20 }), fc.uint8Array({ maxLength: 40 }), { maxKeys: 5 }),
    data: fc.uint8Array({ maxLength: 500 }),
  },
  { requiredKeys: [] },
);

/** An empty field and one that is not there are the same on the wire. */
const comparable = ({ metadata, data }: Payload) => ({
  metadata: new Map(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('hex')])),
  data: Buffer.from(data ?? []).toString('hex'),
});

describe('the encryption of payloads', () => {
  test('gives back any payload as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPayload, { maxLength: 4 }), async (payloads) => {
        const read = await codec.decode(await codec.encode(payloads));
        expect(read.map(comparable)).toEqual(payloads.map(comparable));
      }),
    );
  });

  test('shows nothing of a payload but its key id, not even its kind, and is different each time', async () => {
    const [first, second] = await Promise.all([encrypted('秘密太郎 0399887766'), encrypted('秘密太郎 0399887766')]);
    for (const { metadata = {}, data } of [first, second]) {
      expect(Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, String(value)]))).toEqual({
        encoding: 'binary/encrypted',
        'encryption-key-id': 'a',
      });
      expect(Buffer.from(data ?? []).toString('latin1')).not.toMatch(/0399887766|json|plain/);
    }
    expect(comparable(first).data).not.toBe(comparable(second).data);
  });

  test('refuses a payload of which any bit was changed, or a byte is missing', async () => {
    const data = Buffer.from((await encrypted({ key: '1' })).data ?? []);
    const read = async (changed: Uint8Array) => codec.decode([{ ...(await encrypted(0)), data: changed }]);
    await expect(read(data)).resolves.toHaveLength(1);
    for (let bit = 0; bit < data.length * 8; bit += 1) {
      const changed = Buffer.from(data);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(read(changed)).rejects.toThrow(PayloadUnreadable);
    }
    for (let length = 0; length < data.length; length += 1) {
      await expect(read(data.subarray(0, length))).rejects.toThrow(PayloadUnreadable);
    }
  });

  test('refuses a payload that names another key than the one that wrote it', async () => {
    const payload = await encrypted('x');
    const under = (id: string) =>
      codec.decode([{ ...payload, metadata: { ...payload.metadata, 'encryption-key-id': bytes(id) } }]);
    await expect(under('b')).rejects.toThrow(
      'A payload that names the key "b" does not fit it: it was changed, or another key has this id in /etc/keys.',
    );
    await expect(under('retired')).rejects.toThrow(
      'A payload is encrypted with the key "retired", which is missing: add its line to /etc/keys.',
    );
    await expect(under('\u001b[31m'.repeat(99))).rejects.toThrow(/^.{1,500}$/);
  });

  test('reads what is not encrypted as it is', async () => {
    const payloads = [plain('x'), plain(undefined), {}, { metadata: { encoding: bytes('binary/other') } }];
    expect(await codec.decode(payloads)).toEqual(payloads);
  });

  test('reads what was written with a key that is no longer the first', async () => {
    const after = new EncryptionCodec(keysOf('b', 'a'));
    expect((await after.decode([await encrypted('x')])).map(comparable)).toEqual([comparable(plain('x'))]);
    expect(String(one(await after.encode([plain('x')])).metadata?.['encryption-key-id'])).toBe('b');
  });

  test('leaves a summary of 200 bytes below the 400 that the server takes', async () => {
    const named = new EncryptionCodec(keysOf('k'.repeat(32)));
    const [payload = {}] = await named.encode([plain('あ'.repeat(66))]);
    expect(proto.temporal.api.common.v1.Payload.encode(payload).finish().length).toBeLessThanOrEqual(400);
  });

  test('is in the form that the samples of the SDKs have in every language', async () => {
    const key = await webcrypto.subtle.importKey('raw', keysOf('a').key('a'), 'AES-GCM', false, ['encrypt', 'decrypt']);
    const { Payload: Message } = proto.temporal.api.common.v1;
    const data = Buffer.from((await encrypted('x')).data ?? []);
    const opened = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv: data.subarray(0, 12) },
      key,
      data.subarray(12),
    );
    expect(comparable(Message.decode(new Uint8Array(opened)))).toEqual(comparable(plain('x')));

    const iv = webcrypto.getRandomValues(new Uint8Array(12));
    const sealed = await webcrypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, Message.encode(plain('y')).finish());
    const theirs = { ...(await encrypted(0)), data: Buffer.concat([iv, new Uint8Array(sealed)]) };
    expect((await codec.decode([theirs])).map(comparable)).toEqual([comparable(plain('y'))]);
  });
});

describe('without keys', () => {
  const said: string[] = [];
  const off = new EncryptionCodec(null, (why) => said.push(why));

  test('nothing is encrypted', async () => {
    expect(await off.encode([plain('x')])).toEqual([plain('x')]);
  });

  test('an encrypted payload is refused with the variable to set, for the log as well', async () => {
    await expect(off.decode([await encrypted('x')])).rejects.toThrow(
      'A payload is encrypted with the key "a", and there are no keys here: set PIGEONFLOW_CODEC_KEYS_FILE to the file of keys.',
    );
    expect(said).toEqual([expect.stringContaining('set PIGEONFLOW_CODEC_KEYS_FILE')]);
  });
});
