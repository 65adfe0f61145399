import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onDuty, shiftsOf } from '../../src/duty/on-duty.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { anyMoment, anyOverrides, anySchedule } from './schedule.arbitrary.js';

const HAS_PYTHON = spawnSync('python3', ['-c', 'import zoneinfo; zoneinfo.ZoneInfo("Asia/Tokyo")']).status === 0;

const SCHEDULES = 60;

describe.skipIf(!HAS_PYTHON)('a second implementation, in Python', () => {
  test('has the same people on duty, in each layer and in the end, at any moment of any schedule', () => {
    const cases = fc.sample(
      fc.record({
        schedule: anySchedule,
        overrides: anyOverrides,
        at: fc.array(anyMoment, { minLength: 6, maxLength: 6 }),
      }),
      SCHEDULES,
    );
    const input = cases.map(({ schedule, overrides, at }) =>
      JSON.stringify({ layers: schedule.layers, holidays: [...schedule.holidays.keys()], overrides, at }),
    );
    const oracle = join(projectRoot, 'test/duty/oracle/on_duty.py');
    const { stdout, stderr } = spawnSync('python3', [oracle], { input: input.join('\n'), encoding: 'utf8' });
    expect(stderr).toBe('');
    const answers = stdout.trim().split('\n');
    expect(answers).toHaveLength(SCHEDULES);
    for (const [index, { schedule, overrides, at }] of cases.entries()) {
      const ours = at.map((moment) => ({
        layers: schedule.layers.map((layer) =>
          [...shiftsOf(schedule, layer, overrides, moment, moment + 1)].flatMap(({ people }) => people),
        ),
        people: onDuty(schedule, overrides, moment).people,
      }));
      expect({ case: input[index], answers: ours }).toEqual({
        case: input[index],
        answers: JSON.parse(answers[index] ?? '') as unknown,
      });
    }
  });
});
