import { describe, expect, test, type TestContext } from 'vitest';
import {
  answers,
  busy,
  EMULATOR_TOKEN,
  neverPicksUp,
  realClock,
  startEmulator,
  type SwitchSettings,
} from '../../src/emulator/emulator.js';
import { playFirstCalls } from '../../src/first-call/play.js';

const PHONE = '0300000009';

/** The report of these experiments in a space with these switches. */
async function reportFrom(
  context: TestContext,
  only: readonly string[],
  switches: SwitchSettings = {},
): Promise<string> {
  const people = {
    key: [answers(2_000, '1')],
    line: [neverPicksUp(), neverPicksUp()],
    busy: [busy()],
    'full-queue': Array.from({ length: 45 }, () => neverPicksUp()),
  };
  const emulator = await startEmulator({
    clock: realClock({ speed: 30 }),
    switches,
    people: { [PHONE]: Object.entries(people).flatMap(([name, script]) => (only.includes(name) ? script : [])) },
  });
  context.onTestFinished(() => emulator.close());
  const report = await playFirstCalls({
    pigeon: { baseUrl: emulator.url, token: { value: EMULATOR_TOKEN }, basicAuth: null, proxy: null },
    phone: PHONE,
    version: '0.0.0',
    wanted: ({ name }) => Promise.resolve(only.includes(name)),
    said: (text) => expect(text).toBe(''),
    lookEveryMs: 50,
  });
  for (const { status } of emulator.space.runs()) expect(['succeeded', 'failed', 'aborted']).toContain(status);
  for (const secret of [PHONE, EMULATOR_TOKEN, new URL(emulator.url).host]) expect(report).not.toContain(secret);
  return report;
}

/** `| what is unknown | this space | the emulator |`. */
const shown = (report: string, unknown: string): string | undefined =>
  report
    .split('\n')
    .find((line) => line.startsWith(`| ${unknown} |`))
    ?.split(' | ')[1];

const LINE = 'whether a run that waits for a line is in the list';
const FULL = 'what is said of a full queue';

describe.concurrent('first calls', () => {
  test('in a space that is as the emulator: all that they can show, and that it is the same', async (context) => {
    const report = await reportFrom(context, ['refusals', 'key', 'line', 'busy', 'full-queue']);
    for (const [unknown, answer] of [
      [LINE, 'yes, as "waiting"'],
      [FULL, '201, rejected, "Queue limit exceeded": "The queue is full."'],
      ['what becomes of a call to a busy number', 'the call: failed; the run: failed'],
      ['whether a run with ad-hoc contacts keeps its parameters', 'yes'],
      ['answer to a wrong token', '401, JSON with message'],
      ['how many telephones ring at once', 'one'],
    ] as const) {
      expect(shown(report, unknown)).toBe(answer);
      expect(report).toContain(`| ${unknown} | ${answer} | the same |`);
    }
    expect(shown(report, 'how soon a line is free after hanging up')).toMatch(/^\d+\.\d s$/);
    const [, left = ''] = report.split('## What they have not');
    expect(left.split('##')[0]?.trim().split('\n')).toHaveLength(8);
  });

  test.for<[string, readonly string[], SwitchSettings, string, string]>([
    ['hides waiting runs', ['line'], { waitingRunsInCalls: 'absent' }, LINE, 'no'],
    ['words them otherwise', ['line'], { waitingCallWord: 'queued' }, LINE, 'yes, as "queued"'],
    [
      'drops parameters',
      ['key'],
      { adHocParameters: 'dropped' },
      'whether a run with ad-hoc contacts keeps its parameters',
      'no',
    ],
    ['has no isActive', ['key'], { isActive: 'absent' }, 'whether a result always says `isActive`', 'no: '],
    [
      'has small results',
      ['key'],
      { resultShape: 'minimal' },
      'keys of a result',
      'isActive, status, keyInput, parameters',
    ],
    ['lists little', ['key'], { callsShape: 'minimal' }, 'keys of an item of the list of calls', 'status, resultId'],
    ['lists the oldest first', ['line'], { listOrder: 'oldestFirst' }, 'order of the list of calls', 'oldest first'],
    [
      'takes the abort of anything',
      ['refusals'],
      { abortOfUnknown: 'accepted' },
      'answer to an abort of a run that never was',
      '200',
    ],
    [
      'refuses the abort of what has ended',
      ['key'],
      { abortOfEnded: 409 },
      'answer to an abort of a run that has ended',
      '409',
    ],
    [
      'words errors in HTML',
      ['refusals'],
      { errorBody: 'html' },
      'answer to a result that never was',
      '404, text/html',
    ],
    [
      'rejects in other words',
      ['full-queue'],
      { rejectedMessageKey: 'reason' },
      FULL,
      '201, rejected, keys params, status, reason',
    ],
    ['has a small queue', ['full-queue'], { queueSize: 3 }, 'how many runs a queue holds', 'about 3'],
  ])('tell of a space that %s', async ([, only, switches, unknown, answer], context) => {
    const report = await reportFrom(context, only, switches);
    expect(shown(report, unknown)).toContain(answer);
    expect(shown(report, unknown)).not.toBe('');
  });
});
