import type { StepCall } from './policy.js';

/** What fills {{name}} in the guidance of a call: the incident's parameters, and the step's own, which win. */
export function callParameters(
  call: StepCall,
  incident: NonNullable<StepCall['parameters']>,
): NonNullable<StepCall['parameters']> {
  return { ...incident, ...call.parameters };
}
