import { userInfo } from 'node:os';
import type { IncidentAnswer, IncidentHandle } from '../client.js';
import { formOf, type JsonFlag } from './call-actions.js';
import { ExitCode } from './exit-code.js';
import { printJson } from './incident-print.js';
import { withPigeonflow } from './temporal.js';

/** What people ask of an incident. */
export interface PersonsFlags extends JsonFlag {
  readonly by?: string;
  readonly note?: string;
  readonly to?: string;
  readonly from?: string;
  readonly for?: string;
}

export const acknowledge = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.acknowledge(asked));
export const takeOver = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.acknowledge({ ...asked, takeOver: true }));
export const resolve = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.resolve(asked));
export const escalate = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.escalate(asked));
export const snooze = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.snooze(asked));
export const hangUp = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  ask(id, flags, (incident, asked) => incident.hangUp(asked));

/** Prints the answer; that the state does not allow it is an exit code of its own. */
async function ask(
  id: string,
  flags: PersonsFlags,
  of: (incident: IncidentHandle, asked: Omit<PersonsFlags, 'json'>) => Promise<IncidentAnswer>,
): Promise<ExitCode> {
  const { json: _, ...asked } = flags;
  return await withPigeonflow(async (pigeonflow) => {
    const answer = await of(pigeonflow.incident(id), { ...loginName(), ...asked });
    if (formOf(flags) === 'json') printJson(answer);
    else console.log(answer.message);
    return answer.accepted ? ExitCode.done : ExitCode.notAllowed;
  });
}

/** Not everybody has one: containers run under numbers that no name belongs to. */
function loginName(): { readonly by?: string } {
  try {
    return { by: userInfo().username };
  } catch {
    return {};
  }
}
