import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { policyCommand } from '../../src/cli/policy.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { speak } from '../../src/words/words.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const AT = Date.parse('2026-12-07T08:58:00+09:00');
const scheduleOf = (people: string) => `name: web
timeZone: Asia/Tokyo
layers:
  - name: weekly
    rotation: { every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: ${people} }
`;

function folderWith(text: string) {
  const folder = temporaryFolder();
  const write = (text: string) => writeFileSync(join(folder, 'web.yaml'), text);
  write(text);
  const logged: string[] = [];
  const log = { info: (_: object, words: string) => logged.push(words), error: (about: object, words: string) => logged.push(`${words}: ${JSON.stringify(about)}`) }; // prettier-ignore
  const schedules = new SchedulesFolder(folder, log);
  return { write, logged, roster: () => schedules.roster(['web']) };
}

describe('who is on duty by the schedules of a folder', () => {
  test('is who is on duty at that moment, until the hand-off by the clock there; and who follows', async () => {
    const roster = await folderWith(scheduleOf('[tanaka, [yamada, sato]]')).roster();
    expect(roster.onDuty('web', AT)).toEqual({ people: ['tanaka'], layer: 'weekly', until: '2026-12-07T09:00:00+09:00', next: ['yamada', 'sato'] }); // prettier-ignore
    expect(roster.onDuty('web', AT + 120_000)).toMatchObject({ people: ['yamada', 'sato'], next: ['tanaka'] });
  });

  test('is not known of a schedule that is not there', async () => {
    const { roster, logged } = folderWith('name: web');
    expect((await roster()).onDuty('web', AT)).toBeNull();
    expect((await roster()).shifts('web', AT, AT + 1)).toBeNull();
    expect(logged).toHaveLength(1);
  });

  test('follows the file; a broken one counts as it was when it was last right', async () => {
    const { write, roster, logged } = folderWith(scheduleOf('[tanaka, yamada]'));
    const now = async () => (await roster()).onDuty('web', AT)?.people;
    expect(await now()).toEqual(['tanaka']);
    write(scheduleOf('[abe, yamada]'));
    await vi.waitUntil(async () => (await now())?.[0] === 'abe', { timeout: 20_000, interval: 50 });
    write('layers: [');
    await vi.waitUntil(async () => (await now()) && logged.some((line) => line.includes('what was read before')), { timeout: 20_000, interval: 50 }); // prettier-ignore
    expect(await now()).toEqual(['abe']);
  });

  test('as shifts: one after the other, each with those who follow', async () => {
    const roster = await folderWith(scheduleOf('[tanaka, yamada]')).roster();
    const shifts = roster.shifts('web', AT, AT + 14 * 86_400_000) ?? [];
    expect(shifts.map(({ from, until, people, next }) => [from, until, people, next])).toEqual([
      ['2026-12-07T08:58:00+09:00', '2026-12-07T09:00:00+09:00', ['tanaka'], ['yamada']],
      ['2026-12-07T09:00:00+09:00', '2026-12-14T09:00:00+09:00', ['yamada'], ['tanaka']],
      ['2026-12-14T09:00:00+09:00', '2026-12-21T09:00:00+09:00', ['tanaka'], ['yamada']],
    ]);
  });
});

test('files of holidays in the same folder are no schedules, and nothing is logged of them', async () => {
  const folder = temporaryFolder();
  const logged: string[] = [];
  const log = { info: () => undefined, error: (about: object, words: string) => void logged.push(`${words}: ${JSON.stringify(about)}`) }; // prettier-ignore
  const schedules = new SchedulesFolder(folder, log);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('web.yaml', `holidays: [company.yaml, a-broken.yaml]\n${scheduleOf('[tanaka, yamada]')}`);
  write('company.yaml', 'knownUntil: 2027-12-31\ndays: { 2026-12-29: 年末 }\n');
  write('of-nobody.yaml', 'knownUntil: 2027-12-31\ndays: { 2026-12-29: 年末 }\n');
  write('a-broken.yaml', 'knownUntil: 2027-12-31\n');
  write('web.ics', 'BEGIN:VCALENDAR\nEND:VCALENDAR\n');
  expect([...(await schedules.secondsToGap(AT)).keys()]).toEqual(['web']);
  expect(logged).toEqual([
    expect.stringMatching(/^a calendar cannot be read: its days count as working days.*a-broken/),
  ]);
  write('broken.yaml', 'layers: [');
  await schedules.secondsToGap(AT);
  expect(logged.slice(1)).toEqual([expect.stringMatching(/^a schedule cannot be used.*broken/)]);
});

describe('the example', () => {
  const printed: string[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    speak({ language: 'en', timeZone: 'UTC' });
    printed.length = 0;
    process.exitCode = undefined;
  });
  const example = (name: string) => join(projectRoot, 'policies/people', name);
  const flags = ['--people', example('people.yaml'), '--schedules', join(projectRoot, 'schedules')];
  const policy = async (...args: readonly string[]) => {
    vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
    vi.spyOn(console, 'error').mockImplementation((text: string) => void printed.push(text));
    await policyCommand().parseAsync([...args], { from: 'user' });
    return printed.join('\n');
  };
  const AT_0858 = ['--at', '2026-12-07T08:58:00+09:00'];
  const SCRIPT = ['--script', example('on-duty.script.yaml')];

  test('has no problem', async () => {
    expect(await policy('check', example('on-duty.yaml'), ...flags)).toMatch(/: ok$/);
  });

  test('calls in its second attempt who came on duty in between', async () => {
    const story = await policy('simulate', example('on-duty.yaml'), ...flags, ...AT_0858, ...SCRIPT);
    expect(story).toMatch(/Calls 田中, on duty by "web" \(weekly\).*; 山田, next on duty/);
    expect(story).toMatch(/Calls 山田, on duty by "web" \(weekly\).*; 加藤, next on duty/);
    expect(story).toContain('owned by 山田');
  });

  test('cannot be played without its schedules', async () => {
    const story = await policy('simulate', example('on-duty.yaml'), ...flags.slice(0, 2), ...SCRIPT);
    expect(story).toContain('asks who is on duty: give --schedules <folder>');
    expect(process.exitCode).toBe(2);
  });

  test('is shown with who is on duty at a time', async () => {
    expect(await policy('show', example('on-duty.yaml'), ...flags, ...AT_0858)).toContain(
      'web: 田中 (weekly) until 2026-12-07T09:00:00+09:00; then 山田, 加藤, 鈴木',
    );
  });

  test('refuses a script of somebody whom neither the policy nor the file of people has', async () => {
    const folder = temporaryFolder();
    const script = join(folder, 'script.yaml');
    writeFileSync(script, 'calls: { 田仲: silence, "0300000011": silence }');
    const story = await policy('simulate', example('on-duty.yaml'), ...flags, ...AT_0858, '--script', script);
    expect(story).toContain('script.yaml:1:10: error: the policy never calls "田仲"');
    expect(story).not.toContain('this number');
  });

  test('is shown and played in Japanese', async () => {
    vi.stubEnv('PIGEONFLOW_LANGUAGE', 'ja');
    vi.stubEnv('PIGEONFLOW_TIME_ZONE', 'Asia/Tokyo');
    const shown = await policy('show', example('on-duty.yaml'), ...flags, ...AT_0858);
    expect(shown).toMatch(/^ +架電先 +「web」の当番, 「web」の次の当番$/m);
    expect(shown).toContain(
      '2026-12-07 08:58:00 JST の当番\n  web：田中（weekly）、2026-12-07T09:00:00+09:00 まで、次は 山田, 加藤, 鈴木',
    );
    expect(await policy('simulate', example('on-duty.yaml'), ...flags, ...AT_0858, ...SCRIPT)).toContain(
      '架電先：田中さん、「web」の「weekly」の当番（2026-12-07 09:00まで）; 山田さん、「web」の「weekly」の次の当番。',
    );
  });
});
