const TOP = 'name: web\ntimeZone: Asia/Tokyo\n';
const layer = (text: string, more = ''): string => `${TOP}layers:\n  - { name: weekly, ${text} }\n${more}`;
const PEOPLE = 'people: [tanaka]';
const rotation = (text: string): string => layer(`rotation: { ${text} }`);
const WEEKLY = 'rotation: { every: 1w, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka, sato] }';

/** Schedules that are wrong, each in one way, by what it is. */
export const brokenSchedules: Readonly<Record<string, string>> = {
  'an empty file': '',
  'no layers': TOP,
  'no zone': 'name: web\nlayers: [{ name: weekly, people: [tanaka] }]',
  'a zone in three letters': `name: web\ntimeZone: JST\nlayers: [{ name: weekly, ${PEOPLE} }]`,
  'contacts, as in a policy': layer(PEOPLE, 'contacts: { tanaka: { phone: "0300000001" } }'),
  'a layer with nobody': layer('when: { days: mon-fri }'),
  'a layer with people and a rotation': layer(`${PEOPLE}, ${WEEKLY}`),
  'two layers of one name': layer(PEOPLE, '  - { name: weekly, people: [sato] }'),
  'a person in capital letters': layer('people: [Tanaka]'),
  'a person twice in a team': layer('people: [tanaka, sato, tanaka]'),
  'nobody in a team': layer('people: [tanaka, nobody]'),
  'turns in minutes': rotation('every: 30m, handOff: "09:00", from: 2026-11-30, people: [tanaka]'),
  'hours that do not divide a day': rotation('every: 5h, handOff: "09:00", from: 2026-11-30, people: [tanaka]'),
  'weeks without a day': rotation('every: 1w, handOff: "09:00", from: 2026-11-30, people: [tanaka]'),
  'days with a day': rotation('every: 1d, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka]'),
  'months with a weekday': rotation('every: 1mo, handOff: "mon 09:00", from: 2026-11-30, people: [tanaka]'),
  'no hand-off': rotation('every: 1d, from: 2026-11-30, people: [tanaka]'),
  'a hand-off without quotes that is no time': rotation('every: 1d, handOff: 9, from: 2026-11-30, people: [tanaka]'),
  'a date that is not': rotation('every: 1d, handOff: "09:00", from: 2026-02-30, people: [tanaka]'),
  'a rotation of no one': rotation('every: 1d, handOff: "09:00", from: 2026-11-30, people: []'),
  'a word for days that is none': layer(`when: { days: weekdays }, ${PEOPLE}`),
  'no time between': layer(`when: { from: "09:00", to: "09:00" }, ${PEOPLE}`),
  'half a time of the week': layer(`when: { from: "fri 18:00", to: "09:00" }, ${PEOPLE}`),
  'days and times of the week': layer(`when: { days: mon, from: "fri 18:00", to: "mon 09:00" }, ${PEOPLE}`),
  'a change of no layer': layer(WEEKLY, 'changes: [{ layer: week, from: 2027-04-05, people: [abe] }]'),
  'turns for a layer without any': layer(
    PEOPLE,
    'changes: [{ layer: weekly, from: 2027-04-05, people: [[abe, sato]] }]',
  ),
  'an override of neither time nor shift': layer(WEEKLY, 'overrides: [{ people: [abe] }]'),
  'an override of both': layer(
    WEEKLY,
    'overrides: [{ from: 2026-12-29T09:00, to: 2026-12-30T09:00, layer: weekly, shift: 2026-12-07, people: [abe] }]',
  ),
  'an override without an end': layer(WEEKLY, 'overrides: [{ from: 2026-12-29T09:00, people: [abe] }]'),
  'an override that ends before it begins': layer(
    WEEKLY,
    'overrides: [{ from: 2026-12-29T09:00, to: 2026-12-28T09:00, people: [abe] }]',
  ),
  'an override with a zone': layer(
    WEEKLY,
    'overrides: [{ from: 2026-12-29T09:00+09:00, to: 2026-12-30T09:00, people: [abe] }]',
  ),
  'an override of a shift of no layer': layer(WEEKLY, 'overrides: [{ layer: week, shift: 2026-12-07, people: [abe] }]'),
  'a calendar that is neither': layer(PEOPLE, 'holidays: jp'),
  'a part that is required in no form': layer(PEOPLE, 'required: sometimes'),
};
