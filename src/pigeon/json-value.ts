/** Tolerant reading of JSON that nobody has specified: a value has the wanted shape, or it counts as absent. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOrNull(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

/** A string with something in it, as it came; null otherwise. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** The JSON of a body; undefined when it is none. The parser's error is dropped: it quotes the body. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
