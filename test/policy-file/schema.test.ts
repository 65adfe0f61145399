import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readPolicy } from '../../src/policy-file/read-policy.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { broken, examples } from './policies.js';
import { policyFile } from './policy-file.arbitrary.js';

const schema = JSON.parse(readFileSync(join(projectRoot, 'schemas/policy.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** What an editor with the published schema sees: numbers, texts and names, no quotes and no meaning. */
function schemaAccepts(text: string): boolean {
  return validate(parse(text, { merge: true, uniqueKeys: false, logLevel: 'silent' }));
}

/** Mistakes that a schema cannot see: what is named elsewhere, what belongs together, what only quotes tell apart. */
const BEYOND_A_SCHEMA =
  /^(yaml-|key-twice|contact-unknown|contact-number|contact-name-on|contact-named-unknown|contacts-|number-(?!emer|full|with-words|without|s-of|in-quotes)|run-input|text-|parameter-(?!of)|pressed-key-(none|sentence|different|nobody|asked)|step-(unknown|unreachable|notes)|endless|unlimited|every-|duration-(snooze|hardly)|call-the-same|budget-smaller|call-with-two|call-loops|call-half|call-says)/;

describe('the published schema', () => {
  test.for(examples)('accepts policies/$name', ({ text }) => {
    schemaAccepts(text);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.for(broken.filter(({ name }) => !BEYOND_A_SCHEMA.test(name)))('refuses broken/$name', ({ text }) => {
    expect(schemaAccepts(text)).toBe(false);
  });

  test('accepts whatever the reader accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(policyFile, (file) => {
        const text = JSON.stringify(file);
        if (!readPolicy(text).ok) return;
        accepted += 1;
        schemaAccepts(text);
        expect(validate.errors ?? []).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
