import { expect, test } from 'vitest';
import { isLevelReport } from '../../src/workflows/incident/level-messages.js';

const LEVEL = {
  number: 2,
  step: 'duty',
  attempts: 0,
  attemptCounts: false,
  calls: 0,
  live: [],
  waiting: null,
  rung: [],
  serial: 1,
  status: { kind: 'running' },
};
const report = (part: object = {}, level: object = {}) => ({
  run: 'x',
  level: { ...LEVEL, ...level },
  timeline: [],
  ringing: [],
  ...part,
});

test('a report of a level is one', () => {
  expect(isLevelReport(report())).toBe(true);
  expect(isLevelReport(report({ timeline: [{ at: 1, kind: 'levelBegan', level: 2, step: 'duty' }] }))).toBe(true);
});

test.for([
  report({}, { waiting: { id: 1, at: 1e300 } }),
  report({}, { waiting: { id: 1, at: -1 } }),
  report({}, { rung: [{ at: 8.65e15, calls: 1 }] }),
  report({}, { serial: Number.MAX_SAFE_INTEGER }),
  report({ timeline: [{ at: 1e300, kind: 'exhausted' }] }),
  report({ timeline: [{ at: 1, kind: 'exhausted', until: 1e300 }] }),
  report({ timeline: [{ at: 1, kind: 'snoozed', by: 5, step: 'duty', until: 2 }] }),
  report({ ringing: [5] }),
  null,
])('a report with what no date, number or text can be is none: %j', (value) => {
  expect(isLevelReport(value)).toBe(false);
});
