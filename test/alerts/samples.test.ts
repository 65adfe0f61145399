import { describe, expect, test } from 'vitest';
import { checkIncidentInput } from '../../src/incident/check-incident.js';
import { route } from '../../src/routing/route.js';
import { sourceNames } from '../../src/alerts/sources.js';
import { receivedSample, samples } from './samples.js';
import { routesOf } from '../routing/routes.js';

describe('what tools send', () => {
  test('becomes these alerts, or is refused with these words', async () => {
    const results = await Promise.all(samples.map(async ({ file }) => [file, await receivedSample(file)] as const));
    const text = results.map(([file, result]) => `=== ${file}\n${JSON.stringify(result, null, 2)}`).join('\n\n');
    await expect(`${text}\n`).toMatchFileSnapshot('samples.received.txt');
  });

  test('there are samples of each source, good and broken', () => {
    for (const source of sourceNames()) {
      const files = samples.filter((sample) => sample.source === source).map(({ file }) => file);
      expect(files).toContain(`${source}.broken.json`);
      expect(files.length).toBeGreaterThan(1);
    }
    for (const { source } of samples) expect(sourceNames()).toContain(source);
  });

  test.for(samples.filter(({ file }) => file.includes('.broken.')))('$file is refused at a field', async ({ file }) => {
    const result = await receivedSample(file);
    expect(result.ok || result.problem.pointer).toMatch(/^\/[\w/]+$/);
  });

  test.for(samples.filter(({ file }) => !file.includes('.broken.')))(
    '$file fits the input of incident',
    async ({ file }) => {
      const result = await receivedSample(file);
      if (!result.ok) throw new Error(JSON.stringify(result.problem));
      const routes = routesOf('rules: [{ name: all, policy: web, parameters: { server: "{{summary}}" } }]');
      for (const alert of result.alerts) {
        const decision = route(routes, { ...alert, action: 'trigger' }, { integration: 'test', at: 0 });
        expect(decision.kind === 'open' && checkIncidentInput(decision.input)).toMatchObject({ ok: true });
      }
    },
  );
});
