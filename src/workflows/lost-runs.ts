import {
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { CHECK_SIGNAL, STATUS_QUERY } from '../contract/names.js';
import type { PigeonCallStatus } from '../contract/pigeon-call-schema.js';
import { words } from '../words/words.js';
import { Call } from './call/call.js';
import { hangUpDouble, hangUpRun } from './call/hang-up.js';
import { find, type IncidentOfCall, type LostRunsInput } from './call/look-for-run.js';
import { type PressedKey, pressedKeyOf, statusOf } from './call/result.js';
import { describeCall } from './call/show.js';
import { pause } from './call/wait.js';
import { LOST_RUN_SIGNAL, type LostRunReport } from './incident/level-messages.js';

export interface LostRunsResult {
  /** References that were found, and hung up unless they were over. */
  readonly found: readonly string[];
  readonly notFound: readonly string[];
  readonly notes: readonly string[];
}

/** After its POST. A run that waits for a line, behind a full queue, is listed by then. */
const SEARCH_TIMEOUT_MS = 1_800_000;
/** For five minutes; then four times as long. */
const LOOK_INTERVAL_MS = 15_000;
const FREQUENT_LOOKS_TIMEOUT_MS = 300_000;

const statusQuery = defineQuery<PigeonCallStatus>(STATUS_QUERY);
const checkSignal = defineSignal(CHECK_SIGNAL);

/**
 * Looks for runs of a call that is over, and hangs up what turns up: an answered, acknowledged or refused call must not ring
 * later, followed by nobody. A key that was pressed before is reported to the incident. Started by calls alone.
 */
export async function lostRuns({ input, progress, workflowRun, incident }: LostRunsInput): Promise<LostRunsResult> {
  const { lost, unconfirmed, doubles, lostAt = unconfirmed?.scheduledAt ?? Date.now() } = progress;
  const began = Date.now();
  const newest = Math.max(lostAt, unconfirmed?.scheduledAt ?? 0);
  const wanted = new Set(unconfirmed === null ? lost : [...lost, unconfirmed.reference]);
  const found: string[] = [];
  const carried = { ...progress, run: null, view: null, unconfirmed: null, lost: [], doubles: [...doubles], notes: [] };
  const call = new Call(input, incident?.id ?? '', workflowRun, carried, {
    changed: (self) => setCurrentDetails(describeCall(self)),
  });
  setHandler(statusQuery, () => statusOf(call), { description: 'What is looked for, and what was found.' });
  setHandler(checkSignal, () => void (call.lookNow = true), { description: 'Look now.' });
  call.enter('hangingUp', (said) => said.call.looksFor([...wanted, ...doubles].join(', ')));
  for (;;) {
    // Its call has just looked.
    const interval = Date.now() < began + FREQUENT_LOOKS_TIMEOUT_MS ? LOOK_INTERVAL_MS : 4 * LOOK_INTERVAL_MS;
    await pause(call, interval, words().call.waitForNextLookForLost);
    for (const reference of wanted) {
      const search = await find(call, reference, lostAt);
      if (search.status !== 'found') continue;
      call.note(words().call.found(reference, search.resultId));
      call.progress.view = null;
      call.taken(search.resultId, reference);
      await hangUpRun(call, search.resultId);
      wanted.delete(reference);
      found.push(reference);
      const pressed = pressedKeyOf(call);
      if (incident !== null && pressed !== null) await reportKey(incident, pressed);
    }
    for (const resultId of carried.doubles.slice()) await hangUpDouble(call, resultId);
    // What is known to ring is asked to stop for as long, from now on.
    const since = carried.doubles.length > 0 ? Math.max(newest, began) : newest;
    if (wanted.size + carried.doubles.length === 0 || Date.now() >= since + SEARCH_TIMEOUT_MS) break;
  }
  return { found, notFound: [...wanted, ...carried.doubles], notes: call.progress.notes };
}

async function reportKey({ id, run, level, step }: IncidentOfCall, pressed: PressedKey): Promise<void> {
  const report: LostRunReport = { run, level, step, ...pressed };
  try {
    await getExternalWorkflowHandle(id).signal(LOST_RUN_SIGNAL, report);
  } catch {
    // It has closed: nobody is called any more.
  }
}
