import { expect, test } from 'vitest';
import { type Period, periodMarkdown, periodReport } from '../../src/cli/report/period-report.js';
import { NIGHT, reported } from './told.js';

const PERIOD: Period = {
  since: '2026-11-16T00:00:00.000Z',
  until: '2026-11-23T00:00:00.000Z',
  timeZone: 'UTC',
  retentionSeconds: 30 * 86_400,
};
const owned = (seconds: number | null) => reported(NIGHT, { secondsToAcknowledge: seconds, severity: 'error' });

test('a period sums up incidents, the time to acknowledge and calls', () => {
  const report = periodReport(PERIOD, [owned(60), owned(120), owned(1_000), owned(null)], ['incident/x']);
  expect(report).toMatchObject({
    incidents: 5,
    byState: { resolved: 4 },
    bySeverity: { error: 4 },
    secondsToAcknowledge: { incidents: 3, median: 120, ninetyPercent: 1_000, longest: 1_000 },
    calls: { all: 32, perIncident: 8, mostOfOneIncident: 8, atNight: 32 },
    unread: ['incident/x'],
  });
});

test('the hour of a call is that of the time zone that is asked for', () => {
  const hours = (timeZone: string) => {
    const { byHour, atNight } = periodReport({ ...PERIOD, timeZone }, [owned(60)], []).calls;
    return { hour: byHour.findIndex((count) => count > 0), atNight };
  };
  expect(hours('UTC')).toEqual({ hour: 1, atNight: 8 });
  expect(hours('Asia/Tokyo')).toEqual({ hour: 10, atNight: 0 });
});

test('an empty period has no numbers to be proud of', () => {
  const report = periodReport(PERIOD, [], []);
  expect(report).toMatchObject({ incidents: 0, secondsToAcknowledge: { median: null }, calls: { perIncident: null } });
  expect(periodMarkdown(report)).toContain('median none');
});

test('it is said what Temporal keeps, loudly where that is less than the period', () => {
  const words = (retentionSeconds: number | null) =>
    periodMarkdown(periodReport({ ...PERIOD, retentionSeconds }, [], []));
  expect(words(30 * 86_400)).toContain('Temporal keeps incidents for 30d after their end.');
  expect(words(86_400)).toContain('OLDER ONES ARE MISSING');
  expect(words(null)).toContain('is not known');
});
