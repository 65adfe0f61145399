import { words } from '../../words/words.js';
import { DAY, weekdayOf, type Override, type Turn } from '../schedule.js';
import { WEEKDAYS } from '../schedule-file-schema.js';
import type { Stretch } from '../on-duty.js';
import { toLocal } from '../zone.js';

/** `mon 2026-12-07 09:00`, for what is in English: what is wrong with a file. */
export function describeMoment(at: number, zone: string): string {
  if (!Number.isFinite(at)) return at < 0 ? 'always' : 'for ever';
  const { weekday, date, time } = partsOf(at, zone);
  return `${WEEKDAYS[weekday]} ${date} ${time}`;
}

/** `mon 2026-12-07 09:00 to mon 2026-12-14 09:00` */
export const describeSpan = (from: number, to: number, zone: string): string =>
  `${describeMoment(from, zone)} to ${describeMoment(to, zone)}`;

/** The same in the language of the process, as all below. */
export function momentInWords(at: number, zone: string): string {
  const { schedule: said } = words();
  if (!Number.isFinite(at)) return at < 0 ? said.always : said.forEver;
  const { weekday, date, time } = partsOf(at, zone);
  return said.moment(weekday, date, time);
}

export const spanInWords = (from: number, to: number, zone: string): string =>
  words().schedule.span(momentInWords(from, zone), momentInWords(to, zone));

/** By handle. */
export type Names = ReadonlyMap<string, string>;

export const turnInWords = (people: Turn, names: Names): string =>
  people.length === 0 ? words().schedule.nobody : people.map((handle) => names.get(handle) ?? handle).join(', ');

/** By which layer and override; empty where nobody is on duty. */
export const reasonInWords = ({ layer, override }: Pick<Stretch, 'layer' | 'override'>): string =>
  [...(layer === null ? [] : [layer]), ...(override === null ? [] : [overrideInWords(override)])].join(', ');

export const turnAndReason = (turn: string, reason: string): string =>
  reason === '' ? turn : words().schedule.turnBy(turn, reason);

function overrideInWords({ note, live, unconfirmed }: Override): string {
  const { schedule: said } = words();
  const by = live === undefined ? said.override : said.overrideBy(live.number, live.by);
  const why = note === null ? by : said.overrideWhy(by, note);
  return unconfirmed ? said.overrideUnconfirmed(why) : why;
}

function partsOf(at: number, zone: string) {
  const local = toLocal(at, zone);
  const written = new Date(local).toISOString();
  return { weekday: weekdayOf(Math.floor(local / DAY)), date: written.slice(0, 10), time: written.slice(11, 16) };
}
