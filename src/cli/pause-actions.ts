import { describePause } from '../words/describe-pause.js';
import { describeSilence } from '../words/describe-silence.js';
import { words } from '../words/words.js';
import type { PigeonflowClient } from '../client.js';
import { formOf, progress, type JsonFlag } from './call-actions.js';
import { ExitCode } from './exit-code.js';
import { loginName } from './login-name.js';
import type { ProgressLines } from './progress-lines.js';
import { printJson } from './incident-print.js';
import { withPigeonflow } from './temporal.js';

export interface ResumeFlags extends JsonFlag {
  readonly reason: string;
  readonly by?: string;
}

export interface PauseFlags extends ResumeFlags {
  readonly for: string;
}

export async function pause(flags: PauseFlags): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const { paused, pause: now } = await pigeonflow.pauseCalling({
      by: flags.by ?? loginName() ?? 'external',
      reason: flags.reason,
      for: flags.for,
    });
    if (formOf(flags) === 'json') printJson({ paused, ...now });
    else console.log((paused === 'now' ? words().pause.done : words().pause.unchanged)(describePause(now)));
    return paused === 'now' ? ExitCode.done : ExitCode.notAllowed;
  });
}

export async function resume(flags: ResumeFlags): Promise<ExitCode> {
  return await withPigeonflow(async (pigeonflow) => {
    const by = flags.by ?? loginName() ?? 'external';
    const outcome = await pigeonflow.resumeCalling({ by, reason: flags.reason });
    if (formOf(flags) === 'json') printJson({ outcome });
    else console.log(words().pause[outcome]);
    return EXIT_CODES[outcome];
  });
}

const EXIT_CODES = {
  resumed: ExitCode.done,
  asked: ExitCode.unreachable,
  notPaused: ExitCode.notAllowed,
} as const;

/** The pause and the silences, where somebody may wonder why nothing rings. Never in the way: what is asked for counts more. */
export async function tellPause(pigeonflow: PigeonflowClient, lines: ProgressLines = progress()): Promise<void> {
  const now = await pigeonflow.callingPause().catch(() => null);
  if (now !== null) lines.say(words().pause.told(describePause(now)), 'loud');
  const { silences } = await pigeonflow
    .silences()
    .published(LOOK)
    .catch(() => ({ silences: [] }));
  if (silences.length > 0) lines.say(words().silence.told(silences.map(describeSilence).join('; ')), 'loud');
}

const LOOK = { timeLimitMs: 3_000 };
