import {
  NoAnswer,
  NoWorker,
  TemporalUnreachable,
  type IncidentHandle,
  type IncidentTimeline,
  type TimelineItem,
} from '../client.js';
import type { ProgressLines } from './progress-lines.js';

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

/** Only the newest entries are kept, so they are told apart by what they say and not by their number. */
function after(last: TimelineItem | undefined, { entries }: IncidentTimeline): readonly TimelineItem[] {
  if (last === undefined) return entries;
  return entries.slice(entries.findLastIndex(({ at, text }) => at === last.at && text === last.text) + 1);
}
