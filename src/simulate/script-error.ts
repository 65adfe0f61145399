/** Thrown for a script that cannot be read. The message names the field, and never holds a whole telephone number. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';

  constructor(
    /** Where: `['operator', 0, 'at']`, from which a reader of YAML finds line and column. */
    readonly path: readonly (string | number)[],
    readonly problem: string,
  ) {
    super(`${pathText(path)}: ${problem}`);
  }
}

function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${masked(part)}`)).join('');
  return text === '' ? 'script' : text.replace(/^\./, '');
}

/** People may be named by their telephone number; its end is enough to find the line. */
function masked(name: string): string {
  return /^\+?[0-9-]{5,}$/.test(name) ? `…${name.slice(-4)}` : name;
}
