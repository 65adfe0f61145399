import { expect, test } from 'vitest';
import { incidentHtml, incidentMarkdown } from '../../src/cli/report/incident-forms.js';
import { placedCalls } from '../../src/cli/report/incident-report.js';
import { pictureOf } from '../../src/cli/report/picture.js';
import { NIGHT, reported } from './told.js';

const NOW = Date.parse('2026-11-22T03:00:00Z');

test('a report says how long it took until somebody owned it', () => {
  expect(reported()).toMatchObject({ owner: '佐藤', secondsToAcknowledge: 1_200, placedCalls: 8, isCut: false });
  const nobody = NIGHT.filter(({ kind }) => kind !== 'acknowledged');
  expect(reported(nobody).secondsToAcknowledge).toBeNull();
});

test('a report says when its oldest entries are missing', () => {
  const cut = reported(NIGHT.slice(3));
  expect(cut.isCut).toBe(true);
  for (const form of [incidentMarkdown(cut), incidentHtml(cut, NOW)])
    expect(form).toContain('oldest entries are missing');
});

test('each call lasts from its placing to its end; one that rings still has none', () => {
  expect(placedCalls(NIGHT)).toHaveLength(4);
  expect(placedCalls(NIGHT)[2]).toMatchObject({ step: 'second', outcome: 'answered', contact: '佐藤', calls: 1 });
  expect(placedCalls(NIGHT.slice(0, 3))).toMatchObject([{ step: 'primary', to: null, outcome: null }]);
});

test('what people wrote breaks neither a table nor the page', () => {
  const [heading] = incidentMarkdown(reported()).split('\n');
  expect(heading).toBe('# ディスク \\<満杯\\> \\| web-1');
  const html = incidentHtml(reported(), NOW);
  expect(html).not.toContain('<満杯>');
  expect(html).toContain('&#60;満杯&#62;');
});

test('the picture has a row for each step, one more for what rang beside it, and the states in order', () => {
  const svg = pictureOf(reported(), NOW);
  const titles = [...svg.matchAll(/<title>(.*?)<\/title>/g)].map(([, title]) => title);
  expect(titles).toEqual([
    'triggered: 01:00:00 to 01:07:00',
    'blocked: 01:07:00 to 01:12:00',
    'triggered: 01:12:00 to 01:20:00',
    'acknowledged: 01:20:00 to 02:10:00',
    'primary: unanswered; 01:00:00 to 01:02:00',
    'primary: unanswered; 01:07:00 to 01:14:00',
    'second: answered, 佐藤; 01:14:00 to 01:20:00',
    'second: hungUp; 01:14:00 to 01:20:02',
  ]);
  const names = [...svg.matchAll(/text-anchor="end">(.*?)</g)].map(([, name]) => name);
  expect(names).toEqual(['state', 'primary', 'second', 'second']);
});

test('the picture in the documentation is that of this version (vitest --update makes it again)', async () => {
  await expect(pictureOf(reported(), NOW)).toMatchFileSnapshot('../../docs/images/incident-report.svg');
});

test('the picture of an incident that is open ends now, and one of many calls stays small', () => {
  const open = reported(NIGHT.slice(0, 3), { closedAt: null });
  expect(pictureOf(open, NOW)).toContain('triggered: 01:00:00 to 03:00:00');
  const many = Array.from({ length: 300 }, (_, call) => ({ ...NIGHT[2], level: call, step: `s${call}`, calls: [1] }));
  expect(pictureOf(reported(many as never), NOW)).toContain('260 more rows are in the list');
});
