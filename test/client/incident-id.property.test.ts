import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidentId } from '../../src/client/incident-id.js';

test('has an id of at most 200 bytes, whatever its integration is called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (route, dedupKey) => {
      expect(incidentId({ source: 'sns', route, dedupKey })).toMatch(/^incident\/[a-z0-9-]{1,60}-[0-9a-f]{12}$/);
    }),
  );
});
