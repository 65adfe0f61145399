import { durationMs } from '../contract/duration.js';
import { words } from '../words/words.js';
import { followCall, printStatus, type Form } from './call-follow.js';
import { callIdOf, callInputOf, type CallFlags } from './call-flags.js';
import { ExitCode } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import { openProgressLines } from './progress-lines.js';
import { withPigeonflow } from './temporal.js';

export interface JsonFlag {
  readonly json?: true;
}

/** Somebody waits for it. */
const STATUS_WITHIN_MS = 5_000;

export const formOf = ({ json }: JsonFlag): Form => (json === true ? 'json' : 'text');
export const progress = () => openProgressLines(process.stderr, process.env['NO_COLOR'] ? 'plain' : 'colour');

export async function placeCall(flags: CallFlags): Promise<ExitCode> {
  const input = await callInputOf(flags);
  const callId = callIdOf(flags);
  const lines = progress();
  return await withPigeonflow(async (pigeonflow) => {
    const interruption = listenForInterruption(lines, 'ask');
    try {
      const call = await pigeonflow.startCall(callId, input);
      lines.say(
        call.started === 'now' ? words().command.callStarted(callId) : words().command.callStartedBefore(callId),
      );
      const giveUpAfterMs = durationMs(flags.giveUpAfter);
      return await followCall(call, { form: formOf(flags), giveUpAfterMs, lines, interruption });
    } finally {
      interruption.close();
    }
  });
}

export async function waitForCall(callId: string, flags: JsonFlag): Promise<ExitCode> {
  const lines = progress();
  return await withPigeonflow(async (pigeonflow) => {
    const call = pigeonflow.call(callId);
    await call.isOver(); // an unknown id is said at once
    const interruption = listenForInterruption(lines, 'leave');
    try {
      return await followCall(call, { form: formOf(flags), giveUpAfterMs: null, lines, interruption });
    } finally {
      interruption.close();
    }
  });
}

export async function showStatus(callId: string, flags: JsonFlag): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const call = pigeonflow.call(callId);
    await call.isOver();
    printStatus(await call.status({ timeLimitMs: STATUS_WITHIN_MS }), formOf(flags));
    return ExitCode.done;
  });
}
