import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readRoutes } from '../../src/routing/read-routes.js';
import { brokenRoutes } from './broken-routes.js';
import { validate } from './published-routes-schema.js';
import { described, routesOf, SURROUNDINGS } from './routes.js';

const broken = Object.entries(brokenRoutes);

describe('a routing file that is wrong', () => {
  test('is answered with messages that name the place and say what to do', async () => {
    const answers = broken.map(([title, text]) => [`=== ${title}`, ...described(text)].join('\n\n'));
    await expect(`${answers.join('\n\n\n')}\n`).toMatchFileSnapshot('broken-routes.messages.txt');
  });

  test.for(broken)('%s: has a problem, at a place in the file', ([, text]) => {
    const found = described(text);
    expect(found.length).toBeGreaterThan(0);
    for (const message of found) expect(message).toMatch(/^routes\.yaml:[0-9]+:[0-9]+: (error|warning): .{20,}/);
  });

  test('its names of policies are taken on trust where the policies are not at hand', () => {
    const { policies: _, ...others } = SURROUNDINGS;
    expect(readRoutes('rules: [{ name: a, policy: nobody-knows }]', others)).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a routing file that is right', () => {
  test('has every default filled in', () => {
    const routes = routesOf(`
timeZone: Asia/Tokyo
parameters: { server: ["{{labels.host}}", a server] }
x-note: anything
rules:
  - name: night
    when:
      severity: critical
      labels: { team: [db, web], port: 80, on: true }
      time: [{ days: [fri, sun-mon], from: "22:00", to: "06:00" }, { days: wed }]
    policy: web
  - name: rest
    policy: web
    parameters: { server: "{{summary}}" }
    group: { by: "{{labels.cluster}}", window: 8h }`);
    expect(routes.rules).toEqual([
      {
        name: 'night',
        when: {
          integration: [],
          source: [],
          severity: ['critical'],
          labels: [
            { kind: 'oneOf', name: 'team', values: ['db', 'web'] },
            { kind: 'oneOf', name: 'port', values: ['80'] },
            { kind: 'oneOf', name: 'on', values: ['true'] },
          ],
          time: [
            { kind: 'weekly', days: [0, 1, 5], from: 1320, to: 1800, timeZone: 'Asia/Tokyo' },
            { kind: 'weekly', days: [3], from: 0, to: 1440, timeZone: 'Asia/Tokyo' },
          ],
        },
        outcome: {
          kind: 'open',
          policy: 'web',
          parameters: [{ name: 'server', texts: ['{{labels.host}}', 'a server'] }],
          group: null,
          resolves: true,
        },
      },
      {
        name: 'rest',
        when: { integration: [], source: [], severity: [], labels: [], time: [] },
        outcome: {
          kind: 'open',
          policy: 'web',
          parameters: [{ name: 'server', texts: ['{{summary}}'] }],
          group: { by: ['{{labels.cluster}}'], window: '8h' },
          resolves: false,
        },
      },
    ]);
  });
});

test.for([
  '{ matches: "^(web|db)-.*$" }',
  '{ matches: "^Disk.*" }',
  '{ matches: ".*Full$" }',
  '{ matches: "(?i)disk" }',
  '{ matches: "/api/v1/.*" }',
  '{ matches: "/api/v1/" }',
  '{ matches: "[a-z]*\\\\d*(?:ab)*" }',
  '/health/',
  'C$',
  'a & b',
  '10 * 2',
  'not found',
  '-1',
  '[web]',
])('a label may be %s', (condition) => {
  const text = `rules: [{ name: a, when: { labels: { it: ${condition.startsWith('{') ? condition : `"${condition}"`} } }, policy: stored }]`;
  expect(described(text).filter((message) => message.includes(' error: '))).toEqual([]);
});

describe('the published schema', () => {
  test.for(broken.filter(([title]) => A_SCHEMA_SEES.test(title)))('refuses %s', ([, text]) => {
    expect(validate(parse(text, { uniqueKeys: false }))).toBe(false);
  });
});

/** Of the broken ones, those that an editor with the schema marks. */
const A_SCHEMA_SEES =
  /list at the top|no rules|mapping|an empty list|of the future|section|without a name|with spaces|outside|unknown severity|as a list|empty labels|label with another word|suffix|a day in|group without|group as|beside|two units|resolves in/;
