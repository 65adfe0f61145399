import type { IncidentStateName, ListedIncident } from '../client.js';
import { IS_UNATTENDED } from '../client/listed-incident.js';
import { formOf, type JsonFlag, progress } from './call-actions.js';
import { ExitCode, UsageError } from './exit-code.js';
import { clock, printJson } from './incident-print.js';
import { printable } from './printable.js';
import { tellPause } from './pause-actions.js';
import { withPigeonflow } from './temporal.js';

export interface ListFlags extends JsonFlag {
  readonly state?: IncidentStateName;
  readonly owner?: string;
  readonly query?: string;
  readonly limit: number;
}

export async function listIncidents(flags: ListFlags): Promise<ExitCode> {
  const { json: _, ...filter } = flags;
  if (!Number.isInteger(filter.limit) || filter.limit < 1) throw new UsageError(['--limit: must be 1 or more']);
  return await withPigeonflow(async (pigeonflow) => {
    await tellPause(pigeonflow);
    const listed = await pigeonflow.listIncidents(filter);
    if (formOf(flags) === 'json') printJson(listed);
    else console.log(listed.length === 0 ? 'No incidents.' : printable(listed.map(describeListed).join('\n')));
    return tellUnreadable(listed);
  });
}

/** What of them is encrypted, in one line; the exit code says that it is not all. */
export function tellUnreadable(listed: readonly ListedIncident[]): ExitCode {
  const unreadable = listed.filter((one) => one.unreadable !== undefined);
  if (unreadable.length === 0) return ExitCode.done;
  progress().say(
    `${unreadable.length} of ${listed.length} can be read in part alone. ${unreadable[0]?.unreadable}`,
    'loud',
  );
  return ExitCode.usage;
}

/** What is known without a worker, in a few lines. */
export function describeListed(listed: ListedIncident): string {
  const { incidentId, state, owner, summary, severity, policy, next, startedAt, closedAt, unreadable } = listed;
  const isRead = unreadable === undefined;
  const isUnattended = IS_UNATTENDED[state] && closedAt === null;
  return [
    `${state.padEnd(12)} ${incidentId}`,
    ...(isUnattended ? ['  !! UNATTENDED: nobody was reached, and nobody is called'] : []),
    isRead ? `  ${summary} (${severity}, policy ${policy})` : '  what it is about, and what comes next, is encrypted',
    `  owner: ${owner ?? 'nobody'}; opened ${clock(startedAt)}`,
    ...(closedAt !== null ? [`  closed ${clock(closedAt)}`] : isRead ? [`  next: ${next}`] : []),
  ].join('\n');
}
