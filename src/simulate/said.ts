import { callParameters } from '../policy/call-parameters.js';
import type { StepCall } from '../policy/policy.js';
import type { Parameters } from './script.js';

/** What the callee hears; null for a guidance stored in Pigeon, whose text nobody knows. */
export function said(call: StepCall, incident: Parameters): string | null {
  return call.guidance === undefined ? null : filled(call.guidance.messageTemplate, call, incident);
}

/** What is read after a key; null where there is nothing, or nobody knows. */
export function saidAfterKey(call: StepCall, key: string, incident: Parameters): string | null {
  const reactions = call.guidance?.reactions ?? {};
  const template = Object.hasOwn(reactions, key) ? reactions[key]?.messageTemplate : undefined;
  return template === undefined ? null : filled(template, call, incident);
}

/** As Pigeon presumably does: a name that has no value reads as nothing. */
function filled(template: string, call: StepCall, incident: Parameters): string {
  const values = callParameters(call, incident);
  return template.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : '',
  );
}
