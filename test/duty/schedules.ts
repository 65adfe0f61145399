import type { Days, Layer, Override, Rotation, Schedule, Window } from '../../src/duty/schedule.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `09:30` → milliseconds. */
const clock = (written: string): number => {
  const [hours = 0, minutes = 0] = written.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
};
/** `2026-12-01T09:00` as the wall shows it. */
export const local = (written: string): number => Date.parse(`${written}Z`);
export const utc = (written: string): number => Date.parse(written);

export function rotation(every: `${number} ${Rotation['unit']}`, from: string, time: string, day = 0): Rotation {
  const [count, unit] = every.split(' ') as [string, Rotation['unit']];
  return { unit, count: Number(count), day, time: clock(time), from };
}

const NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `mon tue holiday 22:00-07:00` */
export function window(written: string): Window {
  const words = written.split(' ');
  const times = words.find((word) => word.includes(':')) ?? '00:00-24:00';
  const [from = 0, to = 0] = times.split('-').map(clock);
  const days: Days = {
    weekdays: words.includes('daily')
      ? [0, 1, 2, 3, 4, 5, 6]
      : NAMES.flatMap((name, day) => (words.includes(name) ? [day] : [])),
    holiday: words.includes('holiday'),
    workday: words.includes('workday'),
  };
  return { days, from, to: to <= from ? to + DAY : to };
}

export function layer(name: string, parts: Partial<Layer> & Pick<Layer, 'turns'>): Layer {
  return { name, timeZone: 'Asia/Tokyo', when: null, rotation: null, changes: [], ...parts };
}

export function schedule(layers: readonly Layer[], parts: Partial<Schedule> = {}): Schedule {
  return {
    name: 'web',
    timeZone: 'Asia/Tokyo',
    layers,
    overrides: [],
    holidays: new Map(),
    holidaysKnownUntil: null,
    required: null,
    ...parts,
  };
}

export function during(from: string, to: string, people: readonly string[], instead: string | null = null): Override {
  return { people, note: null, of: { kind: 'time', from: utc(from), to: utc(to), instead } };
}

export function ofShift(layerName: string, date: string, people: readonly string[], time?: string): Override {
  return {
    people,
    note: null,
    of: { kind: 'shift', layer: layerName, date, time: time === undefined ? null : clock(time) },
  };
}
