import type { Emulator, RequestEntry } from '../../src/emulator/emulator.js';
import { pointOf, WAIT_SECONDS } from './points.js';
import type { Row, Run } from './row.js';
import { postsTo } from './script.js';

/** What became of one run, as it is written into the file of results. */
export interface Measured {
  readonly point: string;
  readonly workflow: Run['workflow'];
  /** Calls that its script asks for. */
  readonly expected: number;
  /** Runs that Pigeon made for them. */
  readonly placed: number;
  readonly lost: number;
  readonly doubled: number;
  /** Of these: not named in its notes or timeline. */
  readonly silent: number;
  /** Calls of which it says itself that nobody knows. */
  readonly unknown: number;
  /** Seconds from the time when its next action was due to the action; null where there was none. */
  readonly late: number | null;
  /** What is wrong; empty in every good run. */
  readonly problems: readonly string[];
}

export function measure(row: Row): readonly Measured[] {
  return row.runs.map((run) => measureRun(row, run));
}

function measureRun(row: Row, run: Run): Measured {
  const { fault, stage } = row;
  const words = wordsOf(run);
  const unknown = run.end?.kind === 'call' && run.end.result.outcome === 'unknown' ? 1 : 0;
  const placed = run.numbers.map((number) => callsTo(stage.emulator, number).length);
  // Of a call of which it is said that nobody knows, it is known that somebody has to look.
  const calls = measureCalls(
    placed,
    placed.map((calls) => (unknown > 0 ? calls : 1)),
    words,
  );
  const { lost, doubled, silent } = calls;
  return {
    point: run.point,
    workflow: run.workflow,
    ...calls,
    expected: run.numbers.length,
    unknown,
    late: latenessOf(row, run),
    problems: [
      ...(lost > 0 ? [`${lost} of its calls were never placed`] : []),
      ...(silent > 0 ? [`${silent} calls were doubled in silence`] : []),
      ...(doubled > 0 && !fault.mayDouble ? [`${doubled} calls were doubled though Pigeon lists the first`] : []),
      ...(unknown > 0 && !/was not confirmed/.test(words) ? ['unknown, and no note says why'] : []),
      ...wrongEnd(run),
      ...stillRinging(row, run),
      ...calledLate(row, run, words),
    ].map((problem) => `${run.id}: ${problem}\n${words}`),
  };
}

/** By telephone number: how many calls were placed, and how many should have been. `words`: all notes, or the timeline. */
export function measureCalls(
  placed: readonly number[],
  expected: readonly number[],
  words: string,
): Pick<Measured, 'expected' | 'placed' | 'lost' | 'doubled' | 'silent'> {
  const more = placed.map((calls, index) => calls - (expected[index] ?? 0));
  const doubled = sum(more.map((calls) => Math.max(0, calls)));
  const named = words.match(/calling again, it may ring twice/g)?.length ?? 0;
  return {
    expected: sum(expected),
    placed: sum(placed),
    lost: sum(more.map((calls) => Math.max(0, -calls))),
    doubled,
    silent: Math.max(0, doubled - named),
  };
}

/** It must have ended as its script says, or say that it does not know. */
function wrongEnd({ point, workflow, end, closedAt }: Run): readonly string[] {
  if (end === null || closedAt === null) return ['it has not ended'];
  const stopped = pointOf(point).nobodyPicksUp === true;
  switch (end.kind) {
    case 'failed':
      return [`it failed: ${end.message}`];
    case 'cancelled':
      return stopped && workflow === 'pigeonCall' ? [] : ['it was cancelled'];
    case 'call':
      return ['answered', 'unknown'].includes(end.result.outcome) ? [] : [`its outcome is ${end.result.outcome}`];
    case 'incident': {
      const { state, owner } = end.result;
      const via = stopped ? 'api' : 'key';
      return state === 'acknowledged' && owner?.via === via
        ? []
        : [`it is ${state}, owned by ${owner?.by ?? 'nobody'}`];
    }
    default:
      return end satisfies never;
  }
}

/** A workflow that has closed leaves no telephone ringing, unless it says that it does not know of it. */
function stillRinging({ stage }: Row, { numbers, end }: Run): readonly string[] {
  if (end?.kind === 'call' && end.result.outcome === 'unknown') return [];
  const live = stage.emulator.space
    .calls()
    .filter(({ phoneNumber, finishedAt }) => numbers.includes(phoneNumber) && finishedAt === undefined);
  return live.length === 0 ? [] : [`${live.length} telephones still ring`];
}

/** A POST that the workflow had given up when it arrived. */
function calledLate(row: Row, { numbers }: Run, words: string): readonly string[] {
  if (row.fault.deliversLate) return [];
  const givenUp = [...words.matchAll(/(\S+Z) POST (\S+) was not confirmed/g)];
  const late = numbers
    .flatMap((number) => postsTo(row.stage.emulator, number))
    .filter(({ body, realAt }) =>
      givenUp.some(
        ([, at = '', reference]) => JSON.stringify(body).includes(`"${reference}"`) && Date.parse(at) < realAt,
      ),
    );
  return late.length === 0 ? [] : [`${late.length} POSTs came after they had been given up`];
}

function latenessOf(row: Row, run: Run): number | null {
  const { struckAt, stage } = row;
  const [first = '', second] = run.numbers;
  const since = (entries: readonly RequestEntry[]) => entries.find(({ realAt }) => realAt >= struckAt)?.realAt ?? null;
  const late = (at: number | null, dueAt: number) => (at === null ? null : Math.max(0, at - dueAt) / 1_000);
  const { next } = pointOf(run.point);
  switch (next) {
    case 'call':
      return late(since(callsTo(stage.emulator, first)), Math.max(struckAt, run.startedAt));
    case 'look': {
      const ids = row.resultIds(first);
      const looks = stage.emulator.journal.polls().filter(({ resultId }) => ids.includes(resultId ?? ''));
      return late(since(looks), run.timerDueAt ?? struckAt + WAIT_SECONDS * 1_000);
    }
    case 'branch':
      return late(second === undefined ? run.closedAt : since(callsTo(stage.emulator, second)), struckAt);
    case 'end':
      return late(run.closedAt, struckAt);
    case 'answer':
      return late(run.answeredAt, struckAt);
    default:
      return next satisfies never;
  }
}

/** Those for which Pigeon made a run. */
export function callsTo(emulator: Emulator, number: string): readonly RequestEntry[] {
  return postsTo(emulator, number).filter(madeARun);
}

export const madeARun = ({ handling, spaceStatus, answer }: RequestEntry): boolean =>
  handling === 'handled' && spaceStatus === 201 && answer?.['resultId'] !== undefined;

function wordsOf({ end }: Run): string {
  switch (end?.kind) {
    case 'call':
      return end.result.notes.join('\n');
    case 'incident':
      return end.result.timeline.map(({ at, text }) => `${at} ${text}`).join('\n');
    default:
      return '';
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Of a whole row: who was called that nobody expected. */
export function problemsOf({ stage }: Row): readonly string[] {
  return stage.emulator.unexpectedCalls.map((call) => `nobody expected this telephone call: ${JSON.stringify(call)}`);
}
