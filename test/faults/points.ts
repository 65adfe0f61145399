import type { Endpoint } from '../../src/emulator/endpoint.js';
import type { Moment } from '../../src/emulator/faults.js';
import type { Row, Run } from './row.js';

/**
 * The world closes step by step, so that runs of all points stand parked at the same instant:
 * `ringing` and `posting` are its usual state (a POST may be held for 10 s, so those come last); with `postsHeld` Temporal
 * hands out no POST any more; with `backHeld` nothing that Temporal says reaches a worker; with `allHeld` nothing that a
 * worker says reaches Temporal either. Then the fault strikes.
 */
export type Phase = 'ringing' | 'posting' | 'postsHeld' | 'backHeld' | 'allHeld' | 'struck';

export interface Point {
  readonly title: string;
  /** Which workflows can stand there. Default: both. */
  readonly only?: 'incident';
  /** Which of its requests are held from the beginning, until the fault has struck. */
  readonly gate?: { readonly endpoint: Endpoint; readonly moment: Moment };
  /** Who is first called never picks up. Default: presses at once. */
  readonly nobodyPicksUp?: true;
  /** Seconds between two looks. Default {@link WAIT_SECONDS}. */
  readonly waitTime?: number;
  /** What has to be done, and awaited, in each phase to get a run there. */
  readonly steps: Partial<Record<Phase, (row: Row, run: Run) => Promise<void>>>;
  /** What the run does next, by which its lateness is measured. `call` and `branch` are POSTs that Pigeon takes, `look` is a poll. */
  readonly next: 'call' | 'look' | 'branch' | 'end' | 'answer';
}

export const WAIT_SECONDS = 3;
/** Longer than the parking takes. */
const LONG_WAIT_SECONDS = 20;

const start = (row: Row, run: Run): Promise<void> => row.start(run);
const startAndReach = async (row: Row, run: Run): Promise<void> => {
  await row.start(run);
  await row.reached(run);
};

export const POINTS = {
  notScheduled: {
    title: 'POST not yet scheduled',
    steps: { backHeld: start },
    next: 'call',
  },
  scheduled: {
    title: 'POST scheduled, not started',
    steps: {
      async postsHeld(row, run) {
        await row.start(run);
        await row.isPending(run, 'invoke');
      },
    },
    next: 'call',
  },
  sentNotTaken: {
    title: 'POST sent, Pigeon has not done it',
    gate: { endpoint: 'invoke', moment: 'beforeHandling' },
    steps: { posting: startAndReach },
    next: 'look',
  },
  sentAndTaken: {
    title: 'POST sent and done, not answered',
    gate: { endpoint: 'invoke', moment: 'afterHandling' },
    steps: { posting: startAndReach },
    next: 'look',
  },
  answered: {
    title: 'answered, not recorded',
    gate: { endpoint: 'invoke', moment: 'afterHandling' },
    steps: {
      posting: startAndReach,
      allHeld: (row, run) => row.letWorkerReport(run),
    },
    next: 'look',
  },
  recorded: {
    title: 'recorded, before the first timer',
    gate: { endpoint: 'invoke', moment: 'afterHandling' },
    steps: {
      posting: startAndReach,
      async backHeld(row, run) {
        row.release(run);
        await row.hasCompleted(run, 'invoke');
      },
    },
    next: 'look',
  },
  timer: {
    title: 'in a timer',
    waitTime: LONG_WAIT_SECONDS,
    steps: {
      async posting(row, run) {
        await row.start(run);
        await row.sleeps(run);
      },
    },
    next: 'look',
  },
  poll: {
    title: 'in a poll',
    gate: { endpoint: 'result', moment: 'beforeHandling' },
    steps: { ringing: startAndReach },
    next: 'branch',
  },
  result: {
    title: 'between result and branch',
    gate: { endpoint: 'result', moment: 'beforeHandling' },
    steps: {
      ringing: startAndReach,
      async backHeld(row, run) {
        row.release(run);
        await row.hasCompleted(run, 'getResult');
      },
    },
    next: 'branch',
  },
  child: {
    title: 'a child being started',
    only: 'incident',
    gate: { endpoint: 'result', moment: 'beforeHandling' },
    steps: {
      ringing: startAndReach,
      async postsHeld(row, run) {
        row.release(run);
        await row.hasBegunChild(run);
      },
    },
    next: 'branch',
  },
  abort: {
    title: 'abort sent, not answered',
    gate: { endpoint: 'abort', moment: 'beforeHandling' },
    nobodyPicksUp: true,
    steps: {
      async ringing(row, run) {
        await row.start(run);
        await row.rings(run);
        await row.stop(run);
        await row.reached(run);
      },
    },
    next: 'end',
  },
  update: {
    title: 'in an update',
    only: 'incident',
    nobodyPicksUp: true,
    steps: {
      async ringing(row, run) {
        await row.start(run);
        await row.rings(run);
      },
      backHeld(row, run) {
        row.beginToStop(run);
        return Promise.resolve();
      },
    },
    next: 'answer',
  },
  meanwhile: {
    title: 'started while it lasts',
    steps: { struck: start },
    next: 'call',
  },
} satisfies Record<string, Point>;

export type PointName = keyof typeof POINTS;
export const POINT_NAMES = Object.keys(POINTS) as readonly PointName[];
export const pointOf = (name: PointName): Point => POINTS[name];
