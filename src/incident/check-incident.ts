import type { Until } from '../contract/incident-states.js';
import { describeErrors, tooLarge } from '../contract/describe-errors.js';
import type { AlertInput, IncidentInput } from '../contract/incident-schema.js';
import { MAX_PARAMETERS_LENGTH, MAX_POLICY_BYTES } from '../contract/limits.js';
import type { Policy } from '../contract/policy-schema.js';
import { severityOf } from '../contract/severity.js';
import { validateIncidentInput } from '../contract/validators.generated.js';
import { holdsOf } from './hold.js';
import { checkPolicy } from './policy.js';
import { type Alert, type Hold, sizeOf } from './state.js';

/** The input of an incident with its defaults filled in. */
export interface CheckedIncident {
  /** A name is still to be read. */
  readonly policy: Policy | string;
  readonly alert: Alert;
  readonly until: Until;
  /** The silences that are for it. */
  readonly holds: readonly Hold[];
}

export type IncidentChecked =
  { readonly ok: true; readonly input: CheckedIncident } | { readonly ok: false; readonly errors: readonly string[] };

/** With everything that is not the policy. */
const MAX_ALERT_BYTES = 262_144;

/** Checks the input of `incident`. Each error names the field and what it must be; unknown keys are ignored. */
export function checkIncidentInput(value: unknown): IncidentChecked {
  const large = tooLarge(value, MAX_POLICY_BYTES + MAX_ALERT_BYTES);
  if (large !== null) return { ok: false, errors: [large] };
  if (!isIncidentInput(value)) return { ok: false, errors: describeErrors(validateIncidentInput.errors ?? []) };
  const { policy, until = 'resolved' } = value;
  const alert = alertOf(value);
  const holds = holdsOf(value.heldBy);
  if (sizeOf(alert.parameters) > MAX_PARAMETERS_LENGTH) {
    return { ok: false, errors: [`parameters: must be at most ${MAX_PARAMETERS_LENGTH} characters of JSON in all`] };
  }
  if (typeof policy === 'string') {
    if (/^[a-z0-9][a-z0-9-]{0,59}$/.test(policy)) return { ok: true, input: { policy, alert, until, holds } };
    return {
      ok: false,
      errors: ['policy: must be the name of a policy (a-z, 0-9, -) or the policy in its normal form'],
    };
  }
  const checked = checkPolicy(policy);
  return checked.ok ? { ok: true, input: { policy: checked.policy, alert, until, holds } } : checked;
}

/** The part of an alert that decides and that calls need; the rest is in the input for anyone who reads it. */
export function alertOf({ summary, severity: word, parameters }: AlertInput): Alert {
  const severity = severityOf(word);
  if (parameters === undefined) return { summary, severity };
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)] as const);
  return { summary, severity, parameters: Object.fromEntries(texts) };
}

function isIncidentInput(value: unknown): value is IncidentInput {
  return validateIncidentInput(value);
}
