import { parseAllDocuments, Lexer, type Document, type YAMLError } from 'yaml';
import { locate } from './locate.js';
import type { Located } from './located.js';
import { maskPrivate } from './mask-private.js';
import type { Place, Problems } from './problem.js';

/** Far above any policy that people write; below what would keep a gateway busy. */
const LONGEST_FILE = 262_144;

/**
 * The one document of a YAML text, or nothing with the reasons in `problems`. Never throws, whatever the text is.
 *
 * @param examples What to say of examples to anyone who has an empty file.
 */
export function parseYaml(
  text: string,
  problems: Problems,
  examples = 'policies/ and policies/scripts/ have examples to begin with',
): Located | undefined {
  const beginning: Place = { start: 0, end: 0, path: '' };
  if (text.length > LONGEST_FILE) {
    problems.error(
      'too-large',
      beginning,
      'the file is larger than 256 KB, far above what people write; is it the right file?',
    );
    return undefined;
  }
  if (nestsTooDeep(text)) {
    problems.error('too-deep', beginning, 'the file nests more than 64 levels deep; fewer than ten are needed');
    return undefined;
  }
  const garbled = text.indexOf('\uFFFD');
  if (garbled !== -1) {
    problems.error(
      'not-utf-8',
      { start: garbled, end: garbled + 1, path: '' },
      'this character cannot be read: the file is not in UTF-8, perhaps in Shift_JIS; save it as UTF-8',
    );
    return undefined;
  }
  let documents: readonly Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
      version: '1.2',
      // A file that begins with %YAML 1.1 would read `no` as false and 010 as 8.
      schema: 'core',
      resolveKnownTags: false,
    });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.error('yaml', beginning, `the file cannot be read as YAML: ${maskPrivate(why)}`);
    return undefined;
  }
  const [document, second] = documents;
  if (document?.contents == null) {
    problems.error('empty', beginning, `the file is empty; ${examples}`);
    return undefined;
  }
  // One mistake often makes the parser stumble again and again after it; the first is the one to correct.
  const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])[0];
  if (broken !== undefined) {
    problems.error('yaml', { start: broken.pos[0], end: broken.pos[1], path: '' }, describeSyntaxError(broken, text));
    return undefined;
  }
  if (second !== undefined) {
    const start = second.range[0];
    problems.error(
      'two-documents',
      { start, end: start, path: '' },
      'a second document begins here (after "---" or "..."); write each in a file of its own',
    );
    return undefined;
  }
  return locate(document, text, problems);
}

const DEEPEST = 64;

/**
 * The parser calls itself once a level, and a text that nests without end takes the whole process with it, past any
 * `catch`. So the depth is known before anything is parsed.
 */
function nestsTooDeep(text: string): boolean {
  // A level of a block is at least one column further in, so what is before a line's first word bounds them.
  if (/^[ \t\-?:]{129,}/m.test(text)) return true;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** What the parser says, in the words of somebody who wants to call people, with the usual cause. */
function describeSyntaxError(error: YAMLError, text: string): string {
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
      return 'this alias ("*name") is not usable here; write "&name" where the value is first, or repeat the value';
    default:
      return `the file cannot be read as YAML: ${maskPrivate(error.message)}`;
  }
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? text.length : end);
}
