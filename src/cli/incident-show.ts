import { NoAnswer, NoWorker, type IncidentStatus, type IncidentTimeline } from '../client.js';
import { clockWithoutZone, zoneName } from '../words/clock.js';
import { words } from '../words/words.js';
import { padToWidth } from '../yaml-file/display-width.js';
import { formOf, progress, type JsonFlag } from './call-actions.js';
import { typed } from './call-follow.js';
import { ExitCode } from './exit-code.js';
import { describeListed, tellUnreadable } from './incident-list.js';
import { clock, fromNow, ownerInWords, printJson } from './incident-print.js';
import { printable } from './printable.js';
import { tellPause } from './pause-actions.js';
import { withPigeonflow } from './temporal.js';

/** Somebody waits for it. */
const ANSWER_WITHIN = { timeLimitMs: 5_000 };

/** All that is known: without a worker what the incident wrote down last, and exit code 10. */
export async function showIncident(id: string, flags: JsonFlag): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const incident = pigeonflow.incident(id);
    await tellPause(pigeonflow);
    const listed = await incident.listed();
    try {
      const [status, timeline] = await Promise.all([incident.status(ANSWER_WITHIN), incident.timeline(ANSWER_WITHIN)]);
      if (formOf(flags) === 'json') printJson({ ...listed, status, timeline });
      else console.log(printable(describe(id, status, timeline)));
      return ExitCode.done;
    } catch (error) {
      const isUnanswered = error instanceof NoWorker || error instanceof NoAnswer;
      if (!isUnanswered && listed.unreadable === undefined) throw error;
      if (formOf(flags) === 'json') printJson({ ...listed, status: null, timeline: null });
      else console.log(printable(describeListed(listed)));
      if (!isUnanswered) return tellUnreadable([listed]);
      tellUnreadable([listed]);
      const since = listed.writtenAt ?? listed.startedAt;
      progress().say(words().command.wasSo(clock(since), error.message), 'loud');
      return ExitCode.unreachable;
    }
  });
}

function describe(id: string, status: IncidentStatus, { entries }: IncidentTimeline): string {
  const { state, since, message, next, owner, summary, severity, policy, ringing, nextAt, placedCalls } = status;
  const { command, incident } = words();
  const last = entries.at(-1)?.at ?? since;
  return [
    command.stateSince(incident.headline(state), clock(since)),
    command.about(summary, severity ?? '', policy),
    '',
    message,
    command.owner(ownerInWords(owner)),
    nextAt === null ? command.next(next) : command.nextIn(next, fromNow(nextAt)),
    command.callsSoFar(placedCalls),
    ...ringing.map((call) => `  ${call}`),
    ...(status.result === null ? ['', ...howTo(typed(id), owner === null)] : []),
    '',
    command.whatHappened(zoneName(last)),
    ...entries.map(({ at, text }) => `  ${clockWithoutZone(at)}  ${text}`),
  ].join('\n');
}

function howTo(id: string, isFree: boolean): readonly string[] {
  const { command } = words();
  return [
    isFree ? [command.takeIt, `ack ${id}`] : [command.takeItOver, `take-over ${id}`],
    [command.endIt, `resolve ${id}`],
    [command.orElse, `escalate | snooze | hang-up | watch ${id}`],
  ].map(([what = '', how = '']) => `${padToWidth(what, 14)}pigeonflow incident ${how}`);
}
