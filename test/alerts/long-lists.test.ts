import { expect, test } from 'vitest';
import { bodyOf, received } from './samples.js';

test.each(['generic', 'cloudevents'])('%s: of a list that is too long the most severe are taken', async (name) => {
  const event = bodyOf('cloudevents.structured.json') as object;
  const alert = (dedupKey: string, more: object) =>
    name === 'generic' ? { summary: 'a', dedupKey, ...more } : { ...event, data: { summary: 'a', dedupKey, ...more } };
  const body = [
    ...Array.from({ length: 600 }, (_, index) => alert(`end-${index}`, { action: 'resolve' })),
    ...Array.from({ length: 999 }, (_, index) => alert(`info-${index}`, { severity: 'info' })),
    alert('worst', { severity: 'critical' }),
  ];
  const result = await received(name, { body });
  if (!result.ok) throw new Error(result.problem.message);
  expect(result.alerts.map(({ action }) => action)).toEqual(Array.from({ length: 1_000 }, () => 'trigger'));
  expect(result.alerts.at(-1)).toMatchObject({ dedupKey: 'worst' });
  expect(result.refused).toEqual([{ pointer: '', message: expect.stringContaining('600 of 1600') as string }]);
});

test('of many elements that do not fit a hundred are named', async () => {
  const result = await received('generic', { body: [{ summary: 'a' }, ...Array.from({ length: 5_000 }, () => 7)] });
  expect(result).toMatchObject({ ok: true, alerts: [{ summary: 'a' }] });
  expect(result.ok && result.refused).toHaveLength(100);
});
