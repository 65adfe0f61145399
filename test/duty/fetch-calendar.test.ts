import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { scheduleCommand } from '../../src/cli/schedule.js';
import { fetchCalendar } from '../../src/duty/calendar/fetch-calendar.js';
import { CalendarAddresses } from '../../src/people/calendar-addresses.js';
import { SchedulesFolder } from '../../src/people/schedules-folder.js';
import { temporaryFolder } from '../tools/temporary-folder.js';

const CALENDAR = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:tanaka\r\nDTSTART:20261201T000000Z\r\nDTEND:20261202T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'; // prettier-ignore
const AT = Date.parse('2026-12-01T12:00:00Z');
const SECRET = 'private-0123456789abcdef';
const HOSTS = ['127.0.0.1', 'localhost'];

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const http = createServer(answer);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function whyNot(address: string, hosts: readonly string[] = HOSTS): Promise<string> {
  const why = await fetchCalendar(address, hosts).then(
    () => 'fetched',
    (error: Error) => error.message,
  );
  expect(why).not.toContain(SECRET);
  return why;
}

describe('the address of a calendar', () => {
  test('is asked, and followed to the same origin only', async () => {
    const url = await server(({ url = '' }, response) => {
      if (url.startsWith('/moved')) response.writeHead(302, { location: `/calendar/${SECRET}` }).end();
      else if (url === '/away') response.writeHead(302, { location: `http://localhost:1/${SECRET}` }).end();
      else if (url === '/circle') response.writeHead(302, { location: '/circle' }).end();
      else if (url.endsWith(SECRET)) response.end(CALENDAR);
      else response.writeHead(404).end();
    });
    expect((await fetchCalendar(`${url}/calendar/${SECRET}\n`, HOSTS)).toString()).toBe(CALENDAR);
    expect((await fetchCalendar(`${url}/moved`, HOSTS)).toString()).toBe(CALENDAR);
    expect(await whyNot(`${url}/away`)).toMatch(/sends elsewhere/);
    expect(await whyNot(`${url}/circle`)).toMatch(/again and again/);
    expect(await whyNot(`${url}/${SECRET}/other`)).toMatch(/answers 404/);
  });

  test.each([
    ['http://calendar.example.com/x', /not https/],
    ['https://127.0.0.1/x', /this machine/],
    ['https://[::1]/x', /this machine/],
    ['https://[::ffff:127.0.0.1]/x', /this machine/],
    ['https://169.254.169.254/latest/meta-data', /this machine/],
    ['https://0x7f000001/x', /this machine/],
    ['https://localhost/x', /this machine|out of reach/],
    ['webcal://localhost/x', /this machine|out of reach/],
    ['file:///etc/passwd', /not https/],
    [`no address ${SECRET}`, /does not hold an address/],
    ['', /does not hold an address/],
  ])('%s is refused', async (address, why) => {
    expect(await whyNot(address, [])).toMatch(why);
  });

  test('may not send more than 5 MB, and is given up where nothing comes', async () => {
    const url = await server(({ url = '' }, response) => {
      if (url === '/much') response.end(Buffer.alloc(5 * 1024 * 1024 + 1));
      else response.destroy();
    });
    expect(await whyNot(`${url}/much`)).toMatch(/more than 5 MB/);
    expect(await whyNot(`${url}/${SECRET}`)).toMatch(/out of reach/);
  });
});

describe('calendars of addresses', () => {
  async function world() {
    const folder = temporaryFolder();
    const state = { answer: CALENDAR, status: 200 };
    const url = await server((_, response) => void response.writeHead(state.status).end(state.answer));
    const file = join(folder, 'address');
    writeFileSync(file, `${url}/${SECRET}.ics\n`);
    const logged: string[] = [];
    const note = (about: object, words: string) => void logged.push(`${words} ${JSON.stringify(about)}`);
    return { folder, file, state, logged, log: { info: note, error: note } };
  }

  test('the last good copy is used while nothing new comes; its age is logged, the address never', async () => {
    const { file, state, logged, log } = await world();
    let now = 1_000;
    const calendars = new CalendarAddresses(HOSTS, log, () => now);
    const first = await calendars.bytes(file);
    expect(first.toString()).toBe(CALENDAR);
    now += 301_000;
    state.status = 503;
    expect(await calendars.bytes(file)).toBe(first);
    expect(calendars.age(file)).toBe(301);
    await expect.poll(() => logged, { timeout: 20_000 }).toEqual([expect.stringContaining('"copyIsMinutesOld":5')]);
    now += 31_000;
    Object.assign(state, { status: 200, answer: '<!doctype html>' });
    await calendars.bytes(file);
    await expect.poll(() => logged.length, { timeout: 20_000 }).toBe(2);
    expect(await calendars.bytes(file)).toBe(first);
    now += 31_000;
    state.answer = CALENDAR.replace('tanaka', 'yamada');
    await expect.poll(async () => (await calendars.bytes(file)).toString(), { timeout: 20_000 }).toContain('yamada');
    expect([calendars.age(file), calendars.age('another')]).toEqual([0, null]);
    expect(logged.join()).not.toContain(SECRET);
  });

  test('a process that begins while the address is down knows nothing of it, and says so', async () => {
    const { folder, state, logged, log } = await world();
    state.status = 503;
    writeFileSync(
      join(folder, 'web.yaml'),
      'name: web\ntimeZone: Asia/Tokyo\nlayers: [{ name: feed, calendar: { urlFile: address } }]\n',
    );
    const schedules = new SchedulesFolder(folder, log, { calendarHosts: HOSTS, now: () => AT });
    expect((await schedules.roster(['web'])).onDuty('web', AT)).toBeNull();
    expect(logged.join()).toMatch(/nothing is known of it.*answers 503/);
    state.status = 200;
    const later = new SchedulesFolder(folder, log, { calendarHosts: HOSTS, now: () => AT });
    expect((await later.roster(['web'])).onDuty('web', AT)?.people).toEqual(['tanaka']);
    expect([...(await later.calendarAges()).keys()]).toEqual(['web']);
  });

  test('the command fetches them', async () => {
    const { folder } = await world();
    vi.stubEnv('PIGEONFLOW_CALENDAR_HOSTS', '127.0.0.1, calendar.internal');
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    writeFileSync(
      join(folder, 'web.yaml'),
      'name: web\ntimeZone: Asia/Tokyo\nlayers: [{ name: feed, calendar: { urlFile: address } }]\n',
    );
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    await scheduleCommand().parseAsync(['who', join(folder, 'web.yaml'), '--at', '2026-12-01T12:00:00Z'], {
      from: 'user',
    });
    expect(printed[0]).toBe('web: tanaka (feed)');
  });
});
