/**
 * A drill calls everybody of a schedule once. Each call is a workflow with an id that is made from the drill, the person and a
 * number, so the command can be run again after its terminal was closed: it takes up what is there.
 */
import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  CallCancelled,
  CallFailed,
  CallNotFound,
  CallRefused,
  CallTerminated,
  type PigeonCallHandle,
  type PigeonCallInput,
  type PigeonCallResult,
  type PigeonflowClient,
} from '../client.js';
import { translated } from '../client/temporal-errors.js';
import { readPeopleFileName } from '../config/config.js';
import { durationMs } from '../contract/duration.js';
import { PIGEON_CALL } from '../contract/names.js';
import { everybodyIn } from '../duty/check-schedule.js';
import { toLocal } from '../duty/zone.js';
import type { People, Person } from '../people/read-people.js';
import { pauseUnless } from '../process/aborted.js';
import { type Language, type Words, words, wordsIn } from '../words/words.js';
import { inColumns } from '../yaml-file/display-width.js';
import { maskPrivate } from '../yaml-file/mask-private.js';
import { progress } from './call-actions.js';
import { type Hindrance, Patience } from './call-patience.js';
import { watchCall } from './call-watch.js';
import { ExitCode } from './exit-code.js';
import { peopleOf } from './file-problems.js';
import { listenForInterruption, type Wish } from './interruption.js';
import type { ProgressLines } from './progress-lines.js';
import { isName, usableSchedule } from './schedule-files.js';
import { withPigeonflow } from './temporal.js';

export interface DrillFlags {
  readonly people?: string;
  readonly id?: string;
  readonly language: Language;
  readonly giveUpAfter: string;
  readonly json?: true;
}

/** What a drill found of one person. */
type Reached = keyof Words['drill']['results'];

/** Real calls come first, so nobody may wait for a telephone of a drill for long. */
const DEADLINE = '10m';
const LOOK_INTERVAL_MS = 2_000;
const STATUS_TIMEOUT_MS = 5_000;
/** Of one person in one run of the command; each may be hung up for a real call. */
const MAX_TRIES = 5;
const PREFIX = 'drill/';

interface Drill {
  readonly pigeonflow: PigeonflowClient;
  /** Why nobody may be called now; null: nobody is called for real. */
  readonly busy: () => Promise<string | null>;
  readonly left: Promise<Wish>;
  readonly lines: ProgressLines;
  readonly giveUpAfterMs: number;
  readonly language: Language;
}

/** What a voice says, and after the key. */
interface Spoken {
  readonly say: string;
  readonly thanks: string;
}

type CallEnd =
  { readonly kind: 'result'; readonly result: PigeonCallResult } | { readonly kind: 'failed'; readonly error: unknown };

/** What has become of one person's call. */
type End = { readonly kind: 'over'; readonly reached: Reached } | { readonly kind: 'leave' } | Hindrance;

interface Found {
  readonly handle: string;
  readonly name: string;
  /** Null: not yet. */
  readonly reached: Reached | null;
}

export async function drill(named: string, flags: DrillFlags): Promise<ExitCode> {
  const schedule = usableSchedule(named);
  const people = peopleOf(flags.people ?? readPeopleFileName(process.env) ?? undefined);
  const now = Date.now();
  const id = flags.id ?? new Date(toLocal(now, schedule.timeZone)).toISOString().slice(0, 10);
  const drillId = `${PREFIX}${schedule.name}/${id}`;
  return await withPigeonflow(async (pigeonflow, temporal, taskQueue) => {
    const lines = progress();
    const interruption = listenForInterruption(lines, 'leave');
    try {
      // A file that is given by its path may be a draft.
      const taken = isName(named) ? (await pigeonflow.schedule(named).published()).overrides : [];
      const { found, ended } = await callAll(drillId, everybodyIn(schedule, now, taken), people, {
        pigeonflow,
        busy: () => whoIsCalled(pigeonflow, temporal, taskQueue),
        left: interruption.next(),
        lines,
        giveUpAfterMs: durationMs(flags.giveUpAfter),
        language: flags.language,
      });
      if (flags.json === true) {
        console.log(JSON.stringify({ drill: drillId, complete: ended === null, people: found }, null, 2));
      } else print(found, ended === null);
      if (ended !== null) return ended.kind === 'leave' ? ExitCode.interrupted : ended.exitCode;
      return found.every(({ reached }) => reached === 'pressed') ? ExitCode.done : ExitCode.unanswered;
    } finally {
      interruption.close();
    }
  });
}

/** One after the other. `ended`: why not all of them. */
async function callAll(
  drillId: string,
  handles: readonly string[],
  people: People,
  host: Drill,
): Promise<{ readonly found: readonly Found[]; readonly ended: Exclude<End, { kind: 'over' }> | null }> {
  const found: Found[] = handles.map((handle) => ({ handle, name: people.get(handle)?.name ?? handle, reached: null }));
  for (const [index, one] of found.entries()) {
    const person = people.get(one.handle);
    const end = person === undefined ? NO_NUMBER : await callOnce(`${drillId}/${one.handle}`, person, host);
    if (end.kind !== 'over') return { found, ended: end };
    found[index] = { ...one, reached: end.reached };
  }
  return { found, ended: null };
}

const NO_NUMBER = { kind: 'over', reached: 'noNumber' } as const;

function print(found: readonly Found[], isComplete: boolean): void {
  const { drill: said } = words();
  const rows = found.map(({ name, reached }) => [name, reached === null ? said.notYet : said.results[reached]]);
  console.log(inColumns(rows).join('\n'));
  console.log(said.summary(found.filter(({ reached }) => reached === 'pressed').length, found.length));
  if (!isComplete) console.log(said.continues);
}

async function callOnce(id: string, person: Person, host: Drill): Promise<End> {
  const { pigeonflow, lines } = host;
  const { drill: said } = words();
  for (let [number, tries] = [1, 0]; tries < MAX_TRIES; number += 1) {
    const callId = `${id}/${number}`;
    if (!(await exists(pigeonflow, callId))) {
      if ((await untilQuiet(host)) === 'leave') return { kind: 'leave' };
      tries += 1;
      lines.say(said.calls(person.name, maskedNumbers(person)));
      await pigeonflow.startCall(callId, callTo(person, spokenIn(host.language)));
    }
    const end = await follow(pigeonflow.call(callId), person, host);
    if (end !== 'again') return end;
  }
  return { kind: 'over', reached: 'notCalled' };
}

async function exists(pigeonflow: PigeonflowClient, callId: string): Promise<boolean> {
  try {
    await pigeonflow.call(callId).isOver();
    return true;
  } catch (error) {
    if (error instanceof CallNotFound) return false;
    throw error;
  }
}

function spokenIn(language: Language): Spoken {
  const { drill: said } = wordsIn(language);
  return { say: said.say, thanks: said.thanks };
}

export const maskedNumbers = ({ phones }: Person): string => phones.map(maskPrivate).join(', ');

/** Once, at all numbers of the person in order. */
export function callTo({ name, phones }: Person, { say, thanks }: Spoken): PigeonCallInput {
  return {
    callflow: {
      loopLimit: 1,
      contacts: [{ displayName: name, phones: phones.map((phoneNumber) => ({ phoneNumber })) }],
    },
    guidance: { messageTemplate: say, reactions: { '1': { behavior: 'terminate', messageTemplate: thanks } } },
    severity: 'info',
    deadline: DEADLINE,
    waitTime: 5,
  };
}

/** To its end; hangs up when somebody is called for real, and then it is called again. */
async function follow(call: PigeonCallHandle, person: Person, host: Drill): Promise<End | 'again'> {
  const over = new AbortController();
  const patience = new Patience(host.giveUpAfterMs);
  const watching = watchCall(call, over.signal, (sighting) => void patience.saw(sighting));
  const end = call.wait({ signal: over.signal }).then(
    (result) => ({ kind: 'result', result }) as const,
    (error: unknown) => ({ kind: 'failed', error }) as const,
  );
  const looking = untilBusy(host, over.signal);
  try {
    const first = await Promise.race([end, patience.exhausted, looking, host.left]);
    switch (first.kind) {
      case 'result':
      case 'failed':
        return reachedBy(first);
      case 'leave':
      case 'hangUp':
      case 'stopped': // not before the end of this
        return { kind: 'leave' };
      case 'busy':
        host.lines.say(words().drill.gaveWay(person.name, first.why), 'loud');
        break;
      case 'gaveUp':
        host.lines.say(words().command.givesUp(host.giveUpAfterMs), 'loud');
        break;
      default:
        return first satisfies never;
    }
    await call.hangUp();
    if (first.kind === 'gaveUp' && first.unserved) return first;
    const last = await Promise.race([end, host.left]);
    if (last.kind === 'leave' || last.kind === 'hangUp') return { kind: 'leave' };
    const reached = reachedBy(last);
    return reached === 'again' && first.kind === 'gaveUp' ? first : reached;
  } finally {
    over.abort();
    patience.close();
    await Promise.all([watching, looking]);
  }
}

/** `again`: nobody was called, or it was hung up. */
export function reachedBy(end: CallEnd): End | 'again' {
  if (end.kind === 'result') {
    const { outcome, calls } = end.result;
    if (outcome === 'answered') return { kind: 'over', reached: 'pressed' };
    if (calls.some(({ status }) => status === 'succeeded' || status === 'ignored')) return { kind: 'over', reached: 'pickedUp' }; // prettier-ignore
    const wasCalled = calls.length > 0 || outcome === 'unknown' || outcome === 'aborted';
    return wasCalled ? { kind: 'over', reached: 'notReached' } : 'again';
  }
  const { error } = end;
  if (error instanceof CallCancelled || error instanceof CallTerminated) return 'again';
  if (error instanceof CallRefused || error instanceof CallFailed) return { kind: 'over', reached: 'notCalled' };
  throw error;
}

async function untilQuiet({ busy, lines, left }: Drill): Promise<'quiet' | 'leave'> {
  let said: string | null = null;
  for (;;) {
    const why = await busy();
    if (why === null) return 'quiet';
    if (why !== said) lines.say(words().drill.waits((said = why)));
    const first = await Promise.race([setTimeout(LOOK_INTERVAL_MS, null), left]);
    if (first !== null) return 'leave';
  }
}

async function untilBusy(
  { busy }: Drill,
  signal: AbortSignal,
): Promise<{ readonly kind: 'busy'; readonly why: string } | { readonly kind: 'stopped' }> {
  while (!signal.aborted) {
    // A look that fails is not the end of a call that rings; the next one may see.
    const why = await busy().catch(() => null);
    if (why !== null) return { kind: 'busy', why };
    await pauseUnless(signal, LOOK_INTERVAL_MS);
  }
  return { kind: 'stopped' };
}

/** An incident that calls or waits for a line, or a call that is no drill's: its id; null: there is none. */
async function whoIsCalled(pigeonflow: PigeonflowClient, temporal: Client, taskQueue: string): Promise<string | null> {
  const ofUs = `TaskQueue = '${taskQueue.replaceAll("'", "''")}'`;
  const incidents = await pigeonflow.listIncidents({ open: true, query: ofUs, limit: 1_000 });
  for (const { incidentId, state } of incidents) {
    if (state === 'triggered' || state === 'blocked') return incidentId;
    // The owner is called again for worse news, or when it is not resolved in time.
    if (state === 'acknowledged' && (await rings(pigeonflow, incidentId))) return incidentId;
  }
  try {
    const query = `WorkflowType = '${PIGEON_CALL}' AND ExecutionStatus = 'Running' AND ${ofUs}`;
    for await (const { workflowId } of temporal.workflow.list({ query })) {
      if (!workflowId.startsWith(PREFIX)) return workflowId;
    }
    return null;
  } catch (error) {
    throw translated(error, temporal, null);
  }
}

/** Where nobody answers it may ring. */
async function rings(pigeonflow: PigeonflowClient, incidentId: string): Promise<boolean> {
  try {
    const { ringing, result } = await pigeonflow.incident(incidentId).status({ timeLimitMs: STATUS_TIMEOUT_MS });
    return result === null && ringing.length > 0;
  } catch {
    return true;
  }
}
