import { Help } from 'commander';
import type { Row, Settings } from '../config/variables.js';

const NAME_WIDTH = 32;
const TEXT_WIDTH = 88;

/** What `--help` says of the variables of a program. */
export function environmentHelp(settings: Settings): string {
  const rows = Object.values(settings).flatMap((setting) => setting.rows);
  return `\nIt is configured by its environment:\n\n${rows.map(lines).join('\n')}\n`;
}

function lines({ names, default: otherwise, meaning }: Row): string {
  const help = new Help();
  const margin = ' '.repeat(NAME_WIDTH + 2);
  const said = plain(`${meaning}${otherwise === '' ? '' : ` (${otherwise})`}`);
  const name = names.join(', ');
  const text = help.boxWrap(said, TEXT_WIDTH).replaceAll('\n', `\n${margin}`);
  if (name.length < NAME_WIDTH) return `  ${name.padEnd(NAME_WIDTH)}${text}`;
  return `  ${help.boxWrap(name, NAME_WIDTH + TEXT_WIDTH).replaceAll('\n', '\n  ')}\n${margin}${text}`;
}

/** Without the marks of Markdown. */
const plain = (markdown: string): string => markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
