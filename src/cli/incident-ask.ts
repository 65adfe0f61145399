import type { IncidentAnswer, IncidentHandle } from '../client.js';
import { words } from '../words/words.js';
import { formOf, type JsonFlag } from './call-actions.js';
import { ExitCode, UsageError } from './exit-code.js';
import { exitCodeOf } from './failure.js';
import { printJson } from './incident-print.js';
import { loginName } from './login-name.js';
import { withPigeonflow } from './temporal.js';

/** What people ask of an incident. */
export interface PersonsFlags extends JsonFlag {
  readonly by?: string;
  readonly note?: string;
  readonly to?: string;
  readonly from?: string;
  readonly for?: string;
}

/** The same of all incidents that are open and match a list filter of Temporal. */
export interface ManyFlags extends PersonsFlags {
  readonly query?: string;
}

export const acknowledge = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  askOne(id, flags, (incident, asked) => incident.acknowledge(asked));
export const takeOver = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  askOne(id, flags, (incident, asked) => incident.acknowledge({ ...asked, takeOver: true }));
export const escalate = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  askOne(id, flags, (incident, asked) => incident.escalate(asked));
export const snooze = (id: string, flags: PersonsFlags): Promise<ExitCode> =>
  askOne(id, flags, (incident, asked) => incident.snooze(asked));

export async function resolve(id: string | undefined, flags: ManyFlags): Promise<ExitCode> {
  if (flags.query !== undefined && flags.note === undefined) {
    throw new UsageError(['Give --note <text>: why they are resolved, for the person who opened them.']);
  }
  return await askOneOrMany(id, flags, (incident, asked) => incident.resolve(asked));
}
export const hangUp = (id: string | undefined, flags: ManyFlags): Promise<ExitCode> =>
  askOneOrMany(id, flags, (incident, asked) => incident.hangUp(asked));

type Ask = (incident: IncidentHandle, asked: Omit<PersonsFlags, 'json'>) => Promise<IncidentAnswer>;

/** Prints the answer; that the state does not allow it is an exit code of its own. */
async function askOne(id: string, flags: PersonsFlags, ask: Ask): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const answer = await ask(pigeonflow.incident(id), askedOf(flags));
    if (formOf(flags) === 'json') printJson(answer);
    else console.log(answer.message);
    return answer.accepted ? ExitCode.done : ExitCode.notAllowed;
  });
}

async function askOneOrMany(id: string | undefined, { query, ...flags }: ManyFlags, ask: Ask): Promise<ExitCode> {
  if ((id === undefined) === (query === undefined)) {
    throw new UsageError([
      'Give one of <id> and --query <filter>; `pigeonflow incident list --query` shows which it takes.',
    ]);
  }
  if (query === undefined) return await askOne(id ?? '', flags, ask);
  return await withPigeonflow(async (pigeonflow) => {
    const answers: { incidentId: string; accepted: boolean; message: string }[] = [];
    let worst: ExitCode = ExitCode.done;
    for (const { incidentId } of await pigeonflow.listIncidents({ query, open: true, limit: MOST })) {
      try {
        const { accepted, message } = await ask(pigeonflow.incident(incidentId), askedOf(flags));
        answers.push({ incidentId, accepted, message });
        if (!accepted && worst === ExitCode.done) worst = ExitCode.notAllowed;
      } catch (error) {
        // The others are asked anyway.
        answers.push({ incidentId, accepted: false, message: error instanceof Error ? error.message : String(error) });
        worst = exitCodeOf(error);
      }
    }
    if (formOf(flags) === 'json') printJson(answers);
    else {
      for (const { incidentId, message } of answers) console.log(`${incidentId}: ${message}`);
      console.log(words().command.ofMany(answers.filter(({ accepted }) => accepted).length, answers.length));
    }
    return worst;
  });
}

/** At once; what is left over is taken by the same command again. */
const MOST = 10_000;

function askedOf(flags: PersonsFlags): Omit<PersonsFlags, 'json'> {
  const { json: _, ...asked } = flags;
  const by = loginName();
  return { ...(by !== undefined && { by }), ...asked };
}
