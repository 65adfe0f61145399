import { describe, expect, test } from 'vitest';
import type { DutyOverrides, FoundShifts, LiveOverride, WantedShifts } from '../../src/contract/duty-schema.js';
import { problemsOfLive } from '../../src/duty/check-schedule.js';
import { findShifts } from '../../src/duty/find-shifts.js';
import { onDuty } from '../../src/duty/on-duty.js';
import * as overrides from '../../src/duty/overrides.js';
import type { Layer, Schedule } from '../../src/duty/schedule.js';
import { during, layer, local, rotation, schedule, window } from './schedules.js';

const WEEKLY = layer('weekly', {
  rotation: rotation('1 weeks', '2026-11-30', '09:00', 1),
  turns: [['sato'], ['abe'], ['kato', 'ito']],
});
const WEB = schedule([WEEKLY]);
const at = (written: string) => Date.parse(`${written}:00+09:00`);
/** Tuesday of 佐藤's week. */
const NOW = at('2026-12-01T03:00');

/** A schedule at 3 a.m., and what is asked of it. */
class Night {
  state: DutyOverrides = overrides.noOverrides('web');
  constructor(
    public plan: Schedule = WEB,
    public now = NOW,
    public people: ReadonlyMap<string, string> | null = null,
  ) {}

  find(wanted: WantedShifts, known: ReadonlyMap<string, string> | null = this.people): FoundShifts {
    return findShifts(this.plan, { schedule: 'web', overrides: this.state.overrides, wanted, at: this.now }, known);
  }

  make(kind: LiveOverride['kind'], wanted: WantedShifts, agreeing: readonly string[] = [], countsAtOnce = true) {
    const found = this.find(wanted);
    if (found.found !== 'parts') return found;
    const { parts, names = {} } = found;
    const asked = { kind, parts, names, by: 'tanaka', reason: '体調不良', agreeing, countsAtOnce };
    const outcome = overrides.make(this.state, asked, this.now);
    this.state = outcome.state;
    return outcome;
  }

  take = (person: string, until: string | null = null) =>
    this.make('take', { kind: 'now', people: [person], until, instead: null, upTo: 'end' }, [person]);
  put = (person: string) =>
    this.make('override', { kind: 'now', people: [person], until: null, instead: null, upTo: 'any' });
  swap = (one: string, other: string, agreeing: readonly string[] = [], countsAtOnce = false) =>
    this.make('swap', { kind: 'swap', shift: one, with: other }, agreeing, countsAtOnce);
  confirm(person: string, number: number | null = null) {
    const outcome = overrides.confirm(this.state, { person, number, by: person }, this.now);
    this.state = outcome.state;
    return outcome;
  }
  remove(number: number | null = null) {
    const outcome = overrides.remove(this.state, { number, by: 'tanaka', reason: null }, this.now);
    this.state = outcome.state;
    return outcome;
  }
  who = (written: string) => onDuty(this.plan, overrides.countingNow(this.state.overrides), at(written)).people;
  whoWas = (written: string) => onDuty(this.plan, overrides.asTheyCounted(this.state.overrides), at(written)).people;
  problems = (people?: readonly string[]) =>
    problemsOfLive(this.plan, this.state.overrides, { now: this.now, ...(people && { people: new Set(people) }) }).map(
      ({ message }) => message,
    );
}

describe('taking over', () => {
  test('lasts from now until the end of the shift', () => {
    const night = new Night();
    expect(night.take('suzuki')).toMatchObject({
      is: 'done',
      override: {
        number: 1,
        unconfirmed: [],
        parts: [{ layer: 'weekly', shift: '2026-11-30T09:00', until: '2026-12-07T09:00:00+09:00', former: ['sato'] }],
      },
    });
    expect(night.who('2026-12-01T02:59')).toEqual(['sato']);
    expect(night.who('2026-12-01T03:00')).toEqual(['suzuki']);
    expect(night.who('2026-12-07T08:59')).toEqual(['suzuki']);
    expect(night.who('2026-12-07T09:00')).toEqual(['abe']);
  });

  test('or until an earlier time, never a later one', () => {
    const night = new Night();
    night.take('suzuki', '2026-12-01T09:00');
    expect(night.who('2026-12-01T08:59')).toEqual(['suzuki']);
    expect(night.who('2026-12-01T09:00')).toEqual(['sato']);
    expect(night.take('kato', '2026-12-08T09:00')).toMatchObject({ found: 'nothing' });
  });

  test('asked again, it is so already', () => {
    const night = new Night();
    night.take('suzuki');
    expect(night.take('suzuki')).toMatchObject({ found: 'already' });
    expect(night.take('kato')).toMatchObject({ is: 'done', override: { number: 2 } });
    expect(night.who('2026-12-02T00:00')).toEqual(['kato']);
  });

  test('from what runs without a shift needs to know until when', () => {
    const night = new Night(schedule([layer('always', { turns: [['sato']] })]));
    expect(night.take('suzuki')).toMatchObject({ found: 'nothing' });
    night.take('suzuki', '2026-12-01T09:00');
    expect(night.who('2026-12-01T04:00')).toEqual(['suzuki']);
    expect(night.who('2026-12-01T09:00')).toEqual(['sato']);
  });

  test('from windows that follow one another without a gap needs no shift, only an end', () => {
    const all = ['sun', 'mon', 'wed', 'fri'].map((day) => ({ ...window(day), to: 62 * 3_600_000 }));
    const ends = { from: local('2026-12-03T00:00'), turns: [[]] };
    const night = new Night(schedule([layer('weekly', { when: all, turns: [['sato']], changes: [ends] })]));
    expect(night.take('suzuki')).toMatchObject({ is: 'done' });
    expect(night.who('2026-12-01T03:00')).toEqual(['suzuki']);
    expect(night.who('2026-12-02T23:59')).toEqual(['suzuki']);
  });

  test('over an override of the file lasts until that is over', () => {
    const planned = { ...WEB, overrides: [during('2026-12-01T00:00+09:00', '2026-12-01T06:00+09:00', ['abe'])] };
    const night = new Night(planned);
    night.take('suzuki');
    expect([night.who('2026-12-01T04:00'), night.who('2026-12-01T06:00')]).toEqual([['suzuki'], ['sato']]);
  });

  test('by somebody whom nobody knows is refused', () => {
    const wanted = { kind: 'now', people: ['suzki'], until: null, instead: null, upTo: 'end' } as const;
    expect(new Night().find(wanted, new Map([['suzuki', '鈴木']]))).toMatchObject({ found: 'nothing' });
    expect(new Night().find({ ...wanted, people: ['abe'] }, new Map([['suzuki', '鈴木']]))).toMatchObject({
      found: 'parts',
    });
  });
});

describe('an override', () => {
  test('by somebody else keeps those of before next in line until it is confirmed', () => {
    const night = new Night();
    expect(night.put('suzuki')).toMatchObject({ override: { unconfirmed: ['suzuki'] } });
    expect(night.who('2026-12-01T04:00')).toEqual(['suzuki', 'sato']);
    expect(night.confirm('abe')).toMatchObject({ is: 'refused' });
    expect(night.confirm('suzuki')).toMatchObject({ is: 'done', override: { unconfirmed: [] } });
    expect(night.confirm('suzuki', 1)).toMatchObject({ is: 'so already' });
    expect(night.who('2026-12-01T04:00')).toEqual(['suzuki']);
  });

  test('in the place of one of a team leaves the others', () => {
    const night = new Night(WEB, at('2026-12-15T03:00'));
    const wanted = { kind: 'now', people: ['suzuki'], until: null, instead: 'kato', upTo: 'any' } as const;
    night.make('override', wanted, ['suzuki']);
    expect(night.who('2026-12-16T00:00')).toEqual(['suzuki', 'ito']);
    expect(night.find(wanted)).toMatchObject({ found: 'already' });
    expect(night.find({ ...wanted, people: ['tanaka'], instead: 'abe' })).toMatchObject({ found: 'nothing' });
  });

  test('belongs to its shift, and moves with it in a new file', () => {
    const night = new Night();
    night.make('override', { kind: 'shift', shift: '2026-12-07', people: ['suzuki'], until: null, instead: null }, ['suzuki']); // prettier-ignore
    night.plan = schedule([{ ...WEEKLY, rotation: rotation('1 weeks', '2026-11-30', '12:00', 1) }]);
    expect(night.who('2026-12-07T11:59')).toEqual(['sato']);
    expect(night.who('2026-12-07T12:00')).toEqual(['suzuki']);
    expect(night.who('2026-12-14T11:59')).toEqual(['suzuki']);
    expect(night.who('2026-12-14T12:00')).toEqual(['kato', 'ito']);
  });

  test('of a shift that is not there names those that are', () => {
    const night = new Night();
    const of = (shift: string) => night.find({ kind: 'shift', shift, people: ['suzuki'], until: null, instead: null });
    expect(of('weekly/2026-12-08')).toMatchObject({ message: expect.stringContaining('weekly/2026-12-14T09:00') as string }); // prettier-ignore
    expect(of('nights/2026-12-07')).toMatchObject({ message: expect.stringContaining('weekly') as string });
    expect(of('2026-11-23')).toMatchObject({ found: 'nothing' });
    expect(of('2026-99-99')).toMatchObject({ found: 'nothing' });
  });

  test('that another one would hide is refused', () => {
    const night = new Night();
    night.make('override', { kind: 'time', people: ['abe'], from: '2026-12-07T00:00', until: '2026-12-09T00:00', instead: null }); // prettier-ignore
    const found = night.find({ kind: 'shift', shift: '2026-12-07', people: ['suzuki'], until: null, instead: null });
    expect(found).toMatchObject({ found: 'nothing', message: expect.stringContaining('#1') as string });
  });

  test('that is removed stays in the list, with who removed it', () => {
    const night = new Night();
    night.take('suzuki');
    expect(night.remove()).toMatchObject({ is: 'done' });
    expect(night.who('2026-12-01T04:00')).toEqual(['sato']);
    expect(night.state.overrides).toMatchObject([{ number: 1, removed: { by: 'tanaka' } }]);
    expect(night.remove(1)).toMatchObject({ is: 'so already' });
    expect(night.remove(2)).toMatchObject({ is: 'refused' });
    expect(night.confirm('suzuki', 1)).toMatchObject({ is: 'refused' });
  });

  test('of which too many are open is refused, and what is over is forgotten at last', () => {
    const night = new Night();
    for (let n = 0; n < overrides.MAX_OPEN; n += 1) night.take(n % 2 === 0 ? 'suzuki' : 'abe');
    expect(night.take('suzuki')).toMatchObject({ is: 'refused' });
    for (let n = 1; n <= overrides.MAX_OPEN; n += 1) night.remove(n);
    for (let n = 0; n < 150; n += 1) {
      night.take('suzuki');
      night.remove();
    }
    expect(night.state.overrides).toHaveLength(overrides.MAX_KEPT);
    expect(night.state.overrides.at(-1)?.number).toBe(250);
  });
});

describe('a swap', () => {
  test('counts when both have confirmed it', () => {
    const night = new Night();
    night.swap('2026-11-30', 'weekly/2026-12-07', ['sato']);
    expect(night.who('2026-12-02T00:00')).toEqual(['sato']);
    night.confirm('abe');
    expect(night.who('2026-12-02T00:00')).toEqual(['abe']);
    expect(night.who('2026-12-08T00:00')).toEqual(['sato']);
  });

  test('or at once, where somebody decides it; until they confirm, those of before are next in line', () => {
    const night = new Night();
    night.swap('2026-11-30', '2026-12-07', [], true);
    expect(night.who('2026-12-02T00:00')).toEqual(['abe', 'sato']);
    night.confirm('abe');
    expect(night.who('2026-12-02T00:00')).toEqual(['abe']);
    expect(night.who('2026-12-08T00:00')).toEqual(['sato', 'abe']);
    night.confirm('sato');
    expect(night.who('2026-12-08T00:00')).toEqual(['sato']);
  });

  test('of shifts of the same people is refused', () => {
    expect(new Night().swap('2026-11-30', '2026-12-21')).toMatchObject({ found: 'nothing' });
  });
});

describe('what was exported', () => {
  test('is put back once; a number that is in use is given anew', () => {
    const night = new Night();
    night.take('suzuki');
    const exported = night.state.overrides;
    const empty = overrides.noOverrides('web');
    const restored = overrides.restore(empty, exported, NOW);
    expect(restored.state.overrides).toEqual(exported);
    expect(overrides.restore(restored.state, exported, NOW)).toMatchObject({ is: 'so already' });
    const other = new Night();
    other.now = NOW + 60_000;
    other.take('abe');
    const both = overrides.restore(other.state, exported, NOW).state.overrides;
    expect(both.map(({ number, parts }) => [number, parts[0]?.people[0]])).toEqual([[1, 'abe'], [2, 'suzuki']]); // prettier-ignore
  });
});

describe('people are named in words, by the file of people as it was when it was made', () => {
  const NAMES = new Map([['sato', '佐藤'], ['suzuki', '鈴木'], ['abe', '阿部']]); // prettier-ignore

  test('in answers, refusals and the table; the override has their handles, and the names beside', () => {
    const night = new Night(WEB, NOW, NAMES);
    expect(night.put('suzuki')).toMatchObject({
      message: expect.stringMatching(/^鈴木 on duty from .* instead of 佐藤\..* put 鈴木 on duty\./) as string,
      override: { parts: [{ people: ['suzuki'], former: ['sato'] }], names: { suzuki: '鈴木', sato: '佐藤' } },
    });
    night.people = null;
    const [row] = night.state.overrides.flatMap((one) => overrides.rowsOf(one, NOW));
    expect([row?.[1], row?.[4]]).toEqual(['鈴木 instead of 佐藤', 'unconfirmed by 鈴木']);
    expect(night.confirm('sato', 1)).toMatchObject({ message: 'Override #1 does not put 佐藤 on duty.' });
    expect(night.confirm('suzuki')).toMatchObject({ message: expect.stringMatching(/^鈴木 on duty/) as string });
    expect(night.confirm('suzuki')).toMatchObject({ message: 'No override waits for 鈴木.' });
  });

  test('of whom no name is known has the handle', () => {
    const night = new Night(WEB, NOW, new Map([['kato', '加藤']]));
    expect(night.find({ kind: 'swap', shift: '2026-11-30', with: '2026-12-14' })).toMatchObject({
      names: { kato: '加藤' },
    });
    expect(night.swap('2026-11-30', '2026-12-14')).toMatchObject({
      message: expect.stringMatching(/^加藤, ito on duty from .* instead of sato\./) as string,
    });
    const other = new Night(WEB, NOW, NAMES);
    expect(other.swap('2026-11-30', '2026-11-30')).toMatchObject({ message: '佐藤 has both shifts.' });
  });
});

describe('afterwards', () => {
  test('one that was removed counted until then, as it did when people were called', () => {
    const night = new Night();
    night.take('suzuki');
    night.now = at('2026-12-01T05:00');
    night.remove(1);
    expect(night.who('2026-12-01T04:00')).toEqual(['sato']);
    expect(night.whoWas('2026-12-01T04:59')).toEqual(['suzuki']);
    expect(night.whoWas('2026-12-01T05:00')).toEqual(['sato']);
  });

  test('a swap counted from its last confirmation on', () => {
    const night = new Night(WEB, at('2026-12-01T03:00'));
    night.swap('2026-11-30', '2026-12-07');
    expect(night.whoWas('2026-12-01T04:00')).toEqual(['sato']);
    night.confirm('sato');
    night.now = at('2026-12-02T12:00');
    night.confirm('abe');
    expect([night.who('2026-12-01T04:00'), night.whoWas('2026-12-01T04:00')]).toEqual([['abe'], ['sato']]);
    expect(night.whoWas('2026-12-02T12:00')).toEqual(['abe']);
  });

  test('what is over is known for a month, for calendars', () => {
    const night = new Night();
    night.take('suzuki', '2026-12-01T09:00');
    const published = (written: string) => overrides.published(night.state, at(written)).overrides.length;
    expect([published('2026-12-31T09:00'), published('2027-01-05T09:01')]).toEqual([1, 0]);
  });
});

describe('an override by which nobody is called', () => {
  const other = (parts: Partial<Layer>): Schedule => schedule([{ ...WEEKLY, ...parts }]);

  test('is said, when its layer has gone', () => {
    const night = new Night();
    night.take('suzuki');
    expect(night.problems()).toEqual([]);
    night.plan = other({ name: 'days' });
    expect(night.problems()).toEqual([
      'override #1 (suzuki until 2026-12-07 09:00) has no effect: there is no layer "weekly"; remove it, or make it again',
    ]);
    night.remove(1);
    expect(night.problems()).toEqual([]);
  });

  test('… when its shift begins on another date, and not when it begins at another time of it', () => {
    const night = new Night();
    night.take('suzuki');
    night.plan = other({ rotation: rotation('1 weeks', '2026-11-30', '18:00', 1) });
    expect(night.problems()).toEqual([]);
    night.plan = other({ rotation: rotation('1 weeks', '2026-11-24', '09:00', 2) });
    expect(night.problems()).toEqual([expect.stringContaining('no shift of "weekly" begins on 2026-11-30')]);
  });

  test('… when the person in whose place it is has left, or a later layer covers it', () => {
    const night = new Night(WEB, at('2026-12-15T03:00'));
    night.make('override', { kind: 'now', people: ['suzuki'], until: null, instead: 'ito', upTo: 'any' }, ['suzuki']);
    expect(night.problems()).toEqual([]);
    night.plan = other({ turns: [['sato'], ['abe'], ['kato']] });
    expect(night.problems()).toEqual([expect.stringContaining('ito, in whose place it is, is not on duty then')]);
    const covered = new Night(WEB);
    covered.put('suzuki');
    covered.plan = schedule([WEEKLY, layer('all', { turns: [['kato']] })]);
    expect(covered.problems()).toEqual([expect.stringContaining('a later layer, covers it')]);
  });

  test('is none that is over, does not count, or was covered by a newer one', () => {
    const night = new Night();
    night.swap('2026-12-07', '2026-12-14');
    night.take('suzuki', '2026-12-01T04:00');
    night.now = at('2026-12-01T04:00');
    night.plan = other({ name: 'days' });
    expect(night.problems(['sato'])).toEqual([]);
    const newer = new Night();
    newer.put('suzuki');
    newer.put('kato');
    expect(newer.problems()).toEqual([]);
  });

  test('is one whose person has left the file of people', () => {
    const night = new Night();
    night.take('suzuki');
    expect(night.problems(['sato', 'suzuki2'])).toEqual([
      'override #1 (suzuki until 2026-12-07 09:00): there is no person "suzuki"; did you mean "suzuki2"?',
    ]);
  });
});
