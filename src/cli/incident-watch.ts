import {
  NoAnswer,
  NoWorker,
  TemporalUnreachable,
  type IncidentHandle,
  type Owned,
  type IncidentTimeline,
  type TimelineItem,
} from '../client.js';
import { pauseMs } from '../client/wait-until-owned.js';
import { pauseUnless } from '../process/aborted.js';
import { words } from '../words/words.js';
import { formOf, progress, type JsonFlag } from './call-actions.js';
import { typed } from './call-follow.js';
import { ExitCode } from './exit-code.js';
import { describeOwned, exitCodeOfOwned, printJson } from './incident-print.js';
import { listenForInterruption } from './interruption.js';
import { tellPause } from './pause-actions.js';
import type { ProgressLines } from './progress-lines.js';
import { withPigeonflow } from './temporal.js';

export interface WatchFlags extends JsonFlag {
  readonly wait: 'owned' | 'closed';
}

export async function watchIncident(id: string, flags: WatchFlags): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const incident = pigeonflow.incident(id);
    await incident.listed(); // an unknown id is said at once
    const lines = progress();
    await tellPause(pigeonflow, lines);
    return await followIncident(incident, flags, lines, { incidentId: id });
  });
}

/**
 * A line for everything that happens, until somebody owns it or it has closed; then prints its state, as JSON together
 * with what is `known`. Interrupted, it leaves the incident alone and says so.
 *
 * @throws what `IncidentHandle.result` throws.
 */
export async function followIncident(
  incident: IncidentHandle,
  flags: WatchFlags,
  lines: ProgressLines,
  known: object,
): Promise<ExitCode> {
  const interruption = listenForInterruption(lines, 'leave');
  const over = new AbortController();
  const timeline = new TimelineLines(incident, lines);
  const telling = keepTelling(timeline, over.signal);
  const end: Promise<Owned> =
    flags.wait === 'owned'
      ? incident.waitUntilOwned({ signal: over.signal })
      : incident.result({ signal: over.signal }).then((result) => ({ owner: result.owner, result }));
  try {
    const first = await Promise.race([end, interruption.next()]);
    if ('kind' in first) return leave(incident, lines);
    over.abort();
    await telling;
    await timeline.tell();
    if (formOf(flags) === 'json') printJson({ ...known, ...first });
    else console.log(describeOwned(first));
    return exitCodeOfOwned(first);
  } finally {
    interruption.close();
    over.abort();
    await Promise.allSettled([telling, end]);
  }
}

function leave({ incidentId }: IncidentHandle, lines: ProgressLines): ExitCode {
  const id = typed(incidentId);
  lines.say(words().command.leavesIncident(id));
  return ExitCode.interrupted;
}

async function keepTelling(timeline: TimelineLines, signal: AbortSignal): Promise<void> {
  for (const began = Date.now(); !signal.aborted;) {
    await timeline.tell();
    await pauseUnless(signal, pauseMs(Date.now() - began));
  }
}

const ANSWER_WITHIN_MS = 3_000;
const LOUD: readonly string[] = [
  'callBlocked',
  'levelLost',
  'notResolvedInTime',
  'exhausted',
  'nothingRang',
  'neverRang',
  'leftUnattended',
];

/** The timeline of an incident as lines, each told once, at the time at which it happened. */
export class TimelineLines {
  #last: TimelineItem | undefined;
  #hindrance = '';

  constructor(
    readonly incident: Pick<IncidentHandle, 'timeline'>,
    readonly lines: ProgressLines,
  ) {}

  /** Tells what is new, or once what keeps it from being told. Never rejects: how it ended is told by its result. */
  async tell(): Promise<void> {
    try {
      const timeline = await this.incident.timeline({ timeLimitMs: ANSWER_WITHIN_MS });
      for (const entry of after(this.#last, timeline)) {
        this.lines.say(entry.text, LOUD.includes(entry.kind) ? 'loud' : 'plain', new Date(entry.at));
        this.#last = entry;
      }
      this.#hindrance = '';
    } catch (error) {
      const known = error instanceof NoWorker || error instanceof NoAnswer || error instanceof TemporalUnreachable;
      if (!known || error.message === this.#hindrance) return;
      this.#hindrance = error.message;
      this.lines.say(error.message, 'loud');
    }
  }
}

/** Only the newest entries are kept, so they are told apart by what they are and not by their number. */
function after(last: TimelineItem | undefined, { entries }: IncidentTimeline): readonly TimelineItem[] {
  if (last === undefined) return entries;
  const known = withoutText(last);
  return entries.slice(entries.findLastIndex((entry) => entry.at === last.at && withoutText(entry) === known) + 1);
}

/** The next answer may come from a worker that speaks another language. */
const withoutText = (entry: TimelineItem): string => JSON.stringify({ ...entry, text: '' });
