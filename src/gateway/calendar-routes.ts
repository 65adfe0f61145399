import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DAY } from '../duty/schedule.js';
import { icsOf } from '../duty/show/ics.js';
import { toInstant, toLocal } from '../duty/zone.js';
import type { People } from '../people/read-people.js';
import type { SchedulesFolder } from '../people/schedules-folder.js';
import { type App, limitRate, onlyMethods, type RateLimit } from './app.js';
import type { AtHand } from './in-progress.js';
import { type GatewayKeys, holderOf, keyInHeaders } from './keys/keys.js';
import { Problem } from './problem.js';

export interface CalendarOptions {
  readonly keys: () => Promise<GatewayKeys>;
  readonly schedules: SchedulesFolder;
  /** Null: there is no file of people. */
  readonly people: () => Promise<People | null>;
  readonly rates: RateLimit;
  readonly atHand: AtHand;
}

interface Asked {
  readonly Params: { readonly name: string; readonly key?: string };
  readonly Querystring: { readonly person?: unknown };
}

const ADDRESS = '/v1/schedules/:name(^[a-z0-9][a-z0-9-]{0,59}).ics';
const HANDLE = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** `GET /v1/schedules/<name>.ics`, and with the key behind it, for calendar programs, which know nothing but an address. */
export function offerCalendars(app: App, options: CalendarOptions): void {
  for (const address of [ADDRESS, `${ADDRESS}/:key`]) {
    app.get<Asked>(address, {
      onRequest: async (request, reply) => {
        await recognise(request, options);
        options.atHand.enter(request, reply);
      },
      handler: async (request, reply) => await request.stay.during(send(request, reply, options)),
    });
    onlyMethods(app, address, ['GET']);
  }
}

/** @throws Problem 401, 403 or 429 */
async function recognise(request: FastifyRequest<Asked>, { keys, rates }: CalendarOptions): Promise<void> {
  const { key } = request.params;
  const operator = holderOf((await keys()).operators, key ?? keyInHeaders(request.headers) ?? '');
  if (operator === null) {
    throw new Problem(401, 'The key is missing or not known. It is at the end of the address, or in a header.', {
      headers: { 'www-authenticate': 'Bearer realm="pigeonflow"' },
    });
  }
  request.holder = operator;
  const { may } = operator;
  if (key !== undefined && !may.every((right) => right === 'calendar')) {
    // Addresses are kept by calendar programs and their servers, and passed on.
    throw new Problem(403, 'A key in an address may do nothing else: give it `may: calendar` alone.');
  }
  if (!may.includes('calendar') && !may.includes('read')) {
    throw new Problem(403, 'This key may not do that: it needs "calendar" under `may` in the file of keys.');
  }
  limitRate(rates, { ...operator, name: `operator ${operator.name}` });
}

async function send(request: FastifyRequest<Asked>, reply: FastifyReply, { schedules, people }: CalendarOptions) {
  const { name } = request.params;
  const { person } = request.query;
  request.noted = { operation: 'readSchedule', schedule: name };
  if (person !== undefined && (typeof person !== 'string' || !HANDLE.test(person))) {
    throw new Problem(400, '`person` must be the handle of a person, such as tanaka.');
  }
  const found = await schedules.schedule(name);
  if (found === null) {
    throw new Problem(404, 'There is no such schedule here, or it cannot be read; the log of the gateway says why.');
  }
  const { schedule, overrides } = found;
  const from = beginOfMonth(Date.now(), schedule.timeZone);
  const names = new Map([...((await people()) ?? [])].map(([handle, { name }]) => [handle, name]));
  // As of the month: what has not changed is the same, byte for byte.
  const span = { from, to: from + 366 * DAY, person: person ?? null, now: from, names };
  const text = icsOf(schedule, overrides, span);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  void reply.headers({ etag, 'cache-control': 'private, max-age=300' });
  if (request.headers['if-none-match']?.split(/ *, */).includes(etag)) return await reply.code(304).send();
  return await reply.type('text/calendar; charset=utf-8').send(text);
}

function beginOfMonth(now: number, timeZone: string): number {
  const month = new Date(toLocal(now, timeZone)).toISOString().slice(0, 7);
  return toInstant(Date.parse(`${month}-01T00:00Z`), timeZone);
}
