/** News that are worse than what was known when somebody took the incident, or snoozed it: then people are called again. */
import type { Severity } from './alert.js';
import { beginRound } from './transitions.js';
import type { Kept, Phase } from './state.js';
import { isMoreSevere } from '../contract/severity.js';
import { ownersStep } from './policy.js';
import type { Turn } from './turn.js';

const NEWS_INTERVAL_MS = 10 * 60_000;
/** How often the owner of one incident is called for news. */
const MOST_NEWS = 3;
const CALLS: readonly Severity[] = ['critical', 'error'];

type Acknowledged = Extract<Phase, { readonly kind: 'acknowledged' }>;

/** After every event: calls again where the news are worse, and the policy says so. What rings goes on as it is. */
export function followNews(turn: Turn): void {
  const { phase } = turn.state;
  if (!areNewsWorse(turn)) return;
  if (phase.kind === 'acknowledged') return callOwner(turn, phase);
  // A worker of the version before may have had this policy, and called nobody.
  if (phase.kind !== 'snoozed' || phase.unattended !== undefined || !turn.byTodaysRules()) return;
  tellNews(turn, null);
  beginRound(turn, phase.step);
}

/** The timer of an acknowledged incident whose owner had been called for news a moment ago. */
export function newsAreDue(turn: Turn, { owner }: Acknowledged, resolveAt: number): void {
  turn.change({ phase: { kind: 'acknowledged', owner, timer: turn.timer(resolveAt) } });
}

function callOwner(turn: Turn, phase: Acknowledged): void {
  const { owner, timer, resolveAt = timer.at } = phase;
  const { times, lastAt } = turn.state.news ?? { times: 0, lastAt: Number.NEGATIVE_INFINITY };
  const dueAt = lastAt + NEWS_INTERVAL_MS;
  const isLater = dueAt > turn.at;
  // Awaited already; or by then it is due for more than news.
  const isNothing = times >= MOST_NEWS || (isLater && (phase.resolveAt !== undefined || dueAt >= resolveAt));
  if (isNothing || !turn.byTodaysRules()) return;
  if (isLater) return turn.change({ phase: { ...phase, timer: turn.timer(dueAt), resolveAt } });
  const kept: Kept = { owner, resolveAt };
  turn.change({ news: { times: times + 1, lastAt: turn.at } });
  tellNews(turn, kept);
  beginRound(turn, ownersStep(turn.policy, owner) ?? turn.policy.start, null, kept);
}

function tellNews(turn: Turn, kept: Kept | null): void {
  const { severity } = turn.state.alert;
  turn.change({ known: severity });
  turn.tell({ kind: 'worseNews', severity, owner: kept?.owner ?? null });
}

function areNewsWorse({ policy, state: { alert, known } }: Turn): boolean {
  const { severity } = alert;
  return policy.worse === 'call' && known !== undefined && CALLS.includes(severity) && isMoreSevere(severity, known);
}
