import { withoutAtoms } from './pattern.js';

/**
 * Ways to write a condition that other tools know and that would never be met here: the rule would be dead, and nobody would
 * see it. Each is answered with what is meant.
 */

const NEGATION =
  'there is no "not": list the values that are meant, or put a rule for the others above it, which takes or ignores them';

/** What is wrong with a value that has to be met exactly; undefined where nothing is. */
export function valueNotMeant(value: string): string | undefined {
  const negated = /^(?:!=?~?|=!|<>|≠)\s*\S/.exec(value);
  if (negated !== null) return NEGATION;
  const compared = /^(?:=~|==|~|=)\s*(\S.*)$/s.exec(value);
  if (compared !== null) return `write ${asCondition(value, compared[1] ?? '')}`;
  if (/^\(\?[!=<i]/.test(value)) return patternHint(value);
  if (/^\/.+\/[gimsuy]+$/.test(value)) return patternHint(value);
  if (/^\^|\.[*+]|\S\|\S/.test(value)) return patternHint(value);
  if (value.endsWith('$') && /[.*+?^()[\]|\\]/.test(value)) return patternHint(value);
  // A glob: web*, *.example.com, web-*-1.
  if (value.length > 1 && value.includes('*') && !/\s/.test(value)) return patternHint(value);
  return undefined;
}

function asCondition(written: string, rest: string): string {
  return written.includes('~') ? `{ matches: "${meantBy(rest)}" }` : `"${rest}"`;
}

const patternHint = (value: string): string =>
  value.startsWith('(?!') ? NEGATION : `for a pattern write { matches: "${meantBy(value)}" }`;

/** What is wrong with a pattern that can be read, but means something else than the person who wrote it thinks. */
export function patternNotMeant(source: string): string | undefined {
  if (/^(?:!=?~?|=!)\S/.test(source)) return NEGATION;
  const compared = /^(?:=~|~)\s*(\S.*)$/s.exec(source);
  if (compared !== null) return `a pattern has no sign before it; write "${meantBy(compared[1] ?? '')}"`;
  // Of a path more slashes are usual.
  if (/^\/[^/]+\/[gimsuy]*$/.test(source)) return `a pattern has no slashes around it; write "${meantBy(source)}"`;
  const inner = source.replace(/^\(\?i\)/, '');
  if (openEndOf(inner) === 'fixed') {
    return `a pattern has to match the whole value, so one anchor alone would never find the rest; write "${meantBy(source)}"`;
  }
  if (/(?<![\\\])}.])[\p{L}\p{N}_-]\*/u.test(withoutAtoms(inner))) {
    return `"*" repeats the character before it; for any characters write ".*": "${meantBy(source)}", or (?:x)* for a repeated x`;
  }
  return undefined;
}

/**
 * The end of a pattern without an anchor, where the other one has one: `fixed`, `^Disk`, finds no more than the word itself;
 * `counted`, `^web-\\d+`, may find less than is meant; `any`, `^web.*`, is right.
 */
export function openEndOf(source: string): 'fixed' | 'counted' | 'any' | null {
  const pattern = source.replace(/^\(\?i\)/, '');
  const [begins, ends] = [pattern.startsWith('^'), endsAnchored(pattern)];
  if (begins === ends) return null;
  if (begins ? /(?<!\\)\.[*+]$/.test(pattern) : /^\.[*+]/.test(pattern)) return 'any';
  const counts = begins ? /(?<!\\)[*+}]$/ : /^(?:\\.|\[[^\]]*\]|[^\\[])[*+{]/;
  return counts.test(pattern) ? 'counted' : 'fixed';
}

/** Whether a pattern has nothing in it that only patterns have, and so is a value. */
export const isPlainWord = (source: string): boolean => !/[.*+?^$()[\]{}|\\]/.test(source);

function endsAnchored(pattern: string): boolean {
  return /(?<!\\)(?:\\\\)*\$$/.test(pattern);
}

/** The pattern that finds what was meant, in our notation: the whole value. */
function meantBy(written: string): string {
  const [, inSlashes, flags = ''] = /^\/(.+)\/([gimsuy]*)$/s.exec(written) ?? [];
  let pattern = inSlashes ?? written;
  const ignoresCase = flags.includes('i') || pattern.startsWith('(?i)');
  pattern = pattern.replace(/^\(\?i\)/, '');
  const isRegular = /\\|\.[*+]|[()[\]|^]|\$$/.test(pattern) || inSlashes !== undefined;
  if (!isRegular) pattern = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
  const [begins, ends] = [pattern.startsWith('^'), endsAnchored(pattern)];
  if (begins) pattern = pattern.slice(1);
  if (ends) pattern = pattern.slice(0, -1);
  const isSearched = begins !== ends || (inSlashes !== undefined && !begins);
  if (isSearched && pattern.includes('|')) pattern = `(${pattern})`;
  if (isSearched && !begins && !pattern.startsWith('.*')) pattern = `.*${pattern}`;
  if (isSearched && !ends && !pattern.endsWith('.*')) pattern = `${pattern}.*`;
  return `${ignoresCase ? '(?i)' : ''}${pattern}`;
}
