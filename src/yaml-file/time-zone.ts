import { suggestion } from './did-you-mean.js';
import { describeLocated, shortened, type Located } from './located.js';
import type { Refusal } from './schema.js';

/** Whether it is a name of the IANA database. "+09:00" and "JST" are taken by some engines only, and know no summer time. */
function isTimeZone(name: string): boolean {
  if (!name.includes('/') && name !== 'UTC') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function refuseTimeZone(located: Located): readonly Refusal[] {
  const written = located.kind === 'scalar' ? located.written : '';
  if (isTimeZone(written)) return [];
  const isWord = located.kind === 'scalar' && located.value !== null;
  const said = isWord ? `"${shortened(written)}"` : describeLocated(located);
  const japan = /^(?:jst|\+0?9(?::?00)?|japan standard time)$/i.test(written);
  const instead = japan
    ? '; did you mean "Asia/Tokyo"?'
    : suggestion(written, Intl.supportedValuesOf('timeZone'), 'names of the IANA database');
  return [{ code: 'unknown-time-zone', message: `${said} is no time zone${instead}` }];
}
