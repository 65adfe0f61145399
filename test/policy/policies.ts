import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import type { Policy } from '../../src/contract/policy-schema.js';
import { projectRoot } from '../../tools/engine/project-root.js';

export interface TextFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

const yamlFiles = (folder: string): readonly TextFile[] =>
  readdirSync(join(projectRoot, folder))
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => {
      const path = join(projectRoot, folder, name);
      return { name, path, text: readFileSync(path, 'utf8') };
    });

export const examples = yamlFiles('policies');
export const scripts = yamlFiles('policies/scripts');
export const broken = yamlFiles('test/policy/broken');

/** The policy of a file without errors; else the test fails with what the user would read. */
export function policyOf(text: string): Policy {
  const reading = readPolicy(text);
  if (reading.ok) return reading.policy;
  throw new Error(reading.problems.map((problem) => describeProblem(problem, 'policy.yaml', text)).join('\n'));
}

/** What the user reads. */
export function described(text: string, file = 'policy.yaml'): readonly string[] {
  return readPolicy(text).problems.map((problem) => describeProblem(problem, file, text));
}

/** The first lines alone: `error: …`, without the place. */
export function messages(text: string): readonly string[] {
  return readPolicy(text).problems.map(({ severity, message }) => `${severity}: ${message}`);
}

/** A policy with one step, whose lines are given. */
export function oneStep(step: string, top = ''): string {
  return `name: web
parameters: [server]
contacts:
  tanaka: { name: 田中, phone: "0300000001" }
  yamada: { phone: "+81-300-000-002" }
steps:
  primary: ${step}
start: primary
budget: { calls: 50, within: 1d }
${top}`;
}
