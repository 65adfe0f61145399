import { FINAL_STATES } from './incident-states.js';
import { SEVERITIES } from './severity.js';

/**
 * What a worker counts and measures, beside the metrics of Temporal's SDK. Prometheus shows a counter with `_total` and a
 * histogram with `_seconds` at its end. Every series also carries the namespace, the task queue and the type of the workflow.
 */
export const METRICS = {
  invokes: {
    kind: 'counter',
    name: 'pigeonflow_invokes',
    description: 'Requests to call (POST chain/invoke), by what became of each.',
    tag: 'answer',
    values: ['accepted', 'rejected', 'blocked', 'paused', 'pauseUnknown', 'refused', 'unconfirmed', 'nobody'],
    workflows: ['pigeonCall', 'incident', 'escalation'],
  },
  callsEnded: {
    kind: 'counter',
    name: 'pigeonflow_calls_ended',
    description: 'Calls that are over, by their outcome.',
    tag: 'outcome',
    values: ['answered', 'unanswered', 'rejected', 'aborted', 'timedOut', 'unknown', 'refused', 'hungUp', 'nobody'],
    workflows: ['pigeonCall', 'incident', 'escalation'],
  },
  runSearches: {
    kind: 'counter',
    name: 'pigeonflow_run_searches',
    description: 'Looks for the run of a request to call that was not confirmed, by what each found.',
    tag: 'answer',
    values: ['found', 'notListed', 'refused', 'failed'],
    workflows: ['pigeonCall', 'incident', 'escalation', 'lostRuns'],
  },
  incidentsOpened: {
    kind: 'counter',
    name: 'pigeonflow_incidents_opened',
    description: 'Incidents that opened, by severity.',
    tag: 'severity',
    values: SEVERITIES,
    workflows: ['incident'],
  },
  incidentsClosed: {
    kind: 'counter',
    name: 'pigeonflow_incidents_closed',
    description: 'Incidents that closed, by the state in which they did.',
    tag: 'state',
    values: FINAL_STATES,
    workflows: ['incident'],
  },
  incidentsUnattended: {
    kind: 'counter',
    name: 'pigeonflow_incidents_unattended',
    description:
      'Rounds of a policy that ended without an owner, and the incident stays open: telephones rang and nobody took it (exhausted), or none rang at all (nothingRang).',
    tag: 'why',
    values: ['exhausted', 'nothingRang'],
    workflows: ['incident'],
  },
  policyReads: {
    kind: 'counter',
    name: 'pigeonflow_policy_reads',
    description: 'Reads of policies by their name for an incident that has waited for one, or begins to.',
    tag: 'result',
    values: ['read', 'unreadable'],
    workflows: ['incident'],
  },
  budgetReached: {
    kind: 'counter',
    name: 'pigeonflow_budget_reached',
    description: 'Attempts that wait since the budget of calls is used up, by severity of the incident.',
    tag: 'severity',
    values: SEVERITIES,
    workflows: ['incident'],
  },
  canaryRuns: {
    kind: 'counter',
    name: 'pigeonflow_canary_runs',
    description: 'Canaries that ended, by whether their incident was acknowledged in time.',
    tag: 'result',
    values: ['succeeded', 'failed'],
    workflows: ['canary'],
  },
  timeToAcknowledge: {
    kind: 'histogram',
    name: 'pigeonflow_incident_acknowledge',
    description: 'From the opening of an incident until somebody owns it for the first time.',
    tag: 'severity',
    values: SEVERITIES,
    buckets: [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400],
  },
  polls: {
    kind: 'histogram',
    name: 'pigeonflow_poll',
    description: 'Looks at the result of a call: how long each took, with all its repeats.',
    tag: 'answer',
    values: ['seen', 'unreadable'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  },
  timerLateness: {
    kind: 'histogram',
    name: 'pigeonflow_timer_lateness',
    description: 'How much later than planned a workflow continued after a wait.',
    tag: 'timer',
    values: ['call', 'incident'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
} as const;

/** What a worker says of itself, not of a workflow; with the namespace and the task queue of the POST. */
export const GAUGES = {
  pauseUnreadable: {
    name: 'pigeonflow_pause_unreadable',
    description: '1 while it cannot be read whether calling is paused, and so nothing is sent to Pigeon.',
  },
  callsWaiting: {
    name: 'pigeonflow_calls_waiting',
    description: 'Calls that wait since the queue of the space is full, as far as this worker knows, by severity.',
  },
  scheduleGap: {
    name: 'pigeonflow_schedule_gap_seconds',
    description:
      'Seconds until nobody is on duty by a schedule where somebody is required; 0 while nobody is, 1209600 (14 days) where that is farther away.',
  },
  scheduleCalendarAge: {
    name: 'pigeonflow_schedule_calendar_age_seconds',
    description:
      'Seconds since the calendars of a schedule that have an address were fetched: of the oldest; 0 without any.',
  },
} as const;

export type Metrics = typeof METRICS;
type NameOf<Kind extends 'counter' | 'histogram'> = {
  [Name in keyof Metrics]: Metrics[Name] extends { readonly kind: Kind } ? Name : never;
}[keyof Metrics];
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
/** The values of a metric's tag. */
export type TagOf<Name extends keyof Metrics> = Metrics[Name]['values'][number];
