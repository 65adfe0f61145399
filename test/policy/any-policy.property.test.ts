import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/policy/read-policy.js';
import { checkPolicy } from '../../src/incident/policy.js';
import { policyFile } from './policy-file.arbitrary.js';
import { schemaAccepts, validate } from './published-schema.js';

test('an incident takes every policy that the reader accepts', () => {
  let accepted = 0;
  fc.assert(
    fc.property(policyFile, (file) => {
      const reading = readPolicy(JSON.stringify(file));
      if (!reading.ok) return;
      accepted += 1;
      expect(checkPolicy(reading.policy)).toMatchObject({ ok: true });
    }),
    { numRuns: 300 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test('the published schema accepts whatever the reader accepts', () => {
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
