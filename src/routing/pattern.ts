import { RE2JS, RE2JSSyntaxException } from 're2js';

/**
 * Regular expressions of RE2, whose time to match grows with the text and with the expression, and no faster. What a label
 * says comes from outside: with the engine of JavaScript a value could be made that keeps a gateway busy for hours.
 *
 * A pattern has to match the whole text. `.` is any character, and `\s` any white space, as in JavaScript.
 */
export interface Pattern {
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

export type PatternReading =
  | { readonly ok: true; readonly pattern: Pattern }
  /** `at`: the character of the source, from 0; null where the whole is wrong. */
  | { readonly ok: false; readonly at: number | null; readonly message: string };

/** Instructions of the compiled pattern, each of which a character of a text may cost. */
const MAX_INSTRUCTIONS = 4_000;

export function readPattern(source: string): PatternReading {
  const stray = strayIn(source);
  if (stray !== undefined) return { ok: false, ...stray };
  try {
    const compiled = RE2JS.compile(withWhiteSpace(source), RE2JS.DOTALL);
    if (compiled.programSize() > MAX_INSTRUCTIONS) return { ok: false, at: null, message: TOO_LARGE };
    return { ok: true, pattern: { source, matches: (text) => compiled.testExact(text) } };
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { ok: false, ...described(error, source) };
    throw error;
  }
}

/** Escapes and sets: what is within them is no sign of a pattern. */
const ATOMS = /\\[pPx]\{[^}]*\}|\\p[A-Z]|\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\\\]])*\]/giu;

/** The pattern with each escape and each set as dots of the same length. */
export function withoutAtoms(source: string): string {
  return source.replaceAll(ATOMS, (atom) => '.'.repeat(atom.length));
}

/** RE2 knows the white space of ASCII alone, and escapes of ASCII alone. */
function withWhiteSpace(source: string): string {
  const space = '\\v\\x{feff}\\s\\pZ';
  const plain = (escape: string) => (/^\\[\u0080-\u{10ffff}]$/u.test(escape) ? escape.slice(1) : escape);
  return source.replaceAll(ATOMS, (atom) => {
    if (atom === '\\s') return `[${space}]`;
    if (atom === '\\S') return `[^${space}]`;
    if (!atom.startsWith('[')) return plain(atom);
    return atom.replaceAll(/\\./gsu, (escape) => (escape === '\\s' ? space : plain(escape)));
  });
}

/** What RE2 reads and nobody means: braces that count nothing, an anchor where the text never begins or ends. */
function strayIn(source: string): { readonly at: number; readonly message: string } | undefined {
  const bare = withoutAtoms(source);
  const brace = bare.search(/\{(?!\d+(?:,\d*)?\})/);
  if (brace !== -1) {
    return { at: brace, message: '"{" counts repetitions, as in {2} or {2,5}; write \\{ for the character' };
  }
  const anchor = bare.search(/(?<=[^(|:)^])\^|\$(?=[^)|$])/);
  if (anchor === -1) return undefined;
  const message = `a pattern always has to match the whole text; write \\${bare.charAt(anchor)} for the character`;
  return { at: anchor, message };
}

const TOO_LARGE = 'the pattern is too large; shorten it, or count less';
const NEGATION =
  'there is no "not": list what is meant, or put a rule for the others above this one, which takes or ignores them';
const GROUPS = 'such a group is not known; there are (…), (?:…), (?i) and (?i:…)';

/** What the library finds, in our words; `found` is the part that it names. */
const MEANINGS: Readonly<Record<string, (found: string) => string>> = {
  'missing closing )': () => 'this "(" is never closed; write \\( for the character',
  'unexpected )': () => 'this ")" closes nothing; write \\) for the character',
  'missing closing ]': () => 'this "[" is never closed, or is empty; write \\[ for the character',
  'invalid character class range': (found) =>
    /^\\p|^\[:/i.test(found) ? `"${found}" is not known` : 'a range goes from a character to a later one, as in a-z',
  'missing argument to repetition operator': (found) =>
    `there is nothing before this "${found}" to repeat; write \\${found} for the character`,
  'invalid nested repetition operator': () => 'a repetition of a repetition is not possible; one of the two is enough',
  'invalid repeat count': () => 'from the smaller to the larger number, at most 1000, counts within counts multiplied',
  'invalid or unsupported Perl syntax': (found) => (found.startsWith('(?!') ? NEGATION : GROUPS),
  'invalid named capture': (found) => (found.startsWith('(?<!') ? NEGATION : GROUPS),
  'invalid escape sequence': (found) =>
    `"${found}" is not known here; there are \\d, \\w, \\s, \\D, \\W, \\S, \\b, \\n, \\r and \\t`,
  'trailing backslash at end of expression': () => 'after "\\" a character must follow; write \\\\ for itself',
  'expression too large': () => TOO_LARGE,
};

function described({ error, input }: RE2JSSyntaxException, source: string) {
  const found = input ?? '';
  const meaning = Object.hasOwn(MEANINGS, error) ? MEANINGS[error] : undefined;
  return { at: placeOf(error, found, source), message: meaning?.(found) ?? `${error}: ${found}` };
}

function placeOf(error: string, found: string, source: string): number | null {
  const bare = withoutAtoms(source);
  if (error.endsWith(')')) return unbalanced(bare);
  if (error.startsWith('trailing')) return source.length - 1;
  if (found === '') return null;
  return [bare.indexOf(found), source.indexOf(found)].find((at) => at !== -1) ?? null;
}

/** The parenthesis that has no other. */
function unbalanced(bare: string): number | null {
  const open: number[] = [];
  for (const { 0: sign, index } of bare.matchAll(/[()]/g)) {
    if (sign === '(') open.push(index);
    else if (open.pop() === undefined) return index;
  }
  return open.at(-1) ?? null;
}
