import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LiveOverride } from '../../src/client.js';
import { lookAtDuty } from '../../src/cli/doctor-duty.js';
import { projectRoot } from '../../tools/engine/project-root.js';
import { liveOverride } from '../rig/live-override.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

/** A Monday. */
const NOW = Date.parse('2026-11-30T12:00:00+09:00');
const schedule = (name: string, more: string) => `name: ${name}\ntimeZone: Asia/Tokyo\nlayers:\n${more}`;
const WEEKLY =
  '  - { name: weekly, rotation: { every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka, abe] } }\n';
const EXAMPLE = readFileSync(join(projectRoot, 'policies/people/on-duty.yaml'), 'utf8');
const policy = (of: string) => EXAMPLE.replaceAll('onDuty: web', `onDuty: ${of}`);

/** What doctor says of these files. */
async function said(
  files: Readonly<Record<string, string>>,
  overrides: readonly LiveOverride[] = [],
): Promise<readonly string[]> {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const people = 'people.yaml' in files ? join(root, 'people.yaml') : null;
  const places = { policies: join(root, 'policies'), people, schedules: join(root, 'schedules') };
  const findings = await lookAtDuty(places, NOW, () => Promise.resolve(new Map([['web', overrides]])));
  return findings.map((finding) =>
    `${finding.ok ? ('note' in finding ? '–' : '✓') : '✗'} ${finding.message}`.replaceAll(root, ''),
  );
}

describe('doctor says of duty', () => {
  test('who it is now, until when and by which layer, by the name in the file of people', async () => {
    expect(
      await said({
        'schedules/web.yaml': schedule('web', WEEKLY),
        'people.yaml': 'people: { tanaka: { name: 田中, phones: ["0300000001"] } }',
      }),
    ).toEqual([
      '✓ 1 person is in /people.yaml.',
      '✓ web: 田中 on duty until mon 2026-12-07 09:00 (Asia/Tokyo), by the layer weekly.',
    ]);
  });

  test('whoever has taken over, and an override by which nobody is called', async () => {
    const taken = (layer: string, person: string) => {
      const one = liveOverride([person], '2026-11-30T09:00:00+09:00', '2026-12-07T09:00:00+09:00', { reason: 'sato is sick' }); // prettier-ignore
      return { ...one, parts: one.parts.map((part) => ({ ...part, layer, shift: '2026-11-30T09:00' })) };
    };
    const files = {
      'schedules/web.yaml': schedule('web', WEEKLY),
      'people.yaml': 'people: { tanaka: { name: 田中, phones: ["0300000001"] }, abe: { name: 阿部, phones: ["0300000002"] } }', // prettier-ignore
    };
    expect((await said(files, [taken('weekly', 'abe')])).slice(1)).toEqual([
      '✓ web: 阿部 on duty until mon 2026-12-07 09:00 (Asia/Tokyo), by the override sato is sick.',
    ]);
    expect((await said(files, [taken('days', 'kato')])).slice(1)).toEqual([
      expect.stringMatching(/^✓ web: 田中 on duty/),
      expect.stringContaining('✗ web: override #1 (kato until 2026-12-07 09:00) has no effect: there is no layer "days"'), // prettier-ignore
      expect.stringContaining('✗ web: override #1 (kato until 2026-12-07 09:00): there is no person "kato"'),
    ]);
  });

  test('a gap within a week where somebody is required, and none after it', async () => {
    const gap = '  - { name: nights, when: { days: mon-sun, from: "09:00", to: "20:00" }, people: [abe] }\n';
    const hours = `required: { days: sun, from: "18:00", to: "21:00" }\n`;
    expect(await said({ 'schedules/web.yaml': schedule('web', gap + hours) })).toEqual([
      '✓ web: abe on duty until mon 2026-11-30 20:00 (Asia/Tokyo), by the layer nights.',
      '✗ web: nobody is on duty sun 2026-12-06 20:00 to sun 2026-12-06 21:00 (Asia/Tokyo). Fill the gap, or say when somebody is required: /schedules/web.yaml',
    ]);
    const later = 'required: { days: mon, from: "18:00", to: "20:00" }\n';
    expect(await said({ 'schedules/web.yaml': schedule('web', gap + later) })).toHaveLength(1);
  });

  test('that nobody is, where nobody has to be', async () => {
    const nights = '  - { name: nights, when: { days: mon-sun, from: "22:00", to: "07:00" }, people: [abe] }\n';
    const required = 'required: { days: mon-sun, from: "22:00", to: "07:00" }\n';
    expect(await said({ 'schedules/web.yaml': schedule('web', nights + required) })).toEqual([
      '– web: nobody is on duty now, until mon 2026-11-30 22:00 (Asia/Tokyo).',
    ]);
  });

  test('files that cannot be used, with what is wrong in them', async () => {
    const [people, broken, ...more] = await said({
      'schedules/web.yaml': 'layers: [',
      'people.yaml': 'people: { tanaka: { phones: [] } }',
    });
    expect(people).toMatch(/^✗ The file of people \/people\.yaml cannot be used:\n.*tanaka/);
    expect(broken).toMatch(/^✗ The schedule \/schedules\/web\.yaml cannot be used:\n.*:1:/);
    expect(more).toEqual([]);
  });

  test('holidays that are known for less than 60 days, and a calendar that cannot be read', async () => {
    const holiday = `${WEEKLY}  - { name: holidays, when: { days: holiday }, people: [abe] }\n`;
    const calendar = (until: string) => `knownUntil: ${until}\ndays: { 2026-12-29: 年末 }\n`;
    const files = { 'schedules/web.yaml': `holidays: [company.yaml]\n${schedule('web', holiday)}` };
    expect((await said({ ...files, 'schedules/company.yaml': calendar('2027-01-28') })).slice(1)).toEqual([
      '– web: holidays are known until 2027-01-28; after it no day is one.',
    ]);
    const more = {
      'schedules/company.yaml': calendar('2027-01-29'),
      'schedules/of-nobody.yaml': calendar('2027-01-29'),
    };
    expect(await said({ ...files, ...more })).toHaveLength(1);
    expect((await said(files)).slice(1)).toEqual([
      '✗ web: the calendar company.yaml cannot be read, and no day of it counts as a holiday: there is no such file',
    ]);
  });

  test('whether the calendars of layers can be read now, and what that means', async () => {
    const ics = (title: string) =>
      `BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:${title}\nDTSTART:20200101T000000Z\nDTEND:20400101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n`;
    const feed = `${WEEKLY}  - { name: feed, calendar: { file: web.ics } }\n`;
    const files = { 'schedules/web.yaml': schedule('web', feed) };
    expect((await said({ ...files, 'schedules/web.ics': ics('abe') })).slice(1)).toEqual([
      '✓ web: the calendar of the layer feed was read.',
    ]);
    expect((await said({ ...files, 'schedules/web.ics': ics('どなたか') })).slice(1)).toEqual([
      '– web: the calendar of the layer feed was read; 1 event of it calls nobody: pigeonflow schedule check web',
    ]);
    expect((await said(files)).slice(1)).toEqual([
      '✗ web: the calendar of the layer feed cannot be used: there is no such file. Workers and gateways that have read it before use what they read then; those that start now have nothing.',
    ]);
    const known = { ...files, 'people.yaml': 'people: { tanaka: { name: 田中, phones: ["0300000001"] } }' };
    expect((await said({ ...known, 'schedules/web.ics': ics('田中') }))[1]).toMatch(
      /^✓ web: 田中 on duty .* by the layer feed/,
    );
    const address = `${WEEKLY}  - { name: feed, calendar: { urlFile: address } }\n`;
    const other = { 'schedules/web.yaml': schedule('web', address), 'schedules/address': 'http://127.0.0.1/secret' };
    expect((await said(other)).slice(1)).toEqual([
      '✗ web: the calendar of the layer feed cannot be used: its address is not https:, so that others could read and change it. Workers and gateways that have fetched it before use that copy (its age: the metric pigeonflow_schedule_calendar_age_seconds); those that start now have none.',
    ]);
  });

  test('which policies name a schedule that is not there', async () => {
    expect(
      (
        await said({
          'schedules/web.yaml': schedule('web', WEEKLY),
          'policies/web.yaml': policy('web'),
          'policies/other.yaml': policy('wep'),
          'policies/more.yaml': policy('wep'),
          'policies/broken.yaml': 'steps: [',
        })
      ).slice(1),
    ).toEqual(['✗ The policies more, other name the schedule "wep", which is not in /schedules; did you mean "web"?']);
    expect(await said({ 'policies/other.yaml': policy('web') })).toEqual([
      '– There are no schedules: there is no folder /schedules.',
      '✗ The policy other names the schedule "web", which is not in /schedules; there are no schedules',
    ]);
  });
});
