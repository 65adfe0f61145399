import { describe, expect, test } from 'vitest';
import { broken, examples } from './policies.js';
import { schemaAccepts, validate } from './published-schema.js';

/** Mistakes that a schema cannot see: what is named elsewhere, what belongs together, what only quotes tell apart. */
const BEYOND_A_SCHEMA =
  /^(yaml-|last-level|key-twice|contact-unknown|contact-number|contact-name-on|contact-named-unknown|contacts-|number-(?!emer|full|with-words|without|s-of|in-quotes)|run-input|text-|parameter-(?!of)|pressed-key-(none|sentence|different|nobody|asked)|step-(unknown|unreachable|notes)|endless|unlimited|every-|duration-(snooze|hardly)|call-the-same|budget-smaller|call-with-two|call-loops|call-half|call-says|after-too-long|rounds-of-)/;

describe('the published schema', () => {
  test.for(examples)('accepts policies/$name', ({ text }) => {
    schemaAccepts(text);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.for(broken.filter(({ name }) => !BEYOND_A_SCHEMA.test(name)))('refuses broken/$name', ({ text }) => {
    expect(schemaAccepts(text)).toBe(false);
  });
});
