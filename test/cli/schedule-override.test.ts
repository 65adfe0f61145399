import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { scheduleCommand } from '../../src/cli/schedule.js';
import { useCommand } from '../rig/command-in-process.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { startWithWeeklySchedule } from '../rig/weekly-schedule.js';

const world = useSharedWorld(useRig(), { workers: 'none' });
const folder = mkdtempSync(join(tmpdir(), 'pigeonflow-schedules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const name = `web-${randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  const names = { sato: '佐藤', suzuki: '鈴木', abe: '阿部', kato: '加藤' };
  await startWithWeeklySchedule(world(), folder, name, '[sato]', names);
});
beforeEach(() => {
  vi.stubEnv('TEMPORAL_ADDRESS', world().address);
  vi.stubEnv('PIGEONFLOW_TASK_QUEUE', world().taskQueue);
  vi.stubEnv('PIGEONFLOW_SCHEDULES', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
const command = useCommand(scheduleCommand);
const schedule = (...args: readonly string[]) => command.run(...args);

describe('schedule', () => {
  test('takes over, says who is on duty, lists it, and takes it back', async () => {
    const asked = await schedule('take', name, 'suzuki', '--reason', 'sato is sick');
    expect(asked).toMatchObject({ code: 2, complaint: 'There is no terminal to ask on: give --yes.' });
    const taken = await schedule('take', name, 'suzuki', '--reason', 'sato is sick', '--by', 'sato', '--yes');
    expect(taken.code).toBe(0);
    expect(taken.output).toMatch(
      /^鈴木 on duty from .* until .* 09:00 \(weekly\), instead of 佐藤\. Override #1, asked by sato: sato is sick\. Every worker knows it from .* on\.$/,
    );
    expect((await schedule('who', name)).output).toMatch(
      /^web-.*: suzuki \(weekly, override #1 by sato: sato is sick\)/,
    );
    expect((await schedule('next', name)).output).toContain('sato');
    const planned = await schedule('who', name, '--planned');
    expect(planned.output).toMatch(/^web-.*: sato \(weekly\)/);
    expect(await schedule('take', name, 'suzuki', '--yes')).toMatchObject({ code: 0 });
    const listed = await schedule('overrides', name);
    expect(listed.output).toMatch(/#.*On duty.*\n1 +鈴木 instead of 佐藤 .*sato is sick +counts/);
    const { output } = await schedule('overrides', name, '--json');
    expect((await schedule('remove', name, '1', '--by', 'sato')).output).toContain('#1 is removed by sato');
    const file = command.written('web.json', output);
    expect((await schedule('override', name, '--restore', file)).output).toContain('0 overrides put back, 1 there already.'); // prettier-ignore
    expect((await schedule('who', name)).output).toMatch(/^web-.*: sato \(weekly\)/);
  });

  test('puts somebody else on duty, who confirms it', async () => {
    const put = await schedule('override', name, 'abe', '--from', '2099-01-01T09:00', '--until', '2099-01-02T09:00', '--yes', '--json'); // prettier-ignore
    const { override } = JSON.parse(put.output) as { override: { number: number; unconfirmed: string[] } };
    expect(override.unconfirmed).toEqual(['abe']);
    const confirmed = await schedule('confirm', name, 'abe', '--number', String(override.number));
    expect(confirmed).toMatchObject({ code: 0 });
    expect(confirmed.output).not.toContain('UNCONFIRMED');
    expect((await schedule('remove', name, String(override.number))).code).toBe(0);
  });

  test('what cannot be is 11, and what does not fit is 2', async () => {
    expect(await schedule('remove', name, '99')).toMatchObject({ code: 11, complaint: 'There is no override #99.' });
    expect(await schedule('swap', name, 'weekly/2099-01-07', 'nights/2099-01-14')).toMatchObject({ code: 11 });
    expect(await schedule('take', name, '鈴木')).toMatchObject({ code: 2 });
    expect(await schedule('take', './web.yaml', 'suzuki')).toMatchObject({ code: 2 });
    expect(await schedule('override', name)).toMatchObject({ code: 2 });
    expect(await schedule('remove', name, 'one')).toMatchObject({ code: 2 });
    const file = command.written('other.json', '{}');
    expect(await schedule('override', name, '--restore', file)).toMatchObject({ code: 2 });
  });

  test('check says of one by which nobody is called any more', async () => {
    const file = join(folder, `${name}.yaml`);
    const plan = readFileSync(file, 'utf8');
    const made = await schedule('take', name, 'suzuki', '--yes', '--json');
    const { override } = JSON.parse(made.output) as { override: { number: number } };
    expect((await schedule('check', name)).output).not.toContain('error');
    writeFileSync(file, plan.replace('name: weekly', 'name: days'));
    const { output, code } = await schedule('check', name);
    expect(output).toContain(`error: override #${override.number} (suzuki until `);
    expect(output).toContain('has no effect: there is no layer "weekly"; remove it, or make it again');
    expect(code).toBe(2);
    expect(await schedule('check', name, '--planned')).toMatchObject({ code: 0, complaint: '' });
    writeFileSync(file, plan);
    expect(await schedule('remove', name, String(override.number))).toMatchObject({ code: 0 });
  });

  test('without Temporal it says clearly that this is the plan', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    const { output, complaint, code } = await schedule('who', name);
    expect(output).toMatch(/^web-.*: sato \(weekly\)/);
    expect(complaint).toMatch(
      /^AS PLANNED in the file: it is not known whether somebody has taken over\. Temporal at 127/,
    );
    expect(code).toBe(0);
  });
});
