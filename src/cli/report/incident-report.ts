import type { IncidentStatus, IncidentTimeline, TimelineItem } from '../../contract/incident-schema.js';

/** What became of one incident: for the review afterwards, and for anyone who asks why nobody was called at 2:20. */
export interface IncidentReport {
  readonly incidentId: string;
  readonly summary: string;
  readonly severity: string;
  readonly policy: string;
  readonly state: string;
  readonly owner: string | null;
  /** RFC 3339, as all times here. */
  readonly openedAt: string;
  /** Null while it is open. */
  readonly closedAt: string | null;
  /** From the opening until somebody owned it for the first time; null: nobody did. */
  readonly secondsToAcknowledge: number | null;
  /** Telephone calls. */
  readonly placedCalls: number;
  /** The oldest entries are missing: only the newest 500 are kept. */
  readonly isCut: boolean;
  readonly timeline: readonly TimelineItem[];
}

/** What a report is made from; the same in every form. */
export interface Told {
  readonly incidentId: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly status: IncidentStatus;
  readonly timeline: IncidentTimeline;
}

export function reportOf({ incidentId, openedAt, closedAt, status, timeline: { entries } }: Told): IncidentReport {
  const { summary, severity, policy, state, owner, placedCalls } = status;
  const acknowledgedAt = firstOwned(entries)?.at;
  const isCut = entries[0]?.kind !== 'opened';
  return {
    incidentId,
    summary,
    severity: severity ?? 'error',
    policy,
    state,
    owner: owner?.by ?? null,
    openedAt,
    closedAt,
    secondsToAcknowledge:
      acknowledgedAt === undefined ? null : Math.max(0, (Date.parse(acknowledgedAt) - Date.parse(openedAt)) / 1000),
    placedCalls,
    isCut,
    timeline: entries,
  };
}

/** A key that starts a workflow makes its presser the owner, too. */
const firstOwned = (entries: readonly TimelineItem[]): TimelineItem | undefined =>
  entries.find(({ kind }) => kind === 'acknowledged' || kind === 'runStarted');

/** One run of a call flow: it may have rung several telephones, one after another. Epoch milliseconds. */
export interface PlacedCall {
  readonly step: string;
  readonly from: number;
  /** Null: it has not ended. */
  readonly to: number | null;
  readonly outcome: string | null;
  readonly contact: string | null;
  /** Telephone calls of it; null: not known yet. */
  readonly calls: number | null;
  /** Whom it calls, in order; empty where that is not recorded: contacts of the policy itself, a stored call flow. */
  readonly people: readonly { readonly handle: string; readonly name: string }[];
}

export function placedCalls(timeline: readonly TimelineItem[]): readonly PlacedCall[] {
  const placed = new Map<string, PlacedCall>();
  for (const item of timeline) {
    const at = Date.parse(item.at);
    const step = textIn(item, 'step') ?? '?';
    const level = String(item['level']);
    if (item.kind === 'callsPlaced' && Array.isArray(item['calls'])) {
      for (const call of item['calls']) {
        const key = `${level}/${String(call)}`;
        placed.set(key, { step, from: at, to: null, outcome: null, contact: null, calls: null, people: [] });
      }
    }
    if (item.kind === 'calleesFound' && Array.isArray(item['people'])) {
      const key = `${level}/${String(item['call'])}`;
      const call = placed.get(key);
      if (call !== undefined) placed.set(key, { ...call, people: item['people'] as PlacedCall['people'] });
    }
    if (item.kind === 'callEnded') {
      const key = `${level}/${String(item['call'])}`;
      placed.set(key, {
        step,
        from: placed.get(key)?.from ?? at,
        to: at,
        outcome: textIn(item, 'outcome'),
        contact: textIn(item, 'contact'),
        calls: typeof item['calls'] === 'number' ? item['calls'] : null,
        people: placed.get(key)?.people ?? [],
      });
    }
  }
  return [...placed.values()];
}

function textIn(item: TimelineItem, key: string): string | null {
  const value = item[key];
  return typeof value === 'string' ? value : null;
}
