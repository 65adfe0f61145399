import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { incidentHtml } from '../../src/cli/report/incident-forms.js';
import { reported } from '../report/told.js';
import { useBrowser } from './browser.js';

const open = useBrowser();

test('the page of a report shows the time line, and asks nobody for anything', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'pigeonflow-report-'));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'report.html');
  await writeFile(file, incidentHtml(reported(), Date.parse('2026-11-22T03:00:00Z')));
  const { page } = await open(pathToFileURL(file).href);
  const picture = page.getByRole('img', { name: 'Time line of the incident, UTC' });
  const box = await picture.boundingBox();
  expect(box?.width).toBeGreaterThan(600);
  // Words within a bar stay within it, and names of rows within the picture.
  const outside = await picture.evaluate((svg) => {
    const whole = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')]
      .map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }))
      .filter(({ box: { left, right } }) => left < whole.left || right > whole.right)
      .map(({ words }) => words);
  });
  expect(outside).toEqual([]);
});
