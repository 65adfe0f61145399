import { describe, expect, test } from 'vitest';
import { alertOf, checkIncidentInput } from '../../src/incident/check-incident.js';

describe('the severity of an incident, however it is opened', () => {
  test.for([
    ['P0', 'critical'],
    ['緊急', 'critical'],
    ['warning', 'warning'],
    ['', 'error'],
    ['terrible', 'error'],
    [undefined, 'error'],
  ] as const)('%j opens it as %s', ([severity, expected]) => {
    const checked = checkIncidentInput({
      policy: 'web',
      dedupKey: 'k',
      summary: 'a',
      ...(severity !== undefined && { severity }),
    });
    expect(checked).toMatchObject({ ok: true, input: { alert: { severity: expected } } });
  });

  test('is read again in the same way when it is reported again', () => {
    expect(alertOf({ summary: 'a', severity: 'SEV-1' })).toEqual({ summary: 'a', severity: 'critical' });
  });
});
