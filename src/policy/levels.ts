/** How an incident goes through its levels: it begins them, and follows what each comes to. */
import { callStep, goOn, keyDecided } from './course.js';
import type { LevelLost, LevelReported } from './incident-event.js';
import { account, callOrWait, finishLevel, keyDecides, tellLateKey, wait } from './level.js';
import type { LevelTurn } from './level-turn.js';
import { keptIn } from './incident-state.js';
import { stepOf } from './step-of.js';
import type { Turn } from './turn.js';

/** Only when the level before is over. */
export function beginLevel(turn: Turn, step: string): void {
  const { level: before, branches, serial } = turn.state;
  const number = before.number + 1;
  turn.setLevel({
    number,
    step,
    runs: number === 1 ? 'here' : branches,
    attempts: 0,
    attemptCounts: false,
    calls: 0,
    live: [],
    waiting: null,
    rung: before.rung,
    serial: Math.max(serial, before.serial),
    status: { kind: 'running' },
  });
  turn.tell({ kind: 'levelBegan', level: number, step });
  const kept = keptIn(turn.state.phase);
  turn.enter({ kind: 'calling', ...(kept !== null && { kept }) });
  const inCircle = isInCircle(turn);
  turn.onLevel((level) => (inCircle ? wait(level, 'nothingRang', stepOf(turn.policy, step).every) : callOrWait(level)));
}

/** Went through as many levels as there are steps, and nothing rang: no budget stops such a circle, so time must. */
export function isInCircle({ policy, state }: Turn): boolean {
  return state.levelsInVain >= Object.keys(policy.steps).length;
}

/** Lets something happen to the level, and follows what it decided. */
export function levelGoesOn(turn: Turn, happen: (level: LevelTurn) => void): void {
  turn.onLevel(happen);
  followLevel(turn);
}

/** Does nothing while the level runs, and when something else was decided before. */
function followLevel(turn: Turn): void {
  const { phase, level } = turn.state;
  if (phase.kind !== 'calling' || level.status.kind === 'running') return;
  const { outcome, keyInput, contact } = level.status;
  const { attempts, otherwise } = stepOf(turn.policy, level.step);
  // Stood down by nobody here: somebody cancelled its child. What would have gone on for ever begins again.
  if (outcome === 'stoodDown' && attempts === 'unlimited') return callStep(turn, level.step);
  const action = outcome === 'answered' && keyInput !== null ? keyDecides(turn.policy, level, keyInput) : null;
  if (action === null || keyInput === null) return goOn(turn, otherwise);
  keyDecided(turn, action, { by: contact ?? 'unknown', via: 'key', step: level.step, keyInput });
}

export function levelReported(turn: Turn, event: LevelReported): void {
  const { level: before, phase } = turn.state;
  if (before.runs === 'here' || before.number !== event.level.number || before.status.kind === 'over') return;
  turn.told.push(...event.timeline);
  const { status } = event.level;
  const wasEnding = before.status.kind === 'ending';
  // What was decided here in the meantime stands: an attempt that it still waits for is not made any more.
  const isBehind = status.kind === 'running' && wasEnding;
  const level = isBehind ? { ...event.level, waiting: null, status: before.status } : event.level;
  turn.setLevel({ ...level, runs: before.runs });
  if (phase.kind === 'calling') return followLevel(turn);
  // Pressed before it heard that something else had been decided.
  const lateKey = wasEnding && before.status.outcome === 'stoodDown' && status.kind !== 'running' && status.keyInput;
  if (lateKey) turn.onLevel((level) => tellLateKey(level, lateKey, status.contact));
}

/** Nobody knows what becomes of its calls: they count, are named, and the policy goes on. */
export function levelLost(turn: Turn, { level: number, message }: LevelLost): void {
  const { level } = turn.state;
  if (level.runs === 'here' || level.number !== number || level.status.kind === 'over') return;
  turn.tell({ kind: 'levelLost', level: number, step: level.step, message });
  const { phase } = turn.state;
  turn.onLevel((level) => {
    for (const call of level.level.live) {
      const lost = { outcome: 'unknown', keyInput: null, contact: null, calls: 0, message } as const;
      account(level, call, { kind: 'callEnded', at: level.at, call: call.id, ...lost });
    }
    level.end({ outcome: 'unanswered', keyInput: null, contact: null });
    finishLevel(level);
  });
  // It would have gone on for ever, so it begins again.
  const again = phase.kind === 'calling' && stepOf(turn.policy, level.step).attempts === 'unlimited';
  if (again) callStep(turn, level.step);
  else followLevel(turn);
}
