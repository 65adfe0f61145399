import { readFile } from 'node:fs/promises';
import { PigeonCredentialMissing } from './errors.js';

/** A secret given as it is, or as the path of a file that holds it (a mounted secret, for example). */
export type TokenSource = { readonly value: string } | { readonly file: string };

/**
 * A function that gives the token, or `user:password`, without the white space around it. A file is read again at each call,
 * so that a replaced secret counts from the next request on.
 *
 * The function rejects with {@link PigeonCredentialMissing} when there is nothing to give.
 */
export function tokenFrom(source: TokenSource): () => Promise<string> {
  if ('value' in source) {
    const { value } = source;
    return async () => givenOrThrow(value, 'The Pigeon credential is empty. Set it in the configuration.', null);
  }
  const { file } = source;
  return async () => {
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new PigeonCredentialMissing(
        `The Pigeon credential cannot be read from ${file} (${codeOf(error)}). Create the file and let this process read it.`,
        file,
      );
    });
    return givenOrThrow(
      content,
      `The Pigeon credential file ${file} is empty. Write the token (or user:password) into it.`,
      file,
    );
  };
}

function givenOrThrow(content: string, message: string, file: string | null): string {
  const token = content.trim();
  if (token === '') throw new PigeonCredentialMissing(message, file);
  return token;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
