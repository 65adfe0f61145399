import { describe, expect, test } from 'vitest';
import { onDuty, shiftsOf, stretches, whoFollows } from '../../src/duty/on-duty.js';
import type { Override, Schedule } from '../../src/duty/schedule.js';
import { TABLES } from './hand-offs.js';
import { during, layer, local, ofShift, rotation, schedule, utc, window } from './schedules.js';

const iso = (at: number): string => new Date(at).toISOString().replace(/:00\.000Z$/, 'Z');

/** Who begins when, written as in the tables; `-`: nobody. */
function begins(of: Schedule, from: string, to: string, overrides: readonly Override[] = []) {
  return [...stretches(of, overrides, utc(from), utc(to))]
    .filter(({ from: begin }) => onDuty(of, overrides, begin).from === begin)
    .map(({ from: begin, people }) => [iso(begin), people.join(' ') || '-'] as const);
}

describe('the tables of hand-offs', () => {
  test.for(TABLES)('$name', ({ schedule: of, begins: table }) => {
    const [first, last] = [table[0]?.[0] ?? '', table.at(-1)?.[0] ?? ''];
    expect(begins(of, first, iso(utc(last) + 60_000))).toEqual(table);
    for (const [at, who] of table) {
      expect(onDuty(of, [], utc(at)).people).toEqual([who]);
      expect(onDuty(of, [], utc(at) - 1).people).not.toEqual([who]);
    }
  });
});

describe('an answer', () => {
  const weekly = layer('weekly', {
    rotation: rotation('1 weeks', '2026-11-30', '09:00', 1),
    turns: [['tanaka'], ['sato', 'ito'], ['ito', 'tanaka']],
  });

  test('has the people in order, the layer, from when until when, and who is next', () => {
    expect(onDuty(schedule([weekly]), [], utc('2026-12-08T12:00Z'))).toEqual({
      people: ['sato', 'ito'],
      layer: 'weekly',
      override: null,
      from: utc('2026-12-07T00:00Z'),
      to: utc('2026-12-14T00:00Z'),
      next: { people: ['tanaka'], from: utc('2026-12-14T00:00Z') },
    });
  });

  test('of the next but one is again somebody else', () => {
    const of = schedule([{ ...weekly, turns: [['a'], ['a'], ['b', 'a'], ['c']] }]);
    const at = utc('2026-12-01T00:00Z');
    expect([...whoFollows(of, [], at)]).toEqual([
      { people: ['b'], from: utc('2026-12-14T00:00Z') },
      { people: ['c'], from: utc('2026-12-21T00:00Z') },
    ]);
  });

  test('before the first turn is nobody, and says who comes', () => {
    const duty = onDuty(schedule([weekly]), [], utc('2026-11-29T00:00Z'));
    expect(duty).toMatchObject({ people: [], layer: null, from: -Infinity, to: utc('2026-11-30T00:00Z') });
    expect(duty.next?.people).toEqual(['tanaka']);
  });

  test('of somebody who is alone never ends, and has no next', () => {
    const duty = onDuty(schedule([layer('all', { turns: [['tanaka']] })]), [], 0);
    expect(duty).toMatchObject({ people: ['tanaka'], from: -Infinity, to: Infinity, next: null });
  });
});

describe('layers', () => {
  const base = layer('base', { turns: [['a']] });

  test('a later one covers the earlier ones while it has somebody', () => {
    const nights = layer('nights', { when: [window('mon 22:00-07:00')], turns: [['n']] });
    expect(begins(schedule([base, nights]), '2026-11-30T00:00Z', '2026-12-01T23:00Z')).toEqual([
      ['2026-11-30T13:00Z', 'n'],
      ['2026-11-30T22:00Z', 'a'],
    ]);
  });

  test('a pause shows the layer below', () => {
    const top = layer('top', { rotation: rotation('1 days', '2026-12-01', '00:00'), turns: [['b'], [], ['c']] });
    expect(begins(schedule([base, top]), '2026-11-30T15:00Z', '2026-12-03T16:00Z')).toEqual([
      ['2026-11-30T15:00Z', 'b'],
      ['2026-12-01T15:00Z', 'a'],
      ['2026-12-02T15:00Z', 'c'],
      ['2026-12-03T15:00Z', 'b'],
    ]);
  });

  test('each has its own zone: follow the sun', () => {
    const of = schedule([
      layer('tokyo', { when: [window('daily 09:00-17:00')], turns: [['t']] }),
      layer('london', { timeZone: 'Europe/London', when: [window('daily 08:00-16:00')], turns: [['l']] }),
      layer('chicago', { timeZone: 'America/Chicago', when: [window('daily 10:00-18:00')], turns: [['c']] }),
    ]);
    expect(begins(of, '2026-12-01T00:00Z', '2026-12-02T00:01Z')).toEqual([
      ['2026-12-01T00:00Z', 't'],
      ['2026-12-01T08:00Z', 'l'],
      ['2026-12-01T16:00Z', 'c'],
      ['2026-12-02T00:00Z', 't'],
    ]);
  });
});

describe('days', () => {
  const holidays = new Map([['2026-12-02', '創立記念日']]);

  test('a working day is Monday to Friday and no holiday; a holiday may be on any', () => {
    const of = schedule(
      [
        layer('work', { when: [window('workday')], turns: [['w']] }),
        layer('holiday', { when: [window('holiday')], turns: [['h']] }),
      ],
      { holidays },
    );
    expect(begins(of, '2026-11-30T15:00Z', '2026-12-06T15:01Z')).toEqual([
      ['2026-12-01T15:00Z', 'h'],
      ['2026-12-02T15:00Z', 'w'],
      ['2026-12-04T15:00Z', '-'],
      ['2026-12-06T15:00Z', 'w'],
    ]);
  });

  test('after the last known day none is a holiday', () => {
    const of = schedule([layer('work', { when: [window('workday')], turns: [['w']] })], { holidays });
    expect(onDuty(of, [], utc('2099-01-01T03:00Z')).people).toEqual(['w']);
  });

  test('a window may go from Friday to Monday', () => {
    const weekend = {
      days: { weekdays: [5], holiday: false, workday: false },
      from: 18 * 3_600_000,
      to: (3 * 24 + 9) * 3_600_000,
    };
    const of = schedule([layer('weekend', { when: [weekend], turns: [['w']] })]);
    expect(begins(of, '2026-12-01T00:00Z', '2026-12-11T10:00Z')).toEqual([
      ['2026-12-04T09:00Z', 'w'],
      ['2026-12-07T00:00Z', '-'],
      ['2026-12-11T09:00Z', 'w'],
    ]);
  });
});

describe('a rotation with `when` counts only its own shifts', () => {
  test('days: after Friday comes Monday, and who has Monday changes', () => {
    const of = schedule([
      layer('days', {
        when: [window('mon tue wed thu fri 09:00-18:00')],
        rotation: rotation('1 days', '2026-11-30', '00:00'),
        turns: [['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['g']],
      }),
    ]);
    const people = begins(of, '2026-11-29T15:00Z', '2026-12-09T00:00Z').map(([, who]) => who);
    expect(people.filter((who) => who !== '-').join('')).toBe('abcdefg');
  });

  test('two days each, over the weekend too', () => {
    const of = schedule([
      layer('days', {
        when: [window('mon tue wed thu fri')],
        rotation: rotation('2 days', '2026-11-30', '00:00'),
        turns: [['a'], ['b'], ['c']],
      }),
    ]);
    expect(begins(of, '2026-11-29T15:00Z', '2026-12-08T15:01Z')).toEqual([
      ['2026-11-29T15:00Z', 'a'],
      ['2026-12-01T15:00Z', 'b'],
      ['2026-12-03T15:00Z', 'c'],
      ['2026-12-04T15:00Z', '-'],
      ['2026-12-06T15:00Z', 'c'],
      ['2026-12-07T15:00Z', 'a'],
    ]);
  });

  test('a night belongs to one person where hands are changed at noon', () => {
    const of = schedule([
      layer('nights', {
        when: [window('fri sat 22:00-07:00')],
        rotation: rotation('1 days', '2026-12-04', '12:00'),
        turns: [['a'], ['b'], ['c']],
      }),
    ]);
    expect(begins(of, '2026-12-04T00:00Z', '2026-12-11T14:00Z').filter(([, who]) => who !== '-')).toEqual([
      ['2026-12-04T13:00Z', 'a'],
      ['2026-12-05T13:00Z', 'b'],
      ['2026-12-11T13:00Z', 'c'],
    ]);
  });

  test('weeks without a holiday do not count', () => {
    const holidays = new Map([
      ['2026-12-01', 'x'],
      ['2026-12-16', 'y'],
    ]);
    const of = schedule(
      [
        layer('holidays', {
          when: [window('holiday')],
          rotation: rotation('1 weeks', '2026-11-30', '00:00', 1),
          turns: [['a'], ['b']],
        }),
      ],
      { holidays },
    );
    expect(onDuty(of, [], utc('2026-12-01T03:00Z')).people).toEqual(['a']);
    expect(onDuty(of, [], utc('2026-12-16T03:00Z')).people).toEqual(['b']);
  });
});

describe('a planned change', () => {
  const weekly = layer('weekly', {
    rotation: rotation('1 weeks', '2026-11-30', '09:00', 1),
    turns: [['a'], ['b'], ['c']],
  });
  const after = (turns: string, from = '2026-12-09T00:00') => {
    const change = { from: local(from), turns: turns.split(' ').map((person) => [person]) };
    const of = schedule([{ ...weekly, changes: [change] }]);
    return begins(of, '2026-11-30T00:00Z', '2027-01-11T00:00Z')
      .map(([, who]) => who)
      .join('');
  };

  test('begins with the first hand-off after its date, and with the one who follows', () => {
    expect(after('a b x c')).toBe('abxcab'); // x comes after b
    expect(after('a b c')).toBe('abcabc');
    expect(after('b a')).toBe('ababab'); // c has left
    expect(after('c a')).toBe('abcaca'); // b, who is on duty, has left
    expect(after('x y')).toBe('abxyxy');
  });

  test('on the very hand-off begins with it', () => {
    expect(after('x y', '2026-12-07T09:00')).toBe('axyxyx');
    expect(after('x y', '2026-12-07T09:01')).toBe('abxyxy');
  });

  test('of a layer without a rotation begins at its moment', () => {
    const of = schedule([
      layer('all', { turns: [['a']], changes: [{ from: local('2026-12-05T00:00'), turns: [['b']] }] }),
    ]);
    expect(begins(of, '2026-12-01T00:00Z', '2026-12-10T00:00Z')).toEqual([['2026-12-04T15:00Z', 'b']]);
  });

  test.for([
    ['a time that the clock leaves out', '2026-03-08T02:30', '2026-03-08T08:30Z'],
    ['a time that it shows twice', '2026-11-01T01:30', '2026-11-01T06:30Z'],
  ] as const)('at %s begins once', ([, written, at]) => {
    const change = { from: local(written), turns: [['b']] };
    const of = schedule([layer('all', { timeZone: 'America/Chicago', turns: [['a']], changes: [change] })]);
    for (const minutes of [-90, -1, 0, 29, 59, 60, 90]) {
      const { people, from, to } = onDuty(of, [], utc(at) + minutes * 60_000);
      const [who, edge] = minutes < 0 ? ['a', to] : ['b', from];
      expect({ people, edge }).toEqual({ people: [who], edge: utc(at) });
    }
  });
});

describe('an override', () => {
  const weekly = layer('weekly', {
    rotation: rotation('1 weeks', '2026-11-30', '09:00', 1),
    turns: [['a'], ['b', 'c']],
  });
  const nights = layer('nights', { when: [window('daily 22:00-07:00')], turns: [['n']] });

  test('of a time covers all layers; a later one wins', () => {
    const overrides = [
      during('2026-12-01T00:00Z', '2026-12-03T00:00Z', ['x']),
      during('2026-12-02T00:00Z', '2026-12-04T00:00Z', ['y', 'z']),
    ];
    expect(begins(schedule([weekly]), '2026-12-01T00:00Z', '2026-12-05T00:00Z', overrides)).toEqual([
      ['2026-12-01T00:00Z', 'x'],
      ['2026-12-02T00:00Z', 'y z'],
      ['2026-12-04T00:00Z', 'a'],
    ]);
  });

  test('that was made wins over one of the file', () => {
    const of = schedule([weekly], { overrides: [during('2026-12-01T00:00Z', '2026-12-03T00:00Z', ['x'])] });
    const made = during('2026-12-01T00:00Z', '2026-12-02T00:00Z', ['y']);
    expect(onDuty(of, [made], utc('2026-12-01T12:00Z')).people).toEqual(['y']);
    expect(onDuty(of, [made], utc('2026-12-02T12:00Z')).people).toEqual(['x']);
  });

  test('in the place of one person leaves the others, and touches no time when that one is off duty', () => {
    const leave = during('2026-12-01T00:00Z', '2026-12-31T00:00Z', ['x'], 'b');
    expect(onDuty(schedule([weekly]), [leave], utc('2026-12-02T00:00Z'))).toMatchObject({
      people: ['a'],
      override: null,
    });
    expect(onDuty(schedule([weekly]), [leave], utc('2026-12-08T00:00Z'))).toMatchObject({
      people: ['x', 'c'],
      layer: 'weekly',
      override: leave,
    });
  });

  test('of a shift is the shift, in its layer', () => {
    const swap = ofShift('weekly', '2026-12-07', ['x']);
    expect(begins(schedule([weekly]), '2026-11-30T00:00Z', '2026-12-14T00:01Z', [swap])).toEqual([
      ['2026-11-30T00:00Z', 'a'],
      ['2026-12-07T00:00Z', 'x'],
      ['2026-12-14T00:00Z', 'a'],
    ]);
    expect(onDuty(schedule([weekly, nights]), [swap], utc('2026-12-08T15:00Z')).people).toEqual(['n']);
  });

  test('of a shift moves with it', () => {
    const later = { ...weekly, rotation: rotation('1 weeks', '2026-11-30', '17:30', 1) };
    const swap = ofShift('weekly', '2026-12-07', ['x'], '09:00');
    expect(begins(schedule([later]), '2026-12-01T00:00Z', '2026-12-14T09:00Z', [swap])).toEqual([
      ['2026-12-07T08:30Z', 'x'],
      ['2026-12-14T08:30Z', 'a'],
    ]);
  });

  test('of one night is that night alone', () => {
    const swap = ofShift('nights', '2026-12-02', ['x']);
    expect(begins(schedule([weekly, nights]), '2026-12-01T12:00Z', '2026-12-03T14:00Z', [swap])).toEqual([
      ['2026-12-01T13:00Z', 'n'],
      ['2026-12-01T22:00Z', 'a'],
      ['2026-12-02T13:00Z', 'x'],
      ['2026-12-02T22:00Z', 'a'],
      ['2026-12-03T13:00Z', 'n'],
    ]);
  });

  test('of one of several shifts of a day is the nearest to its time', () => {
    const of = schedule([
      layer('eights', { rotation: rotation('8 hours', '2026-12-01', '01:00'), turns: [['a'], ['b'], ['c']] }),
    ]);
    const at = (time: string, moment: string) =>
      onDuty(of, [ofShift('eights', '2026-12-02', ['x'], time)], utc(moment)).people;
    expect(at('10:00', '2026-12-02T01:00Z')).toEqual(['x']);
    expect(at('10:00', '2026-12-01T17:00Z')).toEqual(['a']);
    expect(at('00:00', '2026-12-01T17:00Z')).toEqual(['x']);
  });

  test('of a shift that is not there changes nothing', () => {
    expect(
      begins(schedule([weekly]), '2026-12-07T00:00Z', '2026-12-08T00:00Z', [ofShift('weekly', '2026-12-08', ['x'])]),
    ).toEqual([['2026-12-07T00:00Z', 'b c']]);
  });
});

test('the shifts of a layer are its turns, each in one piece', () => {
  const of = layer('weeks', {
    when: [window('mon tue wed thu fri')],
    rotation: rotation('1 weeks', '2026-11-30', '00:00', 1),
    turns: [['a'], ['b']],
  });
  expect(
    [...shiftsOf(schedule([of]), of, [], utc('2026-11-29T15:00Z'), utc('2026-12-12T00:00Z'))].map(
      ({ from, to, people }) => [iso(from), iso(to), people.join(' ')],
    ),
  ).toEqual([
    ['2026-11-29T15:00Z', '2026-12-04T15:00Z', 'a'],
    ['2026-12-04T15:00Z', '2026-12-06T15:00Z', ''],
    ['2026-12-06T15:00Z', '2026-12-11T15:00Z', 'b'],
    ['2026-12-11T15:00Z', '2026-12-12T00:00Z', ''],
  ]);
});
