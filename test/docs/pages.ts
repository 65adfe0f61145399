import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../tools/engine/project-root.js';

export interface Page {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

export const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

const inFolder = (folder: string): readonly string[] =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`);

/** Every page of the documentation. */
export const PAGES: readonly Page[] = [
  'README.md',
  'README.ja.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...inFolder('docs').filter((path) => path.endsWith('.md')),
].map((path) => ({ path, text: read(path) }));

/** The commands of its blocks of code and of its inline code, each in one line. */
export function commandsOf({ text }: Page): readonly string[] {
  const blocks = [...text.matchAll(/^ *```[a-z]*\n([^]*?)^ *```/gm)].map(([, block = '']) => block);
  const inline = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return [...blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n')), ...inline].map((line) =>
    line.trim(),
  );
}
