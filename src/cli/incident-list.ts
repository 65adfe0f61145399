import type { IncidentStateName, ListedIncident } from '../client.js';
import { IS_UNATTENDED } from '../client/listed-incident.js';
import { words } from '../words/words.js';
import { padToWidth } from '../yaml-file/display-width.js';
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
    else
      console.log(listed.length === 0 ? words().command.noIncidents : printable(listed.map(describeListed).join('\n')));
    return tellUnreadable(listed);
  });
}

/** What of them is encrypted, in one line; the exit code says that it is not all. */
export function tellUnreadable(listed: readonly ListedIncident[]): ExitCode {
  const unreadable = listed.filter((one) => one.unreadable !== undefined);
  if (unreadable.length === 0) return ExitCode.done;
  const why = unreadable[0]?.unreadable ?? '';
  progress().say(words().command.partlyReadable(unreadable.length, listed.length, why), 'loud');
  return ExitCode.usage;
}

/** What is known without a worker, in a few lines. */
export function describeListed(listed: ListedIncident): string {
  const { incidentId, state, owner, summary, severity, policy, next, startedAt, closedAt, unreadable } = listed;
  const isRead = unreadable === undefined;
  const isUnattended = IS_UNATTENDED[state] && closedAt === null;
  const { command, general } = words();
  const states = general.states;
  return [
    `${padToWidth(states[state], 12)} ${incidentId}`,
    ...(isUnattended ? [`  ${command.unattended}`] : []),
    `  ${isRead ? command.about(summary, severity, policy) : command.encrypted}`,
    `  ${command.listedOwner(owner ?? general.nobody, clock(startedAt))}`,
    ...(closedAt !== null
      ? [`  ${command.listedClosed(clock(closedAt))}`]
      : isRead
        ? [`  ${command.listedNext(next)}`]
        : []),
  ].join('\n');
}
