import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

export interface PageAsset {
  readonly contentType: string;
  readonly body: Buffer;
}

// The browser gets these files as they are written; the build copies them to the same place beside this module.
const ASSETS = new URL('./assets/', import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads an asset by its name, which must be free of folders; undefined where there is none. */
export async function readAsset(name: string): Promise<PageAsset | undefined> {
  const contentType = CONTENT_TYPES[extname(name)];
  if (contentType === undefined) return undefined;
  try {
    return { contentType, body: await readFile(new URL(name, ASSETS)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
