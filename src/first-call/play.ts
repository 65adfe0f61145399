import {
  busy,
  EMULATOR_TOKEN,
  answers,
  neverPicksUp,
  realClock,
  startEmulator,
  type Person,
} from '../emulator/emulator.js';
import type { PigeonConfig } from '../config/config.js';
import { EXPERIMENTS, type Experiment } from './experiments.js';
import { Lab } from './lab.js';
import { type Exchange, recordSpace } from './recorder.js';
import { type Played, reportOf } from './report.js';

export interface Play {
  readonly pigeon: PigeonConfig;
  /** The person's own. */
  readonly phone: string;
  readonly version: string;
  /** Asked before each experiment. */
  readonly wanted: (experiment: Experiment) => Promise<boolean>;
  readonly said: (text: string) => void;
  /** Between two looks. Default 2 s. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 2_000;

/**
 * Plays the experiments in a space, and each beside it against the emulator.
 *
 * @returns the report. Whatever goes wrong on the way, what rings is hung up first.
 */
export async function playFirstCalls({
  pigeon,
  phone,
  version,
  wanted,
  said,
  lookEveryMs = LOOK_EVERY_MS,
}: Play): Promise<string> {
  const recorder = recordSpace(pigeon);
  const lab = new Lab(recorder, phone, lookEveryMs);
  const played: Played[] = [];
  const emulated = new Emulated();
  try {
    for (const experiment of EXPERIMENTS) {
      const emulator = await emulated.play(experiment);
      if (!(await wanted(experiment))) {
        played.push({ experiment, space: null, emulator });
        continue;
      }
      const before = lab.exchanges.length;
      try {
        await experiment.run(lab);
      } catch (error) {
        said(`It ended early: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        await lab.hangUp();
      }
      played.push({ experiment, space: lab.exchanges.slice(before), emulator });
    }
    const hidden = { phone, host: new URL(pigeon.baseUrl).host, runs: lab.runs };
    return reportOf(version, played, { space: lab, emulator: emulated.seen }, hidden);
  } finally {
    await recorder.close();
  }
}

const PHONE = '0300000001';
/** As the person is asked to do it. */
const PEOPLE: Readonly<Record<string, readonly Person[]>> = {
  key: [answers(2_000, '1')],
  line: [neverPicksUp(), neverPicksUp()],
  busy: [busy()],
};
const SPEED = 30;

/** The same experiments against an emulator of its own, in a fraction of the time. */
class Emulated {
  readonly seen = { exchanges: [] as Exchange[], measured: new Map<string, number | string>(), runs: [] as string[] };

  async play(experiment: Experiment): Promise<readonly Exchange[]> {
    const people = PEOPLE[experiment.name] ?? Array.from({ length: 40 }, () => neverPicksUp());
    const emulator = await startEmulator({ clock: realClock({ speed: SPEED }), people: { [PHONE]: people } });
    const recorder = recordSpace({
      baseUrl: emulator.url,
      token: { value: EMULATOR_TOKEN },
      basicAuth: null,
      proxy: null,
    });
    try {
      const lab = new Lab(recorder, PHONE, 100);
      await experiment.run(lab);
      this.seen.exchanges.push(...lab.exchanges);
      this.seen.runs.push(...lab.runs);
      for (const [name, value] of lab.measured)
        this.seen.measured.set(name, name.endsWith('Ms') ? Number(value) * SPEED : value);
      return lab.exchanges;
    } finally {
      await recorder.close();
      await emulator.close();
    }
  }
}
