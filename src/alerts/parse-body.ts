import type { BodyProblem } from './field.js';

/** Far deeper than any sender nests; less than what would take a reader down that calls itself once a level. */
const DEEPEST = 64;

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
  if (isTooDeep) return refused(`the body must not nest deeper than ${DEEPEST} levels`);
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
    if (depth > DEEPEST) return { isTooDeep: true, longIntegers: [] };
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
