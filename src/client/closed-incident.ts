/** What a closed incident still says: from its result, so that it can be read when no worker lives. */
import { describeMs } from '../contract/duration.js';
import type {
  IncidentAnswer,
  IncidentResult,
  IncidentStatus,
  IncidentTimeline,
  TimelineItem,
} from '../contract/incident-schema.js';
import { EXTERNAL } from '../policy/incident-event.js';
import type { PersonsUpdate } from './ask-incident.js';
import type { ListedIncident } from './listed-incident.js';

export interface ClosedIncident {
  readonly result: IncidentResult;
  readonly closedAt: Date;
}

/** What an update is answered that came too late: as the incident itself answers while it still hangs up. */
export function answerOfClosed(
  { result, closedAt }: ClosedIncident,
  update: PersonsUpdate,
  by: string | null | undefined,
): IncidentAnswer {
  const { state, owner } = result;
  const isSoAlready =
    (update === 'resolve' && state === 'resolved') ||
    (update === 'acknowledge' && state === 'acknowledged' && owner?.by === (by ?? EXTERNAL));
  const since = closedAt.toISOString();
  const message = `The incident has been ${state} for ${describeMs(Math.max(0, Date.now() - closedAt.getTime()))}.`;
  return { accepted: isSoAlready, state, owner, since, message };
}

export function statusOfClosed({ result, closedAt }: ClosedIncident, listed: ListedIncident): IncidentStatus {
  const { state, owner, placedCalls, timeline } = result;
  const placed = lastOf(timeline, 'callsPlaced');
  const began = lastOf(timeline, 'levelBegan');
  const attempts = placed?.['attempts'];
  return {
    state,
    since: closedAt.toISOString(),
    message: `It is ${state}, after ${placedCalls} telephone calls.`,
    next: 'nothing',
    owner,
    summary: listed.summary,
    severity: listed.severity as IncidentStatus['severity'],
    policy: listed.policy,
    level: numberIn(began?.['level']) ?? result.levels.length,
    step: typeof began?.['step'] === 'string' ? began['step'] : (result.levels.at(-1)?.step ?? ''),
    attempt: numberIn(placed?.['attempt']) ?? 1,
    attempts: attempts === 'unlimited' ? attempts : (numberIn(attempts) ?? 1),
    ringing: [],
    nextAt: null,
    placedCalls,
    result,
  };
}

export function timelineOfClosed({ result: { timeline } }: ClosedIncident): IncidentTimeline {
  const counts: Record<string, number> = {};
  for (const { kind } of timeline) counts[kind] = (counts[kind] ?? 0) + 1;
  return { entries: [...timeline], counts };
}

/** Cancelled before a worker had taken it up: nobody was called. */
export const NEVER_BEGUN: IncidentResult = {
  state: 'cancelled',
  owner: null,
  keyInput: null,
  alsoAcknowledged: [],
  levels: [],
  placedCalls: 0,
  timeline: [],
};

const lastOf = (timeline: readonly TimelineItem[], kind: string): TimelineItem | undefined =>
  timeline.findLast((entry) => entry.kind === kind);
const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
