import type { SchemaError } from './compiled-validator.js';

/** Temporal takes 2 MiB in one payload; input, what Pigeon makes of it, and our own state must fit into it together. */
const MAX_INPUT_BYTES = 262_144;

/** What to say of an input that is too large; null when it is not. */
export function tooLarge(value: unknown, max = MAX_INPUT_BYTES): string | null {
  const bytes = utf8Length(value);
  return bytes > max ? `input: must have at most ${max} bytes, and has ${bytes}` : null;
}

/** Of its JSON, as Temporal carries it; `Buffer` does not exist in workflows. */
export function utf8Length(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
}

const MAX_ERRORS = 20;

const EXACTLY_ONE: Readonly<Record<string, string>> = {
  '#/allOf/0/oneOf': 'exactly one of callflowId and callflow must be given',
  '#/allOf/1/oneOf': 'exactly one of guidanceId and guidance must be given',
};

export function describeErrors(errors: readonly SchemaError[]): readonly string[] {
  const orNull = new Set(errors.filter(wantsNull).map(({ schemaPath }) => unionOf(schemaPath)));
  const lines = errors.map((error) => {
    const one = EXACTLY_ONE[error.schemaPath];
    if (one !== undefined) return one;
    // An unknown key of the reactions is reported twice; `propertyNames` names it.
    if (error.schemaPath.endsWith('/propertyNames/pattern')) return undefined;
    // The branches of a union report one error each; the union's own says what is wanted, but where all but one is null.
    if (orNull.has(error.schemaPath) || wantsNull(error)) return undefined;
    const union = unionOf(error.schemaPath);
    if (union !== null && !orNull.has(union)) return undefined;
    return `${fieldOf(error)}: ${wanted(error)}`;
  });
  const different = [...new Set(lines.filter((line) => line !== undefined))];
  const shown = different.slice(0, MAX_ERRORS);
  return different.length > shown.length ? [...shown, `and ${different.length - shown.length} more`] : shown;
}

const wantsNull = ({ keyword, params }: SchemaError): boolean => keyword === 'type' && params['type'] === 'null';

/** The union of which this is a branch. */
const unionOf = (schemaPath: string): string | null => /^(.*\/(?:anyOf|oneOf))\/\d+\//.exec(schemaPath)?.[1] ?? null;

function fieldOf({ instancePath }: SchemaError): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  return path === '' ? 'input' : path.slice(0, 200);
}

function wanted({ keyword, params, message, schemaPath }: SchemaError): string {
  if (keyword === 'pattern' && String(params['pattern']).includes('[smhd]'))
    return 'must be a duration such as 30s, 5m, 4h or 2d';
  if (keyword === 'pattern' && schemaPath.includes('phoneNumber'))
    return 'must be a telephone number as a string of digits';
  if (keyword === 'propertyNames') return `has the key "${String(params['propertyName'])}"; keys are "1" to "9"`;
  if (keyword === 'anyOf' && schemaPath.includes('onUnknownOutcome')) return 'must be "giveUp" or "callAgain"';
  if (keyword === 'anyOf' && schemaPath.includes('parameters'))
    return 'must be text of at most 10000 characters, a number or a boolean';
  if (keyword === 'anyOf' && schemaPath.includes('until')) return 'must be "resolved" or "acknowledged"';
  if (keyword === 'anyOf' && schemaPath.includes('/keys/'))
    return 'must be an action of the normal form, such as {"kind": "acknowledge"}';
  if (keyword === 'anyOf' && schemaPath.includes('/attempts/')) return 'must be 1 to 1000, or "unlimited"';
  if (keyword === 'anyOf' && schemaPath.includes('/otherwise/'))
    return 'must be {"kind": "escalate", "step": "…"} or {"kind": "exhausted"}';
  if (keyword === 'anyOf') return 'must have one of the types of its schema';
  return message ?? 'is not valid';
}
