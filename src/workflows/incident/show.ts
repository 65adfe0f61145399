import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../../contract/names.js';
import type { Policy } from '../../contract/policy-schema.js';
import { ownerInTable } from '../../incident/describe-entry.js';
import { EXTERNAL } from '../../incident/events.js';
import { contractState, ownerOf } from '../../incident/state.js';
import { words } from '../../words/words.js';
import { timeOf } from '../call/call.js';
import { clipped } from '../call/wait.js';
import { type Described, describeNow } from './describe-now.js';
import { incidentDetails } from './details.js';
import type { Journal } from './journal.js';

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

/** Of the timeline. */
const SHOWN = 20;

/** What is shown of an incident. */
interface Shown extends Described {
  readonly journal: Journal;
  readonly telephones: { readonly words: readonly string[]; readonly asked: boolean };
  readonly isOver: boolean;
  readonly isClosed: boolean;
}

/**
 * Keeps what the Web UI shows up to date: details while a worker lives, and search attributes and memo, which can be read
 * without one. Nothing is written before the first request to call has left: people come first.
 */
export function showIncident(run: Shown): void {
  setCurrentDetails(incidentDetails(run, run.journal.newest(SHOWN)));
  if (run.telephones.asked || run.isClosed || hasShownMore()) write(run);
}

/** Its policy could not be read at once, and that was shown. */
function hasShownMore(): boolean {
  const state = workflowInfo().typedSearchAttributes.get(STATE);
  return state !== undefined && state !== 'triggered';
}

function write(run: Shown): void {
  const state = contractState(run.state);
  const owner = ownerOf(run.state);
  const shown = workflowInfo().typedSearchAttributes;
  const isNewState = shown.get(STATE) !== state;
  // That nobody owns it is no write of its own.
  const isSaid = isNewState || shown.get(OWNER) !== undefined;
  const owned = owner !== null ? handleOf(run.policy, owner.by, owner.via) : isSaid ? NOBODY : undefined;
  const changes = [
    ...(isNewState ? [{ key: STATE, value: state }] : []),
    ...(owned === undefined || shown.get(OWNER) === owned ? [] : [{ key: OWNER, value: owned }]),
  ];
  const { number: level } = run.state.level;
  // Each write is one to the visibility store: at a new state, a new owner, a further level.
  if (changes.length === 0 && (level <= 1 || workflowInfo().memo?.['level'] === level)) return;
  if (changes.length > 0) upsertSearchAttributes(changes);
  const { summary, severity } = run.state.alert;
  const { message, next } = describeNow(run);
  // The server takes 2 KiB.
  upsertMemo({
    summary: clipped(summary, 400),
    severity,
    policy: run.policy.name,
    level,
    owner: owner === null ? NOBODY : clipped(ownerInTable(owner), 300),
    // What is read when no worker lives, so not what the next seconds change.
    ...(run.isOver
      ? { now: words().incident.isState(state), next: words().general.nothing }
      : { now: clipped(message, 500), next }),
    at: timeOf(Date.now()),
  });
}

/** Never a name: the handle of the policy, or that it is nobody of the policy. */
function handleOf(policy: Policy, by: string, via: 'key' | 'api'): string {
  const contact = Object.entries(policy.contacts).find(
    ([handle, { name }]) => name === by || (via === 'api' && handle === by),
  );
  return contact?.[0] ?? EXTERNAL;
}
