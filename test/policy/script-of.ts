import type { Policy } from '../../src/contract/policy-schema.js';
import { readScript, type Script } from '../../src/simulate/script.js';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';

/** The script of a text without errors; a value is written as JSON. */
export function scriptOf(policy: Policy, script: string | object): Script {
  const text = typeof script === 'string' ? script : JSON.stringify(script);
  const reading = readScript(text, policy);
  if (reading.ok) return reading.script;
  throw new Error(reading.problems.map((problem) => describeProblem(problem, 'script.yaml', text)).join('\n'));
}
