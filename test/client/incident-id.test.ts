import { describe, expect, test } from 'vitest';
import { incidentId } from '../../src/client.js';

describe('the id of an incident', () => {
  test('is what anybody can make of the source, the route and the key', () => {
    // printf '["zabbix","two-levels","ディスク満杯 web1"]' | sha256sum
    expect(incidentId({ source: 'zabbix', route: 'two-levels', dedupKey: 'ディスク満杯 web1' })).toBe(
      'incident/two-levels-fece0206a7d0',
    );
    // printf '["","hold","a"]' | sha256sum
    expect(incidentId({ route: 'hold', dedupKey: 'a' })).toBe('incident/hold-499c0c64c01c');
  });

  test('is another for another source, route or key, also where their texts run together', () => {
    const ids = [
      { source: 'a', route: 'b', dedupKey: 'c' },
      { source: 'a', route: 'bc', dedupKey: '' },
      { source: 'ab', route: '', dedupKey: 'c' },
      { source: '', route: 'b', dedupKey: 'c' },
      { source: 'a', route: 'b', dedupKey: '","c' },
    ].map(incidentId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.for<[string, string]>([
    ['本番 Web', 'incident/web-'],
    ['本番', 'incident/route-'],
    ['--A__B--', 'incident/a-b-'],
    [`${'a'.repeat(59)}-b`, `incident/${'a'.repeat(59)}-`],
    ['0312345678 Tanaka'.repeat(20), 'incident/0312345678-tanaka'],
  ])('a route %j is plain and short in it', ([route, start]) => {
    const id = incidentId({ route, dedupKey: 'tanaka@example.com' });
    expect(id).toMatch(/^incident\/[a-z0-9-]{1,60}-[0-9a-f]{12}$/);
    expect(id.startsWith(start)).toBe(true);
    expect(id).not.toContain('example');
  });
});
