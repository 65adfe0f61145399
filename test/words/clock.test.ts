import { afterEach, expect, test } from 'vitest';
import { readReading } from '../../src/config/config.js';
import { clock, minute, zoneName } from '../../src/words/clock.js';
import { speak, stamp, words } from '../../src/words/words.js';

afterEach(() => speak({ language: 'en', timeZone: 'UTC' }));

const WINTER = Date.UTC(2026, 10, 22, 17, 10, 5);
const SUMMER = '2026-07-01T23:30:00.000Z';

test.for([
  ['UTC', '2026-11-22 17:10:05 UTC', '2026-07-01 23:30:00 UTC'],
  ['Asia/Tokyo', '2026-11-23 02:10:05 JST', '2026-07-02 08:30:00 JST'],
  ['America/New_York', '2026-11-22 12:10:05 EST', '2026-07-01 19:30:00 EDT'],
  ['Asia/Kolkata', '2026-11-22 22:40:05 GMT+5:30', '2026-07-02 05:00:00 GMT+5:30'],
] as const)('times are those of %s, which they name', ([timeZone, winter, summer]) => {
  speak({ language: 'en', timeZone });
  expect([clock(WINTER), clock(SUMMER)]).toEqual([winter, summer]);
  expect(clock(WINTER)).toBe(`${minute(WINTER)}:05 ${zoneName(WINTER)}`);
});

test('the time of logs is read by those alone who read English in UTC', () => {
  expect(stamp(WINTER)).toBe('2026-11-22T17:10:05.000Z');
  speak({ language: 'ja', timeZone: 'UTC' });
  expect(stamp(SUMMER)).toBe('2026-07-01 23:30:00 UTC');
  speak({ language: 'en', timeZone: 'Asia/Tokyo' });
  expect(stamp(WINTER)).toBe('2026-11-23 02:10:05 JST');
});

test('language and zone are English and UTC unless the environment says otherwise', () => {
  expect(readReading({})).toEqual({ language: 'en', timeZone: 'UTC' });
  const given = readReading({ PIGEONFLOW_LANGUAGE: 'ja', PIGEONFLOW_TIME_ZONE: 'asia/tokyo' });
  expect(given).toEqual({ language: 'ja', timeZone: 'Asia/Tokyo' });
  speak(given);
  expect(words().general.duration(5_400_000)).toBe('1時間30分');
});

test('a language or a zone that does not exist is reported with what it must be', () => {
  expect(() => readReading({ PIGEONFLOW_LANGUAGE: 'fr', PIGEONFLOW_TIME_ZONE: 'Mars/Base' })).toThrow(
    /PIGEONFLOW_LANGUAGE must be one of en, ja, and is "fr"[^]*PIGEONFLOW_TIME_ZONE must be an IANA time zone such as Asia\/Tokyo or UTC, and is "Mars\/Base"/,
  );
});
