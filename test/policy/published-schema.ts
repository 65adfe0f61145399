import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { projectRoot } from '../../tools/engine/project-root.js';

const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/policy.json'), 'utf8')) as object;
export const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What an editor with the published schema sees: numbers, texts and names, no quotes and no meaning. */
export function schemaAccepts(text: string): boolean {
  return validate(parse(text, { merge: true, uniqueKeys: false, logLevel: 'silent' }));
}
