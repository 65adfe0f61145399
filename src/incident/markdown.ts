/** Names and words from outside must not break a table or become links. */
export const escaped = (text: string): string =>
  text.replace(/[\\|`*_[\]<>#]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');

export const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

/** Of words from outside. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  table(
    head,
    rows.map((row) => row.map(escaped)),
  );
