import { escaped, table } from '../markdown.js';

/** Of words from outside. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  table(
    head,
    rows.map((row) => row.map(escaped)),
  );
