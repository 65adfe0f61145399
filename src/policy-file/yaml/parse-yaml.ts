import { parseAllDocuments, type Document } from 'yaml';
import { maskPrivate } from '../mask-private.js';
import type { Place, Problems } from '../problem.js';
import type { Located } from './located.js';
import { locate } from './locate.js';
import { describeSyntaxError } from './syntax-error.js';
import { nestsTooDeep } from './too-deep.js';

/** Far above any policy that people write; below what would keep a gateway busy. */
const LONGEST_FILE = 262_144;

/**
 * The one document of a YAML text, or nothing with the reasons in `problems`. Never throws, whatever the text is.
 *
 * @param examples What to say of examples to whoever has an empty file.
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
