import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApp, RateLimit } from '../../src/gateway/app.js';
import { offerCalendars } from '../../src/gateway/calendar-routes.js';
import { AtHand } from '../../src/gateway/in-progress.js';
import { hashText } from '../../src/gateway/keys/keys.js';
import { readKeys } from '../../src/gateway/keys/read-keys.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const [FEED, SCREEN, CONSOLE, OPENER] = ['feed-key-1', 'screen-key-2', 'console-key-3', 'opener-key-4'];
const KEYS = `
operators:
  feed: { keys: "${hashText(FEED)}", may: calendar }
  screen: { keys: "${hashText(SCREEN)}", may: read }
  console: { keys: "${hashText(CONSOLE)}", may: [read, calendar] }
  opener: { keys: "${hashText(OPENER)}", may: open }
`;
const weekly = (people: string) =>
  `name: web\ntimeZone: Asia/Tokyo\nlayers:\n  - name: weekly\n    rotation: { every: 1w, handOff: "mon 09:00", from: 2026-01-05, people: ${people} }\n`;

async function gateway() {
  const folder = join(temporaryFolder(), 'schedules');
  mkdirSync(folder);
  const write = (people: string) => writeFileSync(join(folder, 'web.yaml'), weekly(people));
  write('[tanaka, yamada]');
  const log = pino({ level: 'silent' });
  const app = createApp({ tls: null, log, stop: new AbortController().signal });
  const reading = readKeys(KEYS);
  if (!reading.ok) throw new Error('the keys of this test are wrong');
  offerCalendars(app, {
    keys: () => Promise.resolve(reading.keys),
    schedules: new SchedulesFolder(folder, log),
    people: () => Promise.resolve(new Map([['yamada', { name: '山田', phones: [] }]])),
    rates: new RateLimit(),
    atHand: new AtHand(),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/schedules`;
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(`${url}/${path}`, { headers });
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  return { get, bearer, write };
}

describe('the calendar of a schedule', () => {
  test('is read by its address alone: 12 months, nobody becomes busy by it', async () => {
    const { get } = await gateway();
    const answer = await get(`web.ics/${FEED}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const text = await answer.text();
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
    const events = text.match(/BEGIN:VEVENT/g) ?? [];
    expect(events.length).toBeGreaterThanOrEqual(52);
    expect(text.match(/TRANSP:TRANSPARENT/g)).toHaveLength(events.length);
    expect(new Set(text.match(/^UID:.*$/gm)).size).toBe(events.length);
  });

  test('of one person has the shifts of this one', async () => {
    const { get } = await gateway();
    const text = await (await get(`web.ics/${FEED}?person=tanaka`)).text();
    expect(text).toContain('SUMMARY:web: tanaka');
    expect(text).not.toContain('yamada');
    const other = await (await get(`web.ics/${FEED}?person=yamada`)).text();
    expect(other).toContain('SUMMARY:web: 山田');
    expect((await get(`web.ics/${FEED}?person=Not%20a%20handle`)).status).toBe(400);
  });

  test('is the same until the schedule changes, and is not sent again', async () => {
    const { get, write } = await gateway();
    const first = await get(`web.ics/${FEED}`);
    const etag = first.headers.get('etag') ?? '';
    expect(await (await get(`web.ics/${FEED}`)).text()).toBe(await first.text());
    expect((await get(`web.ics/${FEED}`, { 'if-none-match': `"other", ${etag}` })).status).toBe(304);
    write('[tanaka, abe]');
    await expect
      .poll(async () => (await get(`web.ics/${FEED}`, { 'if-none-match': etag })).status, { timeout: 20_000 })
      .toBe(200);
  });

  test('needs a right; a key in an address may have no other', async () => {
    const { get, bearer } = await gateway();
    const status = async (path: string, key?: string) => (await get(path, key === undefined ? {} : bearer(key))).status;
    expect(await status('web.ics')).toBe(401);
    expect(await status('web.ics/wrong')).toBe(401);
    expect(await status('web.ics', FEED)).toBe(200);
    expect(await status('web.ics', SCREEN)).toBe(200);
    expect(await status('web.ics', OPENER)).toBe(403);
    expect(await status(`web.ics/${SCREEN}`)).toBe(403);
    expect(await status(`web.ics/${CONSOLE}`)).toBe(403);
  });

  test('of no schedule, or by another method, is refused', async () => {
    const { get, bearer } = await gateway();
    expect((await get(`other.ics/${FEED}`)).status).toBe(404);
    expect((await get('..%2f..%2fweb.ics', bearer(FEED))).status).toBe(404);
    expect((await get('web.txt', bearer(FEED))).status).toBe(404);
  });
});
