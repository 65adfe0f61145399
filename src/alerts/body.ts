import type { BodyProblem } from './field.js';

/** What is read of a body. PagerDuty takes half of it, SNS a quarter. */
const MOST_BYTES = 1_048_576;
/** Of one with a list that may be cut: some 3,000 alerts of Alertmanager. */
export const MOST_BYTES_WITH_LIST = 4_194_304;
/** Of what stands around such a list, its key among it. */
const MOST_BYTES_AROUND = 1_048_576;
/** Only to be thrown away behind the bound: more than this no sender writes in the time that a request has. */
const MOST_BYTES_SENT = 67_108_864;
/** Of a text at the top of the body: Grafana writes all its alerts into `message` once more. */
const MOST_BYTES_OF_TEXT = 65_536;

/** The bytes of a body that are read, and what is not. */
export interface CutBody {
  readonly bytes: Buffer;
  /** Elements of the list that were left out. */
  readonly leftOut: number;
}

/** A body that is larger than what is read of it, and that cannot be cut. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  constructor(readonly mostBytes: number) {
    super(`a body has at most ${mostBytes} bytes`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Takes a body as it comes, in memory that is bounded. What JSON has in the list `longList` at its top is left out behind the
 * bound, element by element, and what follows the list is read again: Alertmanager writes the key of a group last. So the
 * result is JSON whenever the body is.
 *
 * No parser of streams is needed for that: where a list begins and ends is told by quotes and brackets alone.
 */
export class BodyCutter {
  #kept: Growing;
  readonly #mostBytes: number;
  #sentBytes = 0;
  #leftOut = 0;
  #depth = 0;
  #isQuoted = false;
  #isEscaped = false;
  /** The text that is read at the top of the body, and how long it is. */
  #text = '';
  #textBytes = 0;
  /** Whose value is read at the top of the body. */
  #key = '';
  #isValue = false;
  #isDropping = false;

  /** @param longList undefined: nothing is left out. */
  constructor(
    private readonly longList: string | undefined,
    mostBytes = longList === undefined ? MOST_BYTES : MOST_BYTES_WITH_LIST,
  ) {
    this.#mostBytes = mostBytes;
    this.#kept = new Growing(mostBytes);
  }

  /** The memory that it takes. */
  get heldBytes(): number {
    return this.#kept.space;
  }

  /** @throws BodyTooLarge */
  push(chunk: Buffer): void {
    const wasWithin = this.#sentBytes <= this.#mostBytes;
    this.#sentBytes += chunk.length;
    if (this.#sentBytes > MOST_BYTES_SENT) throw new BodyTooLarge(MOST_BYTES_SENT);
    if (this.#sentBytes <= this.#mostBytes) return this.#keep(chunk);
    if (this.longList === undefined) throw new BodyTooLarge(this.#mostBytes);
    // Only now it has to be looked at.
    const unseen = wasWithin ? [this.#kept.bytes] : [];
    if (wasWithin) this.#kept = new Growing(this.#mostBytes);
    for (const part of [...unseen, chunk]) this.#cut(part);
  }

  finish(): CutBody {
    return { bytes: this.#kept.bytes, leftOut: this.#leftOut };
  }

  #cut(chunk: Buffer): void {
    let from = this.#isDropping ? chunk.length : 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const wasDropping = this.#isDropping;
      this.#look(chunk[index] ?? 0, this.#kept.length + (index - from));
      if (this.#isDropping === wasDropping) continue;
      if (this.#isDropping) this.#keep(chunk.subarray(from, index));
      from = this.#isDropping ? chunk.length : index;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(chunk: Buffer): void {
    if (this.#kept.length + chunk.length > this.#mostBytes + MOST_BYTES_AROUND) throw new BodyTooLarge(this.#mostBytes);
    this.#kept.push(chunk);
  }

  /** Follows the body by one byte; all that counts is ASCII, and no byte of another character is. */
  #look(byte: number, keptBytes: number): void {
    if (this.#isQuoted) return this.#lookInText(byte, keptBytes);
    if (byte === QUOTE) {
      this.#isQuoted = true;
      this.#text = '';
      this.#textBytes = 0;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (this.#isDropping && this.#depth === 2) this.#leftOut += 1;
      this.#depth += 1;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      this.#depth -= 1;
      // The end of the list itself is kept.
      if (this.#depth === 1) this.#isDropping = false;
    } else if (this.#depth === 1 && byte === COLON) {
      this.#key = this.#text;
      this.#isValue = true;
    } else if (this.#depth === 1 && byte === COMMA) {
      this.#isValue = false;
    } else if (this.#depth === 2 && byte === COMMA && this.#key === this.longList && keptBytes >= this.#mostBytes) {
      this.#isDropping = true;
    }
  }

  #lookInText(byte: number, keptBytes: number): void {
    const isAtTop = this.#depth === 1;
    const wasEscaped = this.#isEscaped;
    this.#isEscaped = byte === BACKSLASH && !wasEscaped;
    if (byte === QUOTE && !wasEscaped) {
      this.#isQuoted = false;
      if (isAtTop) this.#isDropping = false;
      return;
    }
    if (!isAtTop) return;
    this.#textBytes += 1;
    if (!this.#isValue) {
      if (this.#textBytes <= LONGEST_KEY) this.#text += String.fromCharCode(byte);
    } else if (this.#textBytes > MOST_BYTES_OF_TEXT && keptBytes >= this.#mostBytes && this.#key !== 'groupKey') {
      // Only before a character begins that is not part of an escape, such as \u3042.
      const begins = byte >= 0xc0 || (byte < 0x80 && byte !== BACKSLASH && !isHexDigit(byte));
      if (begins && !wasEscaped) this.#isDropping = true;
    }
  }
}

/** Bytes in one piece: a chunk of one byte, of which a sender can make a million, takes some hundred on its own. */
class Growing {
  #space = Buffer.alloc(0);
  length = 0;

  /** @param usual What is seldom more; until then it doubles. */
  constructor(private readonly usual: number) {}

  get space(): number {
    return this.#space.length;
  }

  get bytes(): Buffer {
    return this.#space.subarray(0, this.length);
  }

  push(chunk: Buffer): void {
    const length = this.length + chunk.length;
    if (length > this.#space.length) {
      const grown =
        this.#space.length < this.usual
          ? Math.min(this.#space.length * 2, this.usual)
          : this.#space.length + STEP_BYTES;
      const larger = Buffer.allocUnsafeSlow(Math.max(length, grown));
      this.bytes.copy(larger);
      this.#space = larger;
    }
    chunk.copy(this.#space, this.length);
    this.length = length;
  }
}

const STEP_BYTES = 262_144;
const LONGEST_KEY = 64;

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66);
}

/** Far deeper than any sender nests; less than what would take a reader down that calls itself once a level. */
const MAX_DEPTH = 64;

export type ParsedBody =
  { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly problem: BodyProblem };

/**
 * The body of a request, whatever type its header claims (SNS sends JSON as text/plain): JSON, or the text itself where
 * it does not begin as JSON, or undefined where there is nothing.
 */
export function parseBody(bytes: Uint8Array): ParsedBody {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('the body must be UTF-8');
  }
  const start = text.trimStart();
  if (start === '') return { ok: true, body: undefined };
  const { isTooDeep, longIntegers } = lookedThrough(text);
  if (isTooDeep) return refused(`the body must not nest deeper than ${MAX_DEPTH} levels`);
  try {
    return { ok: true, body: JSON.parse(withQuotes(text, longIntegers)) as unknown };
  } catch {
    // The parser's own words would repeat what was sent.
    return /^[[{]/.test(start) ? refused('the body must be valid JSON') : { ok: true, body: text };
  }
}

function refused(message: string): ParsedBody {
  return { ok: false, problem: { pointer: '', message } };
}

/** As a number of JavaScript it would become another one, and two keys could become the same. */
const LONG_INTEGER = /-?\d{16,}(?![\d.eE])/y;

/** One look at each character, so that no text takes longer than its length. */
function lookedThrough(text: string): {
  readonly isTooDeep: boolean;
  readonly longIntegers: readonly (readonly [from: number, to: number])[];
} {
  const longIntegers: [number, number][] = [];
  let depth = 0;
  let quoted = false;
  let isBehindNumber = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
      continue;
    }
    const isOfNumber = (character >= '0' && character <= '9') || '-+.eE'.includes(character);
    if (isOfNumber && !isBehindNumber) {
      LONG_INTEGER.lastIndex = index;
      if (LONG_INTEGER.test(text)) longIntegers.push([index, LONG_INTEGER.lastIndex]);
    }
    isBehindNumber = isOfNumber;
    if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return { isTooDeep: true, longIntegers: [] };
  }
  return { isTooDeep: false, longIntegers };
}

/** The numbers at these places as texts, with each of their digits. */
function withQuotes(text: string, places: readonly (readonly [from: number, to: number])[]): string {
  let from = 0;
  const parts = places.map(([start, end]) => {
    const part = `${text.slice(from, start)}"${text.slice(start, end)}"`;
    from = end;
    return part;
  });
  return parts.join('') + text.slice(from);
}
