import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { projectRoot } from '../../tools/engine/project-root.js';

const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/routes.json'), 'utf8')) as object;
export const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
