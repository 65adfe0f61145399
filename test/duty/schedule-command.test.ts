import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scheduleCommand } from '../../src/cli/schedule.js';
import { speak } from '../../src/words/words.js';

const printed: string[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schedules-'));
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  printed.length = 0;
  process.exitCode = undefined;
  speak({ language: 'en', timeZone: 'UTC' });
});

async function schedule(...args: readonly string[]) {
  await scheduleCommand().parseAsync([...args], { from: 'user' });
  return { output: printed.splice(0).join('\n'), code: process.exitCode ?? 0 };
}

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const AT = ['--at', '2026-12-01T12:00:00+09:00'] as const;
const WEB = `name: web
timeZone: Asia/Tokyo
layers:
  - { name: weekly, rotation: { every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka, [sato, ito]] } }
overrides:
  - { from: 2026-12-24T09:00, to: 2026-12-25T09:00, people: [abe], note: 忘年会 }
`;

describe('schedule check', () => {
  test('all is well: one line, code 0', async () => {
    const file = written('web.yaml', WEB);
    expect(await schedule('check', file, ...AT)).toEqual({ output: `${file}: ok`, code: 0 });
  });

  test('an error ends with 2, with its place; --json has the same', async () => {
    const file = written('web.yaml', WEB.replace('[tanaka', '[tanaka, nobody'));
    const { output, code } = await schedule('check', file, ...AT);
    expect(code).toBe(2);
    expect(output).toContain(
      `${file}:3:1: error: nobody is on duty mon 2026-12-07 09:00 to mon 2026-12-14 09:00, mon 2026-12-28 09:00`,
    );
    const { files } = JSON.parse((await schedule('check', file, ...AT, '--json')).output) as { files: object[] };
    expect(files).toMatchObject([{ name: 'web', ok: false, problems: [{ code: 'gap', line: 3 }] }]);
  });

  test('a name is looked for in the folder of schedules', async () => {
    vi.stubEnv('PIGEONFLOW_SCHEDULES', folder);
    written('web.yaml', WEB);
    expect((await schedule('check', 'web', '--planned', ...AT)).code).toBe(0);
  });

  test('another name than that of its file is an error', async () => {
    const { output } = await schedule('check', written('db.yaml', WEB), ...AT);
    expect(output).toContain('db.yaml:1:7: error: the file is called "db.yaml" and the schedule "web"');
  });

  test('somebody who is in two schedules at once', async () => {
    const files = [written('web.yaml', WEB), written('db.yaml', WEB.replace('name: web', 'name: db'))];
    const { output, code } = await schedule('check', ...files, ...AT);
    expect(code).toBe(0);
    expect(output).toContain(
      'db.yaml:4:93: warning: tanaka is on duty by the schedule "web" at the same time, such as',
    );
  });

  test('somebody who is not among the people', async () => {
    const all = ['tanaka', 'sato', 'itoh', 'abe'].map(
      (handle, index) => `${handle}: { phones: ["030000000${index}"] }`,
    );
    const people = written('people.yaml', `people: { ${all.join(', ')} }`);
    const { output } = await schedule('check', written('web.yaml', WEB), '--people', people, ...AT);
    expect(output).toContain('error: there is no person "ito"; did you mean "itoh"?');
  });
});

describe('schedule who, next and diff', () => {
  test('who: the people, the layer, until when, and who is next', async () => {
    const { output } = await schedule('who', written('web.yaml', WEB), '--at', '2026-12-08T12:00:00+09:00');
    expect(output.split('\n')).toEqual([
      'web: sato, ito (weekly)',
      '  mon 2026-12-07 09:00 to mon 2026-12-14 09:00, Asia/Tokyo',
      '  next: tanaka, mon 2026-12-14 09:00',
    ]);
  });

  test('who --json', async () => {
    const { output } = await schedule('who', written('web.yaml', WEB), '--at', '2026-12-24T12:00:00+09:00', '--json');
    expect(JSON.parse(output)).toEqual([
      {
        schedule: 'web',
        people: ['abe'],
        layer: null,
        override: { note: '忘年会' },
        from: '2026-12-24T00:00:00.000Z',
        to: '2026-12-25T00:00:00.000Z',
        next: { people: ['sato', 'ito'], from: '2026-12-25T00:00:00.000Z' },
      },
    ]);
  });

  test('next: each time somebody who was not there before', async () => {
    const { output } = await schedule('next', written('web.yaml', WEB), ...AT);
    expect(output.split('\n')).toEqual(['mon 2026-12-07 09:00  sato, ito', 'thu 2026-12-24 09:00  abe']);
  });

  test('diff: who is moved, and when', async () => {
    const [old, other] = [written('web.yaml', WEB), written('new.yaml', WEB.replace('[sato, ito]', 'sato, ito'))];
    expect((await schedule('diff', old, old, ...AT)).output).toBe('Nobody is moved within 90 days.');
    const { output } = await schedule('diff', old, other, ...AT, '--days', '14');
    expect(output).toBe(
      [
        'mon 2026-12-07 09:00 to mon 2026-12-14 09:00  sato, ito → sato',
        'mon 2026-12-14 09:00 to tue 2026-12-15 12:00  tanaka → ito',
      ].join('\n'),
    );
  });
});

describe('in Japanese', () => {
  beforeEach(() => {
    vi.stubEnv('PIGEONFLOW_LANGUAGE', 'ja');
    const people = 'sato: { name: 佐藤, phones: ["0300000001"] }, ito: { name: 伊藤, phones: ["0300000002"] }';
    vi.stubEnv('PIGEONFLOW_PEOPLE', written('people.yaml', `people: { ${people} }`));
  });

  test('who and next: names, weekdays, why', async () => {
    const file = written('web.yaml', WEB);
    const { output } = await schedule('who', file, '--at', '2026-12-08T12:00:00+09:00');
    expect(output.split('\n')).toEqual([
      'web：佐藤, 伊藤（weekly）',
      '  2026-12-07（月）09:00 から 2026-12-14（月）09:00 まで（Asia/Tokyo）',
      '  次の当番：tanaka（2026-12-14（月）09:00 から）',
    ]);
    const { output: party } = await schedule('who', file, '--at', '2026-12-24T12:00:00+09:00');
    expect(party).toMatch(/^web：abe（代行、理由：忘年会）/);
    expect((await schedule('next', file, ...AT)).output).toMatch(/^2026-12-07（月）09:00 +佐藤, 伊藤\n/);
    expect((await schedule('diff', file, file, ...AT)).output).toBe('今後 90 日間、当番は変わりません。');
  });

  test('the page of a month', async () => {
    const file = written('web.yaml', WEB.replace('[tanaka', '[tanaka, nobody'));
    const { output } = await schedule('show', file, '--month', '2026-12', '--html');
    expect(output).toContain('<html lang="ja">');
    expect(output).toContain('<b>当番</b>');
    expect(output).toContain('<span>月</span> 7');
    expect(output).toContain('title="当番なし：2026-12-07（月）09:00 から 2026-12-14（月）00:00 まで">当番なし</div>');
    expect(output).toContain('title="abe（代行、理由：忘年会）');
  });

  test('what is wrong with a request at night', async () => {
    await expect(schedule('override', 'web')).rejects.toThrow('代わりに当番になる人のハンドルを指定してください。');
    await expect(schedule('remove', 'web', 'one')).rejects.toThrow('代行の番号は 1 以上の整数です');
    await expect(schedule('take', './web.yaml', 'sato')).rejects.toThrow('「./web.yaml」は当番表の名前ではありません');
  });
});

describe('schedule show', () => {
  test('as text: each shift of the month', async () => {
    const { output } = await schedule('show', written('web.yaml', WEB), '--month', '2026-12');
    expect(output.split('\n').slice(0, 2)).toEqual([
      'tue 2026-12-01 00:00 to mon 2026-12-07 09:00  tanaka     weekly',
      'mon 2026-12-07 09:00 to mon 2026-12-14 09:00  sato, ito  weekly',
    ]);
    expect(output).toContain('override: 忘年会');
  });

  test('with names instead of handles on the page and in the calendar, where the file of people is set', async () => {
    const file = written('web.yaml', WEB);
    vi.stubEnv('PIGEONFLOW_PEOPLE', written('people.yaml', 'people: { sato: { name: 佐藤, phones: ["0300000001"] } }'));
    const { output: page } = await schedule('show', file, '--month', '2026-12', '--html');
    expect(page).toContain('>佐藤, ito</div>');
    expect(page).toContain('<span class="p1">佐藤</span>');
    expect(page).not.toContain('sato');
    const { output: ics } = await schedule('show', file, '--month', '2026-12', '--ics');
    expect(ics).toContain(String.raw`SUMMARY:web: 佐藤\, ito`);
    expect((await schedule('show', file, '--month', '2026-12', '--json')).output).toContain('"sato"');
  });

  test('as a page: a row for each layer, the final one, and gaps', async () => {
    const file = written('web.yaml', WEB.replace('[tanaka', '[tanaka, nobody'));
    const { output } = await schedule('show', file, '--month', '2026-12', '--html');
    expect(output.match(/<section>/g)).toHaveLength(5);
    expect(output.match(/<b>weekly<\/b>/g)).toHaveLength(5);
    expect(output.match(/<b>on duty<\/b>/g)).toHaveLength(5);
    expect(output).toContain('title="nobody: mon 2026-12-07 09:00 to mon 2026-12-14 00:00">nobody</div>');
    expect(output).not.toContain('<script');
  });

  test('as iCalendar: whole shifts, in UTC, of one person where asked', async () => {
    const file = written('web.yaml', WEB);
    const { output } = await schedule('show', file, '--month', '2026-12', '--ics');
    expect(output).toContain('DTSTART:20261130T000000Z\r\nDTEND:20261207T000000Z\r\nSUMMARY:web: tanaka\r\n');
    expect(output).toContain('SUMMARY:web: sato\\, ito\r\nDESCRIPTION:weekly\r\nTRANSP:TRANSPARENT\r\n');
    const own = (await schedule('show', file, '--month', '2026-12', '--ics', '--person', 'abe')).output;
    expect(own.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
    expect(own).toContain('DESCRIPTION:忘年会');
  });

  test('a schedule with errors is not shown', async () => {
    await expect(schedule('show', written('web.yaml', 'name: web'))).rejects.toThrow('a schedule needs `timeZone`');
  });
});
