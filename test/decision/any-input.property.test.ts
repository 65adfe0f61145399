import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledValidator } from '../../src/contract/compiled-validator.js';
import {
  validateAcknowledge,
  validateAlertUpdate,
  validateEscalate,
  validateHangUp,
  validateResolve,
  validateSnooze,
} from '../../src/contract/validators.generated.js';
import { alertOf, checkIncidentInput } from '../../src/incident/check-incident.js';
import { decide, openIncident } from '../../src/incident/decide.js';
import { describeEntry } from '../../src/incident/describe-entry.js';
import type { Update } from '../../src/incident/events.js';
import { isLevelReport } from '../../src/workflows/incident/level-messages.js';
import { alertFor, policyWith, calling, escalateTo, SATO, TANAKA } from '../incident/incident-world.js';

const POLICY = policyWith({
  primary: calling([TANAKA], { otherwise: escalateTo('manager') }),
  manager: calling([SATO]),
});
const INPUT = alertFor(POLICY, { labels: { host: 'web-1' }, links: ['https://example.com'] });

const TIMELINE = [
  { at: 1, kind: 'callsPlaced', level: 2, step: 'manager', attempt: 1, attempts: 1, calls: [2] },
  {
    at: 2,
    kind: 'callEnded',
    level: 2,
    step: 'manager',
    call: 2,
    outcome: 'answered',
    keyInput: '1',
    contact: '佐藤',
    calls: 1,
  },
  {
    at: 2,
    kind: 'levelEnded',
    level: 2,
    step: 'manager',
    outcome: 'answered',
    keyInput: '1',
    contact: '佐藤',
    calls: 1,
  },
];

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 0, -1, 1e99, 'x'.repeat(20_000), [], {}, '__proto__', 'constructor', '\ud800', '９'),
);

/** Something sound with something odd in one place. */
function spoilt(sound: unknown): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...pathsOf(sound)), odd).map(([path, value]) => replaced(sound, path, value));
}

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const inside = value as Readonly<Record<string, unknown>>;
  const changed = replaced(inside[key], rest, by);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? changed : item))
    : { ...inside, [key]: changed };
}

describe('whatever a caller sends', () => {
  test('opens an incident that can continue, or is refused with words for each field', () => {
    fc.assert(
      fc.property(fc.oneof(odd, spoilt(INPUT)), (value) => {
        const checked = checkIncidentInput(value);
        expect(checked.ok || checked.errors.join('').length > 5).toBe(true);
        if (!checked.ok) return;
        const { policy, alert, until } = checked.input;
        if (typeof policy === 'string') return;
        const { state } = openIncident(policy, { at: 0, alert, until, branches: 'elsewhere' });
        const ended = { outcome: 'unanswered', keyInput: null, contact: null, calls: 1 } as const;
        const call = state.level.live[0]?.id ?? 0;
        expect(decide(policy, state, { kind: 'callEnded', at: 1, call, ...ended }).timeline).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  const updates: readonly (readonly [Update['kind'], CompiledValidator, object])[] = [
    ['acknowledge', validateAcknowledge, { by: 'sato', note: 'x', takeOver: true }],
    ['resolve', validateResolve, { by: 'sato', note: 'x' }],
    ['escalate', validateEscalate, { by: 'sato', to: 'manager', from: 'primary' }],
    ['snooze', validateSnooze, { by: 'sato', for: '5m' }],
    ['hangUp', validateHangUp, { by: 'sato' }],
    ['alert', validateAlertUpdate, { alert: INPUT }],
  ];
  test.for(updates)('as the argument of %s is answered or refused', ([kind, validate, sound]) => {
    const { state } = openIncident(POLICY, { at: 0, alert: alertOf(INPUT), until: 'resolved' });
    fc.assert(
      fc.property(fc.oneof(odd, spoilt(sound)), (value) => {
        if (!validate(value)) return;
        const argument = value as Readonly<Record<string, unknown>>;
        const alert = kind === 'alert' ? { alert: alertOf(argument['alert'] as never) } : {};
        // The handlers leave out what is empty.
        const given = Object.fromEntries(
          Object.entries(argument).filter(([, field]) => field !== null && field !== ''),
        );
        const { answer } = decide(POLICY, state, { ...given, ...alert, kind, at: 1 } as Update);
        expect(answer?.message.length).toBeGreaterThan(5);
      }),
      { numRuns: 1_000 },
    );
  });

  test('as the report of a level changes the incident or nothing, and leaves it able to continue', () => {
    const alert = alertOf(INPUT);
    const opened = openIncident(POLICY, { at: 0, alert, until: 'resolved', branches: 'elsewhere' }).state;
    const hungUp = { outcome: 'hungUp', keyInput: null, contact: null, calls: 1 } as const;
    const leaving = decide(POLICY, opened, { kind: 'escalate', at: 1, to: 'manager' }).state;
    const call = leaving.level.live[0]?.id ?? 0;
    const { state } = decide(POLICY, leaving, { kind: 'callEnded', at: 2, call, ...hungUp });
    expect(state.level).toMatchObject({ number: 2, step: 'manager', runs: 'elsewhere' });
    const report = { run: 'run', level: state.level, timeline: TIMELINE, ringing: ['somebody'] };
    expect(isLevelReport(report)).toBe(true);
    fc.assert(
      fc.property(fc.oneof(odd, spoilt(report)), (value) => {
        if (!isLevelReport(value) || value.level.step !== 'manager') return;
        const { level, timeline } = value;
        const after = decide(POLICY, state, { kind: 'levelReported', at: 3, level, timeline });
        expect(after.timeline.map(describeEntry).join()).toBeTypeOf('string');
        for (const kind of ['escalate', 'hangUp', 'snooze', 'acknowledge', 'resolve'] as const) {
          expect(decide(POLICY, after.state, { kind, at: 4 }).answer?.state).toBeTypeOf('string');
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
