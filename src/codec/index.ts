/** Encryption of everything that Temporal stores. */
export { logKeys, openDataConverter, type CodecEvents } from './data-converter.js';
export { EncryptionCodec } from './encryption-codec.js';
export { KeysFile, type KeysFileEvents } from './keys-file.js';
export { KeysFileUnusable, PayloadUnreadable, type Keys } from './keys.js';
