/** Encryption of everything that Temporal stores. */
export { openDataConverter, type CodecEvents } from './codec/data-converter.js';
export { EncryptionCodec } from './codec/encryption-codec.js';
export { KeysFile, type KeysFileEvents } from './codec/keys-file.js';
export { KeysFileUnusable, type Keys } from './codec/keys.js';
export { PayloadUnreadable } from './codec/payload-unreadable.js';
