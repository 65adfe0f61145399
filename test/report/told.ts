import type { TimelineItem } from '../../src/contract/incident-schema.js';
import { type IncidentReport, reportOf } from '../../src/cli/report/incident-report.js';

const DAY = '2026-11-22T';
const item = (at: string, kind: string, more: Readonly<Record<string, unknown>> = {}): TimelineItem => ({
  at: `${DAY}${at}.000Z`,
  kind,
  text: `${kind} happened`,
  ...more,
});

/** At night: nobody picks up, two ring together at the second level, one takes it, and resolves it an hour later. */
export const NIGHT: readonly TimelineItem[] = [
  item('01:00:00', 'opened'),
  item('01:00:00', 'levelBegan', { level: 1, step: 'primary' }),
  item('01:00:00', 'callsPlaced', { level: 1, step: 'primary', calls: [1] }),
  item('01:02:00', 'callEnded', { level: 1, step: 'primary', call: 1, outcome: 'unanswered', contact: null, calls: 3 }),
  item('01:07:00', 'callsPlaced', { level: 1, step: 'primary', calls: [2] }),
  item('01:07:00', 'callBlocked', { level: 1, step: 'primary', call: 2 }),
  item('01:12:00', 'callUnblocked', { level: 1, step: 'primary', call: 2 }),
  item('01:14:00', 'callEnded', { level: 1, step: 'primary', call: 2, outcome: 'unanswered', contact: null, calls: 3 }),
  item('01:14:00', 'levelBegan', { level: 2, step: 'second' }),
  item('01:14:00', 'callsPlaced', { level: 2, step: 'second', calls: [1, 2] }),
  item('01:20:00', 'callEnded', { level: 2, step: 'second', call: 1, outcome: 'answered', contact: '佐藤', calls: 1 }),
  item('01:20:00', 'acknowledged'),
  item('01:20:02', 'callEnded', { level: 2, step: 'second', call: 2, outcome: 'hungUp', contact: null, calls: 1 }),
  item('02:10:00', 'resolved', { by: '佐藤' }),
  item('02:10:00', 'closed'),
];

export function reported(
  timeline: readonly TimelineItem[] = NIGHT,
  more: Partial<IncidentReport> = {},
): IncidentReport {
  const status = {
    summary: 'ディスク <満杯> | web-1',
    severity: 'critical',
    policy: 'night',
    state: 'resolved',
    owner: { by: '佐藤', via: 'key', step: 'second', keyInput: '1' },
    placedCalls: 8,
  };
  const report = reportOf({
    incidentId: 'incident/night-0a1b2c3d4e5f',
    openedAt: `${DAY}01:00:00.000Z`,
    closedAt: `${DAY}02:10:00.000Z`,
    status: status as never,
    timeline: { entries: [...timeline], counts: {} },
  });
  return { ...report, ...more };
}
