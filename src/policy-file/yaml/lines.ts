/** Line and column of any place in a text, both from 1. A mark of the byte order at its beginning takes no column. */
export class Lines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [text.startsWith('\uFEFF') ? 1 : 0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    this.#starts = starts;
  }

  at(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#starts;
    let line = 1;
    for (let beyond = starts.length + 1; beyond - line > 1;) {
      const middle = Math.floor((line + beyond) / 2);
      if ((starts[middle - 1] ?? 0) <= offset) line = middle;
      else beyond = middle;
    }
    return { line, column: Math.max(0, offset - (starts[line - 1] ?? 0)) + 1 };
  }
}
