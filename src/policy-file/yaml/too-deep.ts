import { Lexer } from 'yaml';

const DEEPEST = 64;

/**
 * The parser calls itself once a level, and a text that nests without end takes the whole process with it, past any
 * `catch`. So the depth is known before anything is parsed.
 */
export function nestsTooDeep(text: string): boolean {
  // A level of a block is at least one column further in, so what stands before a line's first word bounds them.
  if (/^[ \t\-?:]{129,}/m.test(text)) return true;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}
