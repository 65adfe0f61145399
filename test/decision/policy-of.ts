import type { Policy, Step } from '../../src/contract/policy-schema.js';

/** A step with one stored call, and what the test says of it. */
export function step(part: Partial<Step> = {}): Step {
  return {
    call: [{ callflowId: 'flow', guidanceId: 'guidance' }],
    attempts: 1,
    every: '1m',
    keys: { '1': { kind: 'acknowledge' } },
    otherwise: { kind: 'exhausted' },
    ...part,
  };
}

/** A policy of these steps; the first is the start. */
export function policyOf(steps: Readonly<Record<string, Step>>, part: Partial<Policy> = {}): Policy {
  const start = Object.keys(steps)[0] ?? 'primary';
  return {
    version: 1,
    name: 'test',
    start,
    parameters: [],
    contacts: {},
    steps,
    acknowledged: { resolveWithin: '4h', otherwise: { kind: 'escalate', step: start } },
    budget: { calls: 50, within: '1d' },
    ...part,
  };
}
