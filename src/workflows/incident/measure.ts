import { workflowInfo } from '@temporalio/workflow';
import type { IncidentState } from '../../policy/incident-state.js';
import type { TimelineEntry } from '../../policy/timeline.js';
import { measure } from '../metrics.js';
import type { Journal } from './journal.js';

/** A key that starts a workflow makes its presser the owner, too. */
const OWNED = ['acknowledged', 'runStarted'] as const;

/** The time to acknowledge, when somebody owns the incident for the first time. */
export function measureFirstOwner(
  before: Journal,
  timeline: readonly TimelineEntry[],
  { alert: { severity } }: IncidentState,
): void {
  const isFirst = !OWNED.some((kind) => before.has(kind));
  const owned = timeline.find(({ kind }) => OWNED.some((one) => one === kind));
  if (isFirst && owned) measure('timeToAcknowledge', severity, owned.at - workflowInfo().startTime.getTime());
}
