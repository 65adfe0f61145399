/** The switches of the emulator as a table of `docs/reference/emulator.md`, from their comments, types and defaults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { switchesWith } from '../src/emulator/switches.js';
import { projectRoot } from './engine/project-root.js';
import { markedPage } from './marked-page.js';
import { table } from './schema-markdown.js';

export function emulatorMarkdown(): string {
  return markedPage('docs/reference/emulator.md', { 'src/emulator/switches.ts': switchesTable() });
}

function switchesTable(): string {
  const source = readFileSync(join(projectRoot, 'src/emulator/switches.ts'), 'utf8');
  const defaults: Readonly<Record<string, unknown>> = { ...switchesWith() };
  const rows = [...source.matchAll(/\/\*\* (\d+): (.+?) \*\/\n {2}(\w+): (.+);/g)].map(
    ([, number = '', comment = '', name = '', type = '']) => [
      number,
      `\`${name}\``,
      valuesOf(type),
      defaultOf(defaults[name]),
      comment.replace(/\s*Default.*$/, ''),
    ],
  );
  if (rows.length !== Object.keys(defaults).length) throw new Error('a switch lacks its comment');
  return table(['no.', 'switch', 'values', 'default', 'what is unknown'], rows);
}

function valuesOf(type: string): string {
  if (type.startsWith('Record<')) return 'an object of them';
  return type
    .split(' | ')
    .map((value) => (value === 'string' ? 'a word' : value === 'number' ? 'a number' : code(value.replaceAll("'", ''))))
    .join(', ');
}

function defaultOf(value: unknown): string {
  const values = typeof value === 'object' && value !== null ? [...new Set(Object.values(value))] : [value];
  return values.map((each) => code(String(each))).join(', ');
}

const code = (text: string): string => `\`${text}\``;
