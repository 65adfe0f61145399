import type { Space } from '../space.js';
import type { CallView, RunView } from '../telephone-view.js';
import type { PageCall, PageRun, PageTelephone, PageTime, PageUpdate } from './page-update.js';

/** Runs on the page, newest first; those that are calling are there in any case. */
const RUNS_SHOWN = 50;

/** Telephones on the page: those of the newest calls stay where a storm brings more. */
const TELEPHONES_SHOWN = 100;

/** What has changed since the last update. */
export interface Touched {
  readonly runs: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  readonly telephones: 'same' | 'changed';
}

export function wholeUpdate(space: Space, time: PageTime): PageUpdate {
  const runs = shownRuns(space);
  const last = new Map<string, string>();
  for (const run of runs.toReversed()) for (const call of run.calls) last.set(call.phoneNumber, call.callId);
  return {
    kind: 'whole',
    time,
    telephones: shownTelephones(space),
    runIds: runs.map(({ resultId }) => resultId),
    runs: runs.map(pageRun),
    calls: runs.flatMap(({ calls }) =>
      calls.map((call) => {
        const whole = call.phase !== 'ended' || last.get(call.phoneNumber) === call.callId;
        return pageCall(call, space, whole ? 'withTalk' : 'withoutTalk');
      }),
    ),
  };
}

export function changesUpdate(space: Space, time: PageTime, touched: Touched): PageUpdate {
  const runs = shownRuns(space);
  const touchedRuns = runs.filter(({ resultId }) => touched.runs.has(resultId));
  return {
    kind: 'changes',
    time,
    ...(touched.telephones === 'same' ? {} : { telephones: shownTelephones(space) }),
    runIds: runs.map(({ resultId }) => resultId),
    runs: touchedRuns.map(pageRun),
    calls: touchedRuns.flatMap(({ calls }) =>
      calls.filter(({ callId }) => touched.calls.has(callId)).map((call) => pageCall(call, space, 'withTalk')),
    ),
  };
}

function shownRuns(space: Space): readonly RunView[] {
  const newestFirst = space.runs().toReversed();
  return newestFirst.filter(({ status }, index) => index < RUNS_SHOWN || status === 'started');
}

function shownTelephones(space: Space): readonly PageTelephone[] {
  const all = space.telephones();
  const first = all.length - TELEPHONES_SHOWN;
  const shown = all.filter(({ calls }, index) => index >= first || calls.length > 0);
  return shown.map(({ phoneNumber, names }) => ({ phoneNumber, names }));
}

function pageRun(view: RunView): PageRun {
  const { calls: _, ...run } = view;
  return run;
}

function pageCall(call: CallView, space: Space, talk: 'withTalk' | 'withoutTalk'): PageCall {
  const { purpose: _, transcript, keys, ...rest } = call;
  return talk === 'withTalk' ? { ...rest, transcript, keys: { ...keyZero(space), ...keys } } : rest;
}

function keyZero({ switches }: Space): CallView['keys'] {
  return switches.keyZero === 'readAgain' ? {} : { '0': switches.keyZero };
}
