import { Temporal } from 'temporal-polyfill/implementation';
import { expect, test } from 'vitest';
import { toInstant, toLocal } from '../../src/duty/zone.js';

const ZONES = [
  'Asia/Tokyo',
  'America/Chicago',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
];
const HOUR = 3_600_000;

test.for(ZONES)('%s: a wall clock is read as Temporal reads it, around each change of 2011 and 2026', (zone) => {
  for (const year of ['2011', '2026']) {
    let zoned = Temporal.Instant.from(`${year}-01-01T00:00Z`).toZonedDateTimeISO(zone);
    for (let change = 0; change < 3; change += 1) {
      const next = zoned.getTimeZoneTransition('next');
      if (next === null) break;
      for (let minutes = -26 * 60; minutes <= 26 * 60; minutes += 35) {
        const local = next.toPlainDateTime().add({ minutes });
        const asUtc = local.toZonedDateTime('UTC').epochMilliseconds;
        const instant = local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
        expect([local.toString(), toInstant(asUtc, zone)]).toEqual([local.toString(), instant]);
        expect(toInstant(toLocal(instant, zone), zone)).toBeLessThanOrEqual(instant);
      }
      zoned = next;
    }
  }
  const plain = Temporal.PlainDateTime.from('2026-07-01T12:00').toZonedDateTime(zone).epochMilliseconds;
  expect(toInstant(Date.UTC(2026, 6, 1, 12), zone)).toBe(plain);
  expect(toLocal(plain, zone) % (24 * HOUR)).toBe(12 * HOUR);
});
