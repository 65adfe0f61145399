import { setTimeout } from 'node:timers/promises';
import { EMULATOR_TOKEN, answers, type EmulatorOptions, type Fault as Answer } from '../../src/emulator/emulator.js';
import type { Moment } from '../../src/emulator/faults.js';
import type { PointName } from './points.js';
import type { Stage } from './stage.js';

export interface Fault {
  readonly title: string;
  /** Worker processes. Default 1. */
  readonly workers?: number;
  readonly space?: EmulatorOptions;
  /** Done before anything is parked. */
  readonly prepare?: (stage: Stage) => void;
  /** Breaks; the runs stand parked. What the ways to Temporal hold is let through afterwards, except {@link keepsWaysHeld}. */
  readonly strike: (stage: Stage) => Promise<void>;
  readonly keepsWaysHeld?: true;
  /** What becomes of requests that stand at the emulator. Default: they are handled and answered as usual. */
  readonly standing?: Partial<Record<Moment, Answer>>;
  /** Until it is mended; seconds. Default 0. */
  readonly lasts?: number;
  readonly meanwhile?: (stage: Stage) => Promise<void>;
  readonly mend?: (stage: Stage) => Promise<void>;
  /** Points at which no run can stand, and why. */
  readonly cannot?: Partial<Record<PointName, string>>;
  /** Pigeon does not list the run of a lost answer, or not with its reference: it may be called again, but never in silence. */
  readonly mayDouble?: true;
  /** The network gives a POST to the worker, or to Pigeon, long after it was sent. */
  readonly deliversLate?: true;
}

/** The request that a dead worker had sent is lost on its way, the answer has nobody to go to. */
const LOST = {
  beforeHandling: { kind: 'resetBeforeHandling' },
  afterHandling: { kind: 'resetAfterHandling' },
} as const;

const killAll = async (stage: Stage): Promise<void> => {
  await Promise.all(stage.workers.slice().map((worker) => stage.killWorker(worker)));
};
const startOne = async (stage: Stage): Promise<void> => void (await stage.startWorker());

const ENDPOINTS = ['invoke', 'result', 'abort', 'calls'] as const;

/** Pigeon answers every request like this for some seconds. */
function pigeonAnswers(title: string, before: Answer, after: Answer | undefined, more: Partial<Fault> = {}): Fault {
  return {
    title,
    strike({ emulator }) {
      for (const endpoint of ENDPOINTS) emulator.faults.inject(endpoint, before, { times: 'always' });
      return Promise.resolve();
    },
    standing: { beforeHandling: before, ...(after !== undefined && { afterHandling: after }) },
    lasts: 5,
    mend({ emulator }) {
      emulator.faults.clear();
      return Promise.resolve();
    },
    ...more,
  };
}

/** Packets between Temporal and one worker are lost, the other one goes on with everything. */
function oneOfTwoIsSilent(seconds: number, more: Partial<Fault> = {}): Fault {
  return {
    title: `no network between Temporal and one of two workers for ${seconds} s, every packet lost`,
    workers: 2,
    strike({ workers: [first, second] }) {
      first?.temporalWay.hold('there', 'back');
      second?.temporalWay.release();
      return Promise.resolve();
    },
    keepsWaysHeld: true,
    lasts: seconds,
    mend({ workers: [first] }) {
      first?.temporalWay.release();
      return Promise.resolve();
    },
    ...more,
  };
}

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const DONE_AND_REFUSED = 'it says that nothing was done, so it cannot follow a POST that was';

export const FAULTS: Readonly<Record<string, Fault>> = {
  none: { title: 'none', strike: () => Promise.resolve() },
  'pigeon-silent-60s': {
    title: 'no network to Pigeon for 60 s, every packet lost',
    strike(stage) {
      for (const { pigeonWay } of stage.workers) pigeonWay.hold('there', 'back');
      return Promise.resolve();
    },
    lasts: 60,
    mend(stage) {
      for (const { pigeonWay } of stage.workers) pigeonWay.release();
      return Promise.resolve();
    },
    deliversLate: true,
  },
  'temporal-silent-60s': {
    title: 'no network to Temporal for 60 s, every packet lost',
    strike(stage) {
      for (const { temporalWay } of stage.workers) temporalWay.hold('there', 'back');
      return Promise.resolve();
    },
    keepsWaysHeld: true,
    lasts: 60,
    mend(stage) {
      for (const { temporalWay } of stage.workers) temporalWay.release();
      return Promise.resolve();
    },
  },
  'one-of-two-silent-60s': oneOfTwoIsSilent(60),
  // Shorter than the connection lives without an answer (45 s): what Temporal said arrives after all, too late.
  'one-of-two-silent-35s': oneOfTwoIsSilent(35, { deliversLate: true }),
  suspended: {
    title: 'the only worker suspended for 60 s (SIGSTOP), another one started',
    strike(stage) {
      for (const { child } of stage.workers) process.kill(child.pid, 'SIGSTOP');
      return Promise.resolve();
    },
    lasts: 60,
    async meanwhile(stage) {
      // First come the POSTs that Temporal hands to the one that cannot take them.
      await setTimeout(3_000);
      await stage.startWorker();
    },
    mend(stage) {
      const [suspended] = stage.workers;
      if (suspended !== undefined) process.kill(suspended.child.pid, 'SIGCONT');
      return Promise.resolve();
    },
  },
  'waiting-not-listed': {
    title: 'SIGKILL of the only worker; Pigeon does not list runs that wait for a line',
    space: { lines: 1, switches: { waitingRunsInCalls: 'absent' } },
    prepare({ emulator }) {
      // Takes the line until every look for a lost run was in vain.
      emulator.space.people.set(LINE_TAKER, answers(120_000, { key: '1', afterMs: 100 }));
      emulator.space.invoke({
        params: {
          callflow: { loopLimit: 1, contacts: [{ displayName: '先客', phones: [{ phoneNumber: LINE_TAKER }] }] },
          guidance: { messageTemplate: '先客', reactions: { 1: { behavior: 'terminate' } } },
        },
      });
    },
    strike: killAll,
    standing: LOST,
    lasts: 1,
    mend: startOne,
    mayDouble: true,
    cannot: {
      poll: 'no run ends while the only line is taken',
      result: 'no run ends while the only line is taken',
      child: 'no run ends while the only line is taken',
    },
  },
  'reference-dropped': {
    title: 'SIGKILL of the only worker; Pigeon drops the parameters of ad-hoc runs',
    space: { switches: { adHocParameters: 'dropped' } },
    strike: killAll,
    standing: LOST,
    lasts: 1,
    mend: startOne,
    mayDouble: true,
  },
  'worker-killed': {
    title: 'SIGKILL of the only worker, another one started',
    strike: killAll,
    standing: LOST,
    lasts: 1,
    mend: startOne,
  },
  'one-of-two-killed': {
    title: 'SIGKILL of one of two workers',
    workers: 2,
    async strike(stage) {
      const [first] = stage.workers;
      if (first !== undefined) await stage.killWorker(first);
    },
  },
  'all-killed': {
    title: 'SIGKILL of both workers, another one after 10 s',
    workers: 2,
    strike: killAll,
    standing: LOST,
    lasts: 10,
    mend: startOne,
  },
  'worker-terminated': {
    title: 'SIGTERM of the only worker, which drains; then another one started',
    strike(stage) {
      for (const { child } of stage.workers) process.kill(child.pid, 'SIGTERM');
      return Promise.resolve();
    },
    async mend(stage) {
      for (const worker of stage.workers.slice()) {
        await worker.child.ended;
        await stage.forget(worker);
      }
      await stage.startWorker();
    },
  },
  'killed-while-draining': {
    title: 'SIGTERM of the only worker, SIGKILL 1 s later while it drains',
    async strike(stage) {
      for (const { child, temporalWay } of stage.workers) {
        process.kill(child.pid, 'SIGTERM');
        temporalWay.release();
      }
      await setTimeout(1_000);
      await killAll(stage);
    },
    standing: LOST,
    lasts: 1,
    mend: startOne,
  },
  'temporal-killed': {
    title: 'SIGKILL of the Temporal server, back on its file after 5 s',
    strike: (stage) => stage.killTemporal(),
    lasts: 5,
    mend: (stage) => stage.restartTemporal(),
  },
  'both-killed': {
    title: 'SIGKILL of the Temporal server and of the only worker, both back after 5 s',
    async strike(stage) {
      await Promise.all([stage.killTemporal(), killAll(stage)]);
    },
    standing: LOST,
    lasts: 5,
    async mend(stage) {
      await stage.restartTemporal();
      await stage.startWorker();
    },
  },
  'pigeon-cut-1s': {
    title: 'connections to Pigeon reset, and refused for 1 s',
    async strike(stage) {
      for (const { pigeonWay } of stage.workers) await pigeonWay.cut();
    },
    standing: LOST,
    lasts: 1,
    async mend(stage) {
      for (const { pigeonWay } of stage.workers) await pigeonWay.mend();
    },
  },
  'temporal-cut-1s': {
    title: 'connections to Temporal reset, and refused for 1 s',
    async strike(stage) {
      for (const { temporalWay } of stage.workers) await temporalWay.cut();
    },
    lasts: 1,
    async mend(stage) {
      for (const { temporalWay } of stage.workers) await temporalWay.mend();
    },
  },
  'pigeon-500': pigeonAnswers(
    'Pigeon answers 500 for 5 s',
    { kind: 'status', status: 500 },
    { kind: 'statusAfterHandling', status: 500 },
  ),
  'pigeon-502': pigeonAnswers(
    'Pigeon answers 502 with HTML for 5 s',
    { kind: 'status', status: 502, headers: { 'content-type': 'text/html' }, body: HTML },
    { kind: 'statusAfterHandling', status: 502, headers: { 'content-type': 'text/html' }, body: HTML },
  ),
  'pigeon-429': pigeonAnswers(
    'Pigeon answers 429, Retry-After 3, for 5 s',
    { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    undefined,
    { cannot: { sentAndTaken: DONE_AND_REFUSED } },
  ),
  'pigeon-hangs': pigeonAnswers(
    'Pigeon reads and answers nothing for 5 s',
    { kind: 'hangBeforeHandling' },
    { kind: 'hangAfterHandling' },
  ),
  'pigeon-resets': pigeonAnswers(
    'Pigeon resets every connection for 5 s',
    { kind: 'resetBeforeHandling' },
    { kind: 'resetAfterHandling' },
  ),
  'pigeon-half': pigeonAnswers('Pigeon gives half an answer for 5 s', { kind: 'cutOff' }, { kind: 'cutOff' }),
  'pigeon-garbage': pigeonAnswers(
    'Pigeon answers 200 with garbage for 5 s',
    { kind: 'garbage' },
    { kind: 'garbageAfterHandling' },
  ),
  'token-expired': {
    title: 'the token expires, and its file is replaced after 10 s',
    strike({ emulator }) {
      emulator.tokens.revoke(EMULATOR_TOKEN);
      return Promise.resolve();
    },
    lasts: 10,
    async mend(stage) {
      stage.emulator.tokens.add('the-next-token');
      await stage.giveToken('the-next-token');
    },
    cannot: { sentAndTaken: DONE_AND_REFUSED },
  },
};

const LINE_TAKER = '0300009999';
