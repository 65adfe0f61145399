import { IncidentInputInvalid, NoWorker, type ReportedIncident } from '../client.js';
import { knownSeverity } from '../contract/severity.js';
import { words } from '../words/words.js';
import { formOf, progress } from './call-actions.js';
import { ExitCode } from './exit-code.js';
import { incidentInputOf, missingParameters, type OpenFlags } from './incident-open-input.js';
import { followIncident } from './incident-watch.js';
import { printJson } from './incident-print.js';
import { tellPause } from './pause-actions.js';
import { withPigeonflow } from './temporal.js';

/** Reports an alert; with `--wait` follows the incident. Standard output carries its id, or how it ended. */
export async function openIncident(flags: OpenFlags): Promise<ExitCode> {
  const input = await incidentInputOf(flags);
  const lines = progress();
  return await withPigeonflow(async (pigeonflow) => {
    const { command } = words();
    for (const name of missingParameters(input)) {
      lines.say(command.parameterMissing(name), 'loud');
    }
    if (input.severity !== undefined && knownSeverity(input.severity) === undefined) {
      lines.say(command.severityUnknown(input.severity.slice(0, 60)), 'loud');
    }
    await tellPause(pigeonflow, lines);
    const incident = await pigeonflow.openIncident(input);
    const { incidentId, reported, notTaken } = incident;
    lines.say(command[reported](incidentId));
    if (notTaken === true) lines.say(command.notTaken, 'loud');
    const unserved = await incident.unservedQueue();
    const mayBeUnread = unserved === null && typeof input.policy === 'string';
    const unread = mayBeUnread ? await unreadPolicy(incident) : null;
    if (flags.wait !== undefined && unread === null) {
      return await followIncident(incident, { ...flags, wait: flags.wait }, lines, { incidentId, reported });
    }
    if (formOf(flags) === 'json') printJson({ incidentId, reported });
    else console.log(incidentId);
    if (unread !== null) {
      lines.say(command.policyUnread(unread), 'loud');
      return ExitCode.usage;
    }
    if (unserved === null) return ExitCode.done;
    lines.say(command.nobodyCalledYet(new NoWorker(unserved).message), 'loud');
    return ExitCode.unreachable;
  });
}

const POLICY_READ_WITHIN_MS = 5_000;

/** Only a worker knows whether it has a policy of this name. @throws IncidentInputInvalid from a worker of an earlier version */
async function unreadPolicy(incident: ReportedIncident): Promise<string | null> {
  try {
    const { state, level, message } = await incident.status({ timeLimitMs: POLICY_READ_WITHIN_MS });
    return state === 'blocked' && level === 0 ? message : null;
  } catch (error) {
    if (error instanceof IncidentInputInvalid) throw error;
    return null; // Whatever else keeps it from answering: it is open.
  }
}
