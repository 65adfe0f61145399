import { describeErrors, tooLarge } from './describe-errors.js';
import { durationMs } from './duration.js';
import type { PigeonCallInput } from './pigeon-call-schema.js';
import type { Callees, StepCall } from './policy-schema.js';
import { validatePigeonCallInput } from './validators.generated.js';

/** The input of a call with its defaults filled in. */
export interface CheckedCallInput {
  readonly callflowId?: string;
  readonly callflow?: NonNullable<PigeonCallInput['callflow']>;
  /** Of a call of an incident, in the place of a call flow. */
  readonly callees?: Callees;
  readonly guidanceId?: string;
  readonly guidance?: NonNullable<PigeonCallInput['guidance']>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly waitMs: number;
  readonly deadlineMs: number;
  /** Absent: nobody gave one. */
  readonly severity?: NonNullable<PigeonCallInput['severity']>;
  readonly onUnknownOutcome: 'giveUp' | 'callAgain';
}

export type Checked =
  { readonly ok: true; readonly input: CheckedCallInput } | { readonly ok: false; readonly errors: readonly string[] };

/** Checks the input of `pigeonCall`. Each error names the field and what it must be; unknown keys are ignored. */
export function checkPigeonCallInput(value: unknown): Checked {
  const large = tooLarge(value);
  if (large !== null) return { ok: false, errors: [large] };
  if (!isPigeonCallInput(value)) return { ok: false, errors: describeErrors(validatePigeonCallInput.errors ?? []) };
  const { callflowId, callflow, guidanceId, guidance, parameters, waitTime, deadline, severity, onUnknownOutcome } =
    value;
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
      ...(severity !== undefined && { severity }),
      onUnknownOutcome: onUnknownOutcome ?? 'giveUp',
    },
  };
}

/** The same for a call of a policy, which has been checked; whom it calls may be known only at its POST. */
export function checkStepCall({ callees, ...call }: StepCall & Pick<PigeonCallInput, 'onUnknownOutcome'>): Checked {
  if (callees === undefined) return checkPigeonCallInput(call);
  const checked = checkPigeonCallInput({ ...call, callflowId: 'callees' });
  if (!checked.ok) return checked;
  const { callflowId: _, ...input } = checked.input;
  return { ok: true, input: { ...input, callees } };
}

function isPigeonCallInput(value: unknown): value is PigeonCallInput {
  return validatePigeonCallInput(value);
}
