import { describe, expect, test } from 'vitest';
import { parseScript, ScriptError } from '../../src/simulate/script.js';

const MINUTE = 60_000;

describe('a script', () => {
  test.for([undefined, null, {}])('may be empty (%j): everybody is silent', (value) => {
    expect(parseScript(value)).toEqual({
      opening: { alert: { summary: 'simulated incident', severity: 'error' }, until: 'resolved' },
      parameters: {},
      calls: {},
      operator: [],
      outages: [],
      restarts: [],
      runs: {},
      horizon: 7 * 24 * 60 * MINUTE,
    });
  });

  test('is read with all its fields', () => {
    const script = parseScript({
      incident: {
        summary: 'disk full',
        severity: 'critical',
        until: 'acknowledged',
        parameters: { server: 'web-1', n: 2 },
      },
      calls: { 田中: ['silence', '1 after 8s', 2], '0300000002': 'busy after 1s', flow: 'refused' },
      operator: [
        { at: '10m', do: 'acknowledge', by: 'sato', takeOver: true },
        { at: '11m', do: 'escalate', to: 'manager' },
        { at: '12m', do: 'alert', summary: 'worse' },
      ],
      outages: [{ from: '0s', to: '5m', reason: 'no token' }],
      restarts: ['7m'],
      runs: { restartWeb: ['fails after 10s', 'hangs'] },
      horizon: '1h',
    });
    expect(script).toEqual({
      opening: { alert: { summary: 'disk full', severity: 'critical' }, until: 'acknowledged' },
      parameters: { server: 'web-1', n: 2 },
      calls: {
        田中: [
          { kind: 'noKey', word: 'silence', afterMs: 30_000 },
          { kind: 'presses', key: '1', afterMs: 8_000 },
          { kind: 'presses', key: '2', afterMs: 8_000 },
        ],
        '0300000002': [{ kind: 'noKey', word: 'busy', afterMs: 1_000 }],
        flow: [{ kind: 'runEnds', outcome: 'refused', afterMs: 1_000 }],
      },
      operator: [
        { kind: 'acknowledge', at: 10 * MINUTE, by: 'sato', note: undefined, takeOver: true },
        { kind: 'escalate', at: 11 * MINUTE, by: undefined, to: 'manager', from: undefined },
        { kind: 'alert', at: 12 * MINUTE, alert: { summary: 'worse', severity: 'error' } },
      ],
      outages: [{ from: 0, to: 5 * MINUTE, reason: 'no token' }],
      restarts: [7 * MINUTE],
      runs: { restartWeb: [{ kind: 'fails', afterMs: 10_000 }, { kind: 'hangs' }] },
      horizon: 60 * MINUTE,
    });
  });

  test.for([
    [[], [], 'script: must be an object'],
    [{ cals: {} }, ['cals'], 'cals: no such field'],
    [{ calls: { 田中: 'sleeps' } }, ['calls', '田中'], 'calls.田中: must be a key'],
    [{ calls: { 田中: ['silence', '1 after soon'] } }, ['calls', '田中', 1], 'calls.田中[1]: must be a key'],
    [{ calls: { 田中: [] } }, ['calls', '田中'], 'must name at least one'],
    [{ calls: { 田中: 0 } }, ['calls', '田中'], 'must be a key'],
    [{ calls: { 田中: 'constructor' } }, ['calls', '田中'], 'must be a key'],
    [{ operator: {} }, ['operator'], 'must be a list'],
    [{ operator: [{ at: '1m' }] }, ['operator', 0, 'do'], 'operator[0].do: must be one of acknowledge, resolve'],
    [{ operator: [{ at: '1m', do: 'hangUp', note: 'x' }] }, ['operator', 0, 'note'], 'no such field'],
    [{ operator: [{ at: 'soon', do: 'hangUp' }] }, ['operator', 0, 'at'], 'must be a duration'],
    [{ operator: [{ do: 'hangUp' }] }, ['operator', 0, 'at'], 'must be a duration'],
    [{ operator: [{ at: '1m', do: 'acknowledge', takeOver: 'yes' }] }, ['operator', 0, 'takeOver'], 'true or false'],
    [{ operator: [{ at: '1m', do: 'resolve', by: 3 }] }, ['operator', 0, 'by'], 'must be a text'],
    [{ outages: [{ from: '5m', to: '5m' }] }, ['outages', 0, 'to'], 'must be later than `from`'],
    [{ runs: { restartWeb: 'hangs after 3s' } }, ['runs', 'restartWeb'], 'must be `ends`'],
    [{ incident: { severity: 'bad' } }, ['incident', 'severity'], 'must be one of critical, error, warning, info'],
    [{ incident: { parameters: { a: [] } } }, ['incident', 'parameters', 'a'], 'must be a text, a number'],
    [{ horizon: 7 }, ['horizon'], 'must be a duration'],
  ] as const)('%j is refused, naming the field', ([value, path, message]) => {
    const thrown = thrownBy(() => parseScript(value));
    expect(thrown.path).toEqual(path);
    expect(thrown.message).toContain(message);
  });

  test('a wrong field never shows a whole telephone number', () => {
    const thrown = thrownBy(() => parseScript({ calls: { '0300000001': 'sleeps' } }));
    expect(thrown.message).toMatch(/^calls\.…0001: must be a key/);
  });
});

function thrownBy(act: () => unknown): ScriptError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}
