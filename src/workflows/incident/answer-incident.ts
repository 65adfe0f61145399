import { defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import { CHECK_SIGNAL, STATUS_QUERY } from '../../contract/names.js';
import type { Alert } from '../../policy/alert.js';
import { ALERT_SIGNAL, HAND_BACK_SIGNAL, HANG_UP_SIGNAL, STAND_DOWN_SIGNAL } from './level-messages.js';
import type { LevelRun } from './level-run.js';

/** Signals of the incident to its level, and what operators ask of it. */
export function answerIncident(run: LevelRun): void {
  setHandler(defineSignal(STAND_DOWN_SIGNAL), () => run.happened({ kind: 'standDown', at: Date.now() }), {
    description: 'End this level and hang up. Of its incident; people use `escalate` or `acknowledge` there.',
  });
  setHandler(defineSignal(HANG_UP_SIGNAL), () => run.happened({ kind: 'hangUpLive', at: Date.now() }), {
    description: 'Hang up and go on with the next attempt.',
  });
  setHandler(defineSignal<[Alert]>(ALERT_SIGNAL), (alert) => run.alertChanged(alert), {
    description: 'What is said in the calls from now on.',
  });
  setHandler(defineSignal<[unknown]>(HAND_BACK_SIGNAL), (wanted) => run.handBack(wanted), {
    description: 'Close: the incident continues as new, and goes on with this level and its calls in another child.',
  });
  setHandler(defineSignal(CHECK_SIGNAL), () => run.telephones.lookNow(), {
    description: 'Look at the results now, not at the next poll.',
  });
  setHandler(defineQuery<unknown>(STATUS_QUERY), () => run.status, { description: 'What this level is doing.' });
}
