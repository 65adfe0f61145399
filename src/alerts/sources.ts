import { readdirSync } from 'node:fs';
import type { Source } from './alert.js';

const FOLDER = new URL('sources/', import.meta.url);
/** `.ts` where the sources run untranslated, in tests. */
const MODULE = /^([a-z0-9-]+)\.(?:js|ts)$/;

/** The formats that are understood, by name: the files of `sources/`. */
export function sourceNames(): readonly string[] {
  return modules().map(({ name }) => name);
}

/** Loads a format; undefined when there is none of this name. */
export async function loadSource(name: string): Promise<Source | undefined> {
  const found = modules().find((module) => module.name === name);
  if (found === undefined) return undefined;
  const { source } = (await import(new URL(found.file, FOLDER).href)) as { readonly source: Source };
  return source;
}

function modules(): readonly { readonly name: string; readonly file: string }[] {
  return readdirSync(FOLDER)
    .toSorted()
    .flatMap((file) => {
      const name = MODULE.exec(file)?.[1];
      return name === undefined ? [] : [{ name, file }];
    });
}
