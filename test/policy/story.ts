import { describeEntry } from '../../src/incident/describe-entry.js';
import type { Simulation } from '../../src/simulate/simulation.js';

export interface StoryLine {
  /** Milliseconds after the opening. */
  readonly at: number;
  /** `00:05:30 田中 → pressed 1` */
  readonly text: string;
  /** Whether every script has to expect it: telephone calls and the end. The rest only where the script is about it. */
  readonly always: boolean;
}

/** What happened in a simulation, in order, as the `x-expected` of a script says it. */
export function storyOf({ restarts, answers, timeline, calls, end }: Simulation): readonly StoryLine[] {
  return [
    ...restarts.map((at) => line(at, 'The worker is restarted.')),
    ...answers.map(answerLine),
    ...timeline.map((entry) => line(entry.at, describeEntry(entry))),
    ...calls.flatMap(callLines),
    { ...line(end.at, end.kind === 'closed' ? end.state : `still ${end.state}`), always: true },
  ].toSorted((a, b) => a.at - b.at);
}

function answerLine({ update, answer }: Simulation['answers'][number]): StoryLine {
  const by = update.kind === 'alert' ? 'monitoring' : (update.by ?? 'external');
  const verdict = answer.accepted ? 'accepted' : 'not accepted';
  return line(update.at, `${by} ${update.kind} → ${verdict}. ${answer.message}`);
}

function callLines({ at, who, end, said, heard, endedAt }: Simulation['calls'][number]): readonly StoryLine[] {
  return [
    { ...line(at, `${who} → ${end}`), always: true },
    ...(said === null ? [] : [line(at, `${who} hears 「${said}」`)]),
    ...(heard === null ? [] : [line(endedAt ?? at, `${who} hears 「${heard}」`)]),
  ];
}

function line(at: number, text: string): StoryLine {
  return { at, text: `${clock(at)} ${text}`, always: false };
}

function clock(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
}
