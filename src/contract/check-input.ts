import type { SchemaError } from './compiled-validator.js';
import { durationMs } from './duration.js';
import type { PigeonCallInput } from './pigeon-call-schema.js';
import { validatePigeonCallInput } from './validators.generated.js';

/** The input of a call with its defaults filled in. */
export interface CheckedCallInput {
  readonly callflowId?: string;
  readonly callflow?: NonNullable<PigeonCallInput['callflow']>;
  readonly guidanceId?: string;
  readonly guidance?: NonNullable<PigeonCallInput['guidance']>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly waitMs: number;
  readonly deadlineMs: number;
  readonly onUnknownOutcome: 'giveUp' | 'callAgain';
}

export type Checked =
  { readonly ok: true; readonly input: CheckedCallInput } | { readonly ok: false; readonly errors: readonly string[] };

/** Checks the input of `pigeonCall`. Each error names the field and what it must be; unknown keys are ignored. */
export function checkPigeonCallInput(value: unknown): Checked {
  const bytes = utf8Length(value);
  if (bytes > MOST_BYTES)
    return { ok: false, errors: [`input: must have at most ${MOST_BYTES} bytes, and has ${bytes}`] };
  if (!isPigeonCallInput(value)) return { ok: false, errors: describe(validatePigeonCallInput.errors ?? []) };
  const { callflowId, callflow, guidanceId, guidance, parameters, waitTime, deadline, onUnknownOutcome } = value;
  if (
    guidance !== undefined &&
    !Object.values(guidance.reactions).some((reaction) => reaction.behavior === 'terminate')
  ) {
    return { ok: false, errors: ['guidance.reactions: at least one key must have the behavior "terminate"'] };
  }
  return {
    ok: true,
    input: {
      ...(callflowId !== undefined && { callflowId }),
      ...(callflow !== undefined && { callflow }),
      ...(guidanceId !== undefined && { guidanceId }),
      ...(guidance !== undefined && { guidance }),
      parameters: Object.fromEntries(Object.entries(parameters ?? {}).map(([name, text]) => [name, String(text)])),
      waitMs: (waitTime ?? 15) * 1000,
      deadlineMs: durationMs(deadline ?? '24h'),
      onUnknownOutcome: onUnknownOutcome ?? 'giveUp',
    },
  };
}

/** Temporal takes 2 MiB in one payload; input, what Pigeon makes of it, and our own state must fit into it together. */
const MOST_BYTES = 262_144;

/** Of its JSON, as Temporal carries it; `Buffer` does not exist in workflows. */
function utf8Length(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
}

function isPigeonCallInput(value: unknown): value is PigeonCallInput {
  return validatePigeonCallInput(value);
}

const MOST_ERRORS = 20;

const EXACTLY_ONE: Readonly<Record<string, string>> = {
  '#/allOf/0/oneOf': 'exactly one of callflowId and callflow must be given',
  '#/allOf/1/oneOf': 'exactly one of guidanceId and guidance must be given',
};

function describe(errors: readonly SchemaError[]): readonly string[] {
  const lines = errors.map((error) => {
    const one = EXACTLY_ONE[error.schemaPath];
    if (one !== undefined) return one;
    // An unknown key of the reactions is reported twice; `propertyNames` names it.
    if (error.schemaPath.endsWith('/propertyNames/pattern')) return undefined;
    // The branches of a union report one error each; the union's own says what is wanted.
    if (/\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath)) return undefined;
    return `${fieldOf(error)}: ${wanted(error)}`;
  });
  const different = [...new Set(lines.filter((line) => line !== undefined))];
  const shown = different.slice(0, MOST_ERRORS);
  return different.length > shown.length ? [...shown, `and ${different.length - shown.length} more`] : shown;
}

function fieldOf({ instancePath }: SchemaError): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  return path === '' ? 'input' : path.slice(0, 200);
}

function wanted({ keyword, params, message, schemaPath }: SchemaError): string {
  if (keyword === 'pattern' && schemaPath.includes('deadline')) return 'must be a duration such as 30s, 5m, 4h or 2d';
  if (keyword === 'pattern' && schemaPath.includes('phoneNumber'))
    return 'must be a telephone number as a string of digits';
  if (keyword === 'propertyNames') return `has the key "${String(params['propertyName'])}"; keys are "1" to "9"`;
  if (keyword === 'anyOf' && schemaPath.includes('onUnknownOutcome')) return 'must be "giveUp" or "callAgain"';
  if (keyword === 'anyOf' && schemaPath.includes('parameters')) return 'must be text, a number or a boolean';
  return message ?? 'is not valid';
}
