import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { projectRoot } from '../../tools/engine/project-root.js';

const compiled = (name: string) =>
  new Ajv({ strict: false, allErrors: true }).compile(
    JSON.parse(readFileSync(join(projectRoot, 'schemas', name), 'utf8')) as object,
  );
export const validate = compiled('policy.json');
export const validateScript = compiled('policy-script.json');

/** What an editor with the published schema sees: numbers, texts and names, no quotes and no meaning. */
export function schemaAccepts(text: string): boolean {
  return validate(parse(text, { merge: true, uniqueKeys: false, logLevel: 'silent' }));
}
