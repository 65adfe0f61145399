/** The notation of {@link ./pattern.ts patterns} as a tree. */

/** Thrown by {@link parsePattern}. */
export class PatternError extends Error {
  constructor(
    /** The character of the source, from 0. */
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** Whether a character, one whole code point, is meant. */
export type Test = (character: string) => boolean;

export type Node =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly least: number; readonly most: number };

const ANY_CASE = '(?i)';
const MOST_REPEATS = 1_000;
const DEEPEST = 50;

const isDigit: Test = (character) => /^[0-9]$/.test(character);
const isWord: Test = (character) => /^[A-Za-z0-9_]$/.test(character);
const isSpace: Test = (character) => /^\s$/u.test(character);
const CLASSES: Readonly<Record<string, Test>> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: (character) => !isDigit(character),
  W: (character) => !isWord(character),
  S: (character) => !isSpace(character),
};
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

export function parsePattern(source: string): Node {
  return new Parser(source).parse();
}

class Parser {
  readonly #characters: readonly string[];
  readonly #ignoresCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#characters = Array.from(source);
    this.#ignoresCase = source.startsWith(ANY_CASE);
    if (this.#ignoresCase) this.#at = ANY_CASE.length;
  }

  parse(): Node {
    // Whoever anchors it says what holds anyway.
    if (this.#next === '^') this.#at += 1;
    const node = this.#choice();
    if (this.#isLastAnchor) this.#at += 1;
    if (this.#next !== undefined) throw this.#error('this ")" closes nothing; write \\) for the character');
    return node;
  }

  get #isLastAnchor(): boolean {
    return this.#next === '$' && this.#at === this.#characters.length - 1;
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #error(message: string): PatternError {
    return new PatternError(this.#at, message);
  }

  #choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#next === '|') {
      this.#at += 1;
      nodes.push(this.#sequence());
    }
    return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#next !== undefined && !'|)'.includes(this.#next) && !this.#isLastAnchor) nodes.push(this.#repeated());
    return { kind: 'sequence', nodes };
  }

  #repeated(): Node {
    const node = this.#one();
    const bounds = this.#bounds();
    if (bounds === undefined) return node;
    if (this.#next !== undefined && '*+?{'.includes(this.#next)) {
      throw this.#error('a repetition of a repetition is not possible; one of the two is enough');
    }
    return { kind: 'repeat', node, ...bounds };
  }

  #bounds(): { readonly least: number; readonly most: number } | undefined {
    const simple = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[this.#next ?? ''];
    if (simple !== undefined) {
      this.#at += 1;
      const [least = 0, most = 0] = simple;
      return { least, most };
    }
    if (this.#next !== '{') return undefined;
    const rest = this.#characters.slice(this.#at, this.#at + 20).join('');
    const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(rest);
    if (counted === null) throw this.#error('"{" counts repetitions, as in {2} or {2,5}; write \\{ for the character');
    const [written, from = '', comma, to] = counted;
    const least = Number(from);
    const most = comma === undefined ? least : to === undefined ? Infinity : Number(to);
    if (most < least || Math.max(least, most === Infinity ? 0 : most) > MOST_REPEATS) {
      throw this.#error(`from the smaller to the larger number, at most ${MOST_REPEATS}`);
    }
    this.#at += written.length;
    return { least, most };
  }

  #one(): Node {
    const character = this.#next ?? '';
    switch (character) {
      case '.':
        this.#at += 1;
        return { kind: 'character', test: () => true };
      case '[':
        return { kind: 'character', test: this.#set() };
      case '(':
        return this.#group();
      case '\\':
        return { kind: 'character', test: this.#cased(this.#escape()) };
      case '*':
      case '+':
      case '?':
      case '{':
        throw this.#error(
          `there is nothing before this "${character}" to repeat; write \\${character} for the character`,
        );
      case '^':
      case '$':
        throw this.#error(`a pattern always has to match the whole text; write \\${character} for the character`);
      default:
        this.#at += 1;
        return { kind: 'character', test: this.#cased((other) => other === character) };
    }
  }

  #group(): Node {
    const start = this.#at;
    this.#at += 1;
    if (this.#next === '?') {
      if (this.#characters[this.#at + 1] !== ':') {
        const isNegation = '!' === this.#characters[this.#at + 1] || '!' === this.#characters[this.#at + 2];
        throw new PatternError(
          start,
          isNegation
            ? 'there is no "not": list what is meant, or put a rule for the others above this one, which takes or ignores them'
            : 'of the groups with "(?" only (?:…) is known, and (?i) at the very beginning',
        );
      }
      this.#at += 2;
    }
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new PatternError(start, `groups nest more than ${DEEPEST} deep here`);
    const node = this.#choice();
    this.#depth -= 1;
    if (this.#next !== ')') throw new PatternError(start, 'this "(" is never closed; write \\( for the character');
    this.#at += 1;
    return node;
  }

  #escape(): Test {
    const start = this.#at;
    this.#at += 1;
    const character = this.#next;
    if (character === undefined)
      throw new PatternError(start, 'after "\\" a character must follow; write \\\\ for itself');
    const known = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (known === undefined && /[A-Za-z0-9]/.test(character) && !Object.hasOwn(CONTROLS, character)) {
      throw new PatternError(
        start,
        `"\\${character}" is not known; there are \\d, \\w, \\s, \\D, \\W, \\S, \\n, \\r and \\t`,
      );
    }
    this.#at += 1;
    const literal = CONTROLS[character] ?? character;
    return known ?? ((other) => other === literal);
  }

  #cased(test: Test): Test {
    if (!this.#ignoresCase) return test;
    return (character) => [character, character.toLowerCase(), character.toUpperCase()].some(test);
  }

  #set(): Test {
    const start = this.#at;
    this.#at += 1;
    const isNegated = this.#next === '^';
    if (isNegated) this.#at += 1;
    const tests: Test[] = [];
    while (this.#next !== ']') {
      if (this.#next === undefined)
        throw new PatternError(start, 'this "[" is never closed; write \\[ for the character');
      tests.push(this.#member());
    }
    this.#at += 1;
    if (tests.length === 0) throw new PatternError(start, 'a set needs at least one character, as in [a-z]');
    const has = this.#cased((character) => tests.some((test) => test(character)));
    return isNegated ? (character) => !has(character) : has;
  }

  #member(): Test {
    const start = this.#at;
    const first = this.#setCharacter();
    if (typeof first !== 'string') return first;
    if (this.#next !== '-' || this.#characters[this.#at + 1] === ']') return (other) => other === first;
    this.#at += 1;
    const last = this.#next === undefined ? first : this.#setCharacter();
    const [from, to] = [codeOf(first), typeof last === 'string' ? codeOf(last) : NaN];
    if (!(from <= to)) throw new PatternError(start, 'a range goes from a character to a later one, as in a-z');
    return (other) => from <= codeOf(other) && codeOf(other) <= to;
  }

  #setCharacter(): string | Test {
    const character = this.#next ?? '';
    if (character !== '\\') {
      this.#at += 1;
      return character;
    }
    const escaped = this.#characters[this.#at + 1] ?? '';
    const test = this.#escape();
    return Object.hasOwn(CLASSES, escaped) ? test : (CONTROLS[escaped] ?? escaped);
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
