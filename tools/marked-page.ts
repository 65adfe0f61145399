import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './engine/project-root.js';

const END = '<!-- prettier-ignore-end -->';

/** A page with new texts between the marks that name their sources; everything else of it is written by hand. */
export function markedPage(path: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce(
    (page, [source, text]) => {
      const begin = `<!-- Made by \`npm run generate\` from ${source}. Do not edit. -->\n<!-- prettier-ignore-start -->\n`;
      const [before, rest] = page.split(begin);
      const end = rest?.indexOf(END) ?? -1;
      if (rest === undefined || end < 0) throw new Error(`${path} has lost its marks of ${source}`);
      return `${before}${begin}\n${text}\n\n${rest.slice(end)}`;
    },
    readFileSync(join(projectRoot, path), 'utf8'),
  );
}
