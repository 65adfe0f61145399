import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { INCIDENT_STATE_NAMES, type IncidentStateName } from '../contract/incident-states.js';
import { INCIDENT, NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../contract/names.js';
import { words } from '../words/words.js';
import { TemporalRefused } from './errors.js';
import { grpcErrorIn, translated } from './temporal-errors.js';
import { whyUnreadable, withoutKeys } from './without-keys.js';

/** `terminated` and `failed`: by somebody in Temporal, or for an input that was wrong; it has no result. */
export const LISTED_STATES = [...INCIDENT_STATE_NAMES, 'terminated', 'failed'] as const;

/** Whether an incident that is open in this state is with nobody: only a report of its alert has anybody called again. */
export const IS_UNATTENDED: Readonly<Record<(typeof LISTED_STATES)[number], boolean>> = {
  triggered: false,
  blocked: false,
  snoozed: false,
  acknowledged: false,
  resolved: false,
  exhausted: true,
  cancelled: false,
  terminated: false,
  failed: false,
};

/** What is known of an incident without a worker: what it wrote down when its state last changed. */
export interface ListedIncident {
  readonly incidentId: string;
  readonly state: (typeof LISTED_STATES)[number];
  /** Who owns it, in words; null: nobody. */
  readonly owner: string | null;
  readonly summary: string;
  readonly severity: string;
  /** Name of the policy. */
  readonly policy: string;
  /** What comes next, in words. */
  readonly next: string;
  /** When what is here was written, RFC 3339; null: when it was opened. */
  readonly writtenAt: string | null;
  /** RFC 3339. */
  readonly startedAt: string;
  /** RFC 3339; null while it is open. */
  readonly closedAt: string | null;
  /**
   * Why `summary`, `severity`, `policy` and `next` are empty and `owner` is a handle: they are encrypted with a key that is
   * missing here. Absent where they can be read.
   */
  readonly unreadable?: string;
}

export interface IncidentFilter {
  readonly state?: IncidentStateName;
  /** The owner's handle in the policy, or `external`. */
  readonly owner?: string;
  /** Whether they run still. Default: both. */
  readonly open?: true;
  /** A list filter of Temporal that they match, too, such as `StartTime > "2026-11-22T02:00:00Z"`. */
  readonly query?: string;
  /** Default 50. */
  readonly limit?: number;
}

/** gRPC status code. */
const INVALID_ARGUMENT = 3;
const LIMIT = 50;
const LIST_TIMEOUT_MS = 20_000;
const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

/**
 * Those that nobody attends to first, then the others that are open, then the newest. Needs no worker; what has just changed
 * may not be listed yet.
 */
export async function listIncidents(temporal: Client, filter: IncidentFilter): Promise<readonly ListedIncident[]> {
  const { limit = LIMIT } = filter;
  // By run: while it changes it may come in both lists.
  const found = new Map<string, ListedIncident>();
  const list = async (of: IncidentFilter): Promise<void> => {
    await withoutKeys(temporal, async (workflow) => {
      for await (const info of workflow.list({ query: queryOf(of), pageSize: Math.min(limit, 1000) })) {
        if (found.size >= limit) return;
        if (!found.has(info.runId)) found.set(info.runId, listedOf(info));
      }
    });
  };
  if (limit <= 0) return [];
  try {
    return await temporal.withDeadline(Date.now() + LIST_TIMEOUT_MS, async () => {
      for (const state of INCIDENT_STATE_NAMES.filter((one) => IS_UNATTENDED[one])) {
        if (filter.state === undefined || filter.state === state) await list({ ...filter, state, open: true });
      }
      if (found.size < limit) await list(filter);
      return [...found.values()];
    });
  } catch (error) {
    const grpc = grpcErrorIn(error);
    if (filter.query !== undefined && grpc?.code === INVALID_ARGUMENT) {
      const message = `Temporal does not understand the filter ${filter.query} (${grpc.details}). How they are written: https://docs.temporal.io/list-filter`;
      throw new TemporalRefused(message, { cause: error });
    }
    throw translated(error, temporal, null);
  }
}

/** A state counts only of an incident that runs or ended by itself: one that was terminated keeps its last word. */
function queryOf({ state, owner, open, query }: IncidentFilter): string {
  const status = open === true ? `ExecutionStatus = 'Running'` : `ExecutionStatus != 'ContinuedAsNew'`;
  const parts = [`WorkflowType = '${INCIDENT}'`, status];
  if (query !== undefined) parts.push(`(${query})`);
  if (owner !== undefined) parts.push(`${OWNER_ATTRIBUTE} = ${quoted(owner)}`);
  if (state !== undefined) {
    const cancelled = state === 'cancelled' ? `ExecutionStatus = 'Canceled' OR ` : '';
    const fresh = state === 'triggered' ? ` OR ${STATE_ATTRIBUTE} IS NULL` : '';
    const said = `(${STATE_ATTRIBUTE} = ${quoted(state)}${fresh}) AND ExecutionStatus IN ('Running', 'Completed')`;
    parts.push(`(${cancelled}(${said}))`);
  }
  return parts.join(' AND ');
}

/** As a list or a description gives it. */
type Seen = Omit<WorkflowExecutionInfo, 'raw'>;

/** How often the workflow of this id was started since then and has ended. What has ended just now may not be counted yet. */
export async function countOpenings(temporal: Client, id: string, since: number): Promise<number> {
  const started = `WorkflowId = ${quoted(id)} AND StartTime >= ${quoted(new Date(since).toISOString())}`;
  const query = `${started} AND ExecutionStatus NOT IN ('Running', 'ContinuedAsNew')`;
  return (await temporal.workflow.count(query)).count;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export function listedOf(info: Seen): ListedIncident {
  const { workflowId, memo, startTime, closeTime } = info;
  const text = (key: string): string | null => {
    const value: unknown = memo?.[key];
    return typeof value === 'string' ? value : null;
  };
  const unreadable = whyUnreadable(memo);
  const owner = unreadable === undefined ? text('owner') : (info.typedSearchAttributes.get(OWNER) ?? null);
  return {
    incidentId: workflowId,
    state: stateOf(info),
    owner: owner === NOBODY ? null : owner,
    summary: text('summary') ?? '',
    severity: text('severity') ?? (unreadable === undefined ? 'error' : ''),
    policy: text('policy') ?? '',
    // Nothing is written down before its state changes for the first time: people come first.
    next: nextOf(info, unreadable === undefined ? (text('next') ?? words().incident.nextUnwritten) : ''),
    writtenAt: text('at'),
    startedAt: startTime.toISOString(),
    closedAt: closeTime?.toISOString() ?? null,
    ...(unreadable !== undefined && { unreadable }),
  };
}

const nextOf = ({ closeTime }: Seen, next: string): string =>
  closeTime === undefined ? next : words().general.nothing;

function stateOf({ status, typedSearchAttributes }: Seen): ListedIncident['state'] {
  switch (status.name) {
    case 'TERMINATED':
      return 'terminated';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return (typedSearchAttributes.get(STATE) as IncidentStateName | undefined) ?? 'triggered';
  }
}
