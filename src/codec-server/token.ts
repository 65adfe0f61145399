import { readFile } from 'node:fs/promises';
import type { Credential } from '../config/config.js';
import { Refusal } from './answer.js';

/** Gives the token that callers must know; a file is read again each time. It rejects with a Refusal, status 503. */
export function tokenOf(credential: Credential): () => Promise<string> {
  if ('value' in credential) return () => Promise.resolve(credential.value);
  const { file } = credential;
  return async () => {
    const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new Refusal(503, `The token cannot be read from ${file} (${error.code}): let this process read it.`);
    });
    // An empty token would be known to everybody.
    if (token.trim() === '') throw new Refusal(503, `The token file ${file} is empty: write the token into it.`);
    return token.trim();
  };
}
