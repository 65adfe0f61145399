import { workflowInfo } from '@temporalio/workflow';
import type { IncidentResult, IncidentTimeline, TimelineItem } from '../../contract/incident-schema.js';
import { describeEntry } from '../../incident/describe-entry.js';
import type { IncidentState } from '../../incident/state.js';
import type { TimelineEntry } from '../../incident/timeline.js';
import { timeOf } from '../call/call.js';
import { count, measure } from '../metrics.js';

/** What continue-as-new carries of it. */
export interface JournalPages {
  readonly entries: readonly TimelineEntry[];
  readonly counts: Readonly<Record<string, number>>;
  readonly levels: IncidentResult['levels'];
  readonly alsoAcknowledged: IncidentResult['alsoAcknowledged'];
}

/** What has happened, as much of it as a result can hold: the newest of everything, and how often each kind happened. */
export class Journal {
  readonly #entries: TimelineEntry[];
  readonly #counts: Record<string, number>;
  readonly #levels: IncidentResult['levels'];
  readonly #alsoAcknowledged: IncidentResult['alsoAcknowledged'];

  constructor(pages: JournalPages = { entries: [], counts: {}, levels: [], alsoAcknowledged: [] }) {
    this.#entries = [...pages.entries];
    this.#counts = { ...pages.counts };
    this.#levels = [...pages.levels];
    this.#alsoAcknowledged = [...pages.alsoAcknowledged];
  }

  add(entries: readonly TimelineEntry[]): void {
    for (const entry of entries) {
      keep(this.#entries, entry, MAX.entries);
      this.#counts[entry.kind] = (this.#counts[entry.kind] ?? 0) + 1;
      if (entry.kind === 'levelEnded') {
        const { step, outcome, keyInput, contact, calls } = entry;
        keep(this.#levels, { step, outcome, keyInput, contact, calls }, MAX.levels);
      }
      if (entry.kind === 'alsoAcknowledged') {
        const { contact, step, keyInput, at } = entry;
        keep(this.#alsoAcknowledged, { contact, step, keyInput, at: timeOf(at) }, MAX.alsoAcknowledged);
      }
    }
  }

  has(kind: TimelineEntry['kind']): boolean {
    return kind in this.#counts;
  }

  get pages(): JournalPages {
    return this.pagesWithin(MAX.bytes);
  }

  /** With as many of the entries as fit into so many bytes. */
  pagesWithin(bytes: number): JournalPages {
    return {
      entries: newestWithin(Math.min(bytes, MAX.bytes), this.#entries),
      counts: this.#counts,
      levels: this.#levels,
      alsoAcknowledged: this.#alsoAcknowledged,
    };
  }

  /** Oldest first. */
  newest(count: number): readonly TimelineEntry[] {
    return this.#entries.slice(-count);
  }

  get timeline(): IncidentTimeline {
    return { entries: newestWithin(MAX.bytes, this.#entries.map(itemOf)), counts: { ...this.#counts } };
  }
}

/** A payload holds 2 MiB. An entry is some 300 bytes, but notes and messages may be long. */
const MAX = { entries: 500, levels: 500, alsoAcknowledged: 100, bytes: 1_000_000 };

function newestWithin<T>(bytes: number, list: readonly T[]): T[] {
  let room = bytes;
  const first = list.findLastIndex((item) => (room -= new TextEncoder().encode(JSON.stringify(item)).length) < 0);
  return list.slice(first + 1);
}

function keep<T>(list: T[], item: T, max: number): void {
  list.push(item);
  if (list.length > max) list.shift();
}

function itemOf(entry: TimelineEntry): TimelineItem {
  const until = 'until' in entry && entry.until !== null ? { until: timeOf(entry.until) } : {};
  return { ...entry, ...until, at: timeOf(entry.at), text: describeEntry(entry) };
}

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
