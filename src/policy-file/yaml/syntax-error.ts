import type { YAMLError } from 'yaml';
import { maskPrivate } from '../mask-private.js';

/** What the parser says, in the words of somebody who wants to call people, with the usual cause. */
export function describeSyntaxError(error: YAMLError, text: string): string {
  const line = lineAround(text, error.pos[0]);
  if (/(:|-|,|\[)\s+\{\{/.test(line)) {
    return 'a text that begins with {{ must be in quotes, else YAML takes the braces for its own: say: "{{server}}…"';
  }
  if (/^\s*[^\s"'#]+：/.test(line)) {
    return 'the colon "：" is full-width, which YAML does not know; write a half-width one and a space: "name: …"';
  }
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'this line is indented with a tab; YAML wants spaces (two a level)';
    case 'BAD_SCALAR_START':
      return 'a value cannot begin with this character; put the whole value in quotes: "…"';
    case 'MISSING_CHAR':
      return error.message.includes('quote')
        ? 'this quote is never closed; write the same quote at the end of the value'
        : `${maskPrivate(error.message)}; is a ":" missing, with a space after it?`;
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'this line does not fit the one above; give the keys of one mapping the same indentation, and quote a value that has ": " in it';
    case 'BAD_INDENT':
      return 'the indentation is wrong here, or a "[" or "{" above is never closed';
    case 'UNEXPECTED_TOKEN':
      return /^\s*\S.*["']/.test(line)
        ? 'the value has ended before this; write one pair of quotes around the whole value'
        : 'this is not expected here; is it indented as the lines beside it, and is each bracket closed?';
    case 'TAG_RESOLVE_FAILED':
      return 'policy files have no tags such as "!name"; put the value in quotes if the "!" belongs to it';
    case 'BAD_ALIAS':
      return 'this alias ("*name") is not usable here; write "&name" where the value stands first, or repeat the value';
    default:
      return `the file cannot be read as YAML: ${maskPrivate(error.message)}`;
  }
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? text.length : end);
}
