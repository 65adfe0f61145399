/** Words from outside must not break a table or become links. */
export const cell = (text: string): string =>
  text.replace(/[\\|`*_[\]<>#]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`);
}
