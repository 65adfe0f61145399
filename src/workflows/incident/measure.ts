import { workflowInfo } from '@temporalio/workflow';
import type { IncidentState } from '../../policy/incident-state.js';
import type { TimelineEntry } from '../../policy/timeline.js';
import { count, measure } from '../metrics.js';
import type { Journal } from './journal.js';

/** A key that starts a workflow makes its presser the owner, too. */
const OWNED = ['acknowledged', 'runStarted'] as const;

/** Nobody is called until the budget allows it. */
export function countBudget(timeline: readonly TimelineEntry[], { alert: { severity } }: IncidentState): void {
  for (const entry of timeline) {
    if (entry.kind === 'waiting' && entry.reason === 'budget') count('budgetReached', severity);
  }
}

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
