/** Which shifts an override is for: a pure function of the schedule, what overrides it already, and the moment. */
import type { FoundShifts, OverridePart, ShiftSearch } from '../contract/duty-schema.js';
import { words } from '../words/words.js';
import { beginOfShift, beginsOn, endOfShift, layerSegment, stretchAt, type Stretch } from './on-duty.js';
import { countingNow, overridesOf } from './overrides.js';
import { DAY, dayOf, type Layer, type Override, type Schedule, type Turn } from './schedule.js';
import { segmentOf } from './shifts.js';
import { clockAt, toInstant, toLocal } from './zone.js';

/** Why there is none, in words. */
class Refusal extends Error {}

/** @param known Names by handle, of all who can be called; null: not known here, and taken on trust. */
export function findShifts(
  schedule: Schedule,
  { overrides, wanted, at }: ShiftSearch,
  known: ReadonlyMap<string, string> | null,
): FoundShifts {
  const search = new Search(schedule, countingNow(overrides), at, known ?? new Map());
  try {
    if (wanted.kind === 'swap') return search.found(search.swapped(wanted.shift, wanted.with));
    const stranger = wanted.people.find((handle) => known?.has(handle) === false && !isIn(schedule, handle));
    if (stranger !== undefined) throw new Refusal(words().duty.stranger(stranger));
    const part = search.partOf(wanted);
    if (part === 'already') {
      const { people, to } = search.now;
      const until = to === Infinity ? null : search.written(to);
      return { found: 'already', message: words().duty.onDutyAlready(search.named(people), until) };
    }
    return search.found([search.uncovered(part)]);
  } catch (error) {
    if (error instanceof Refusal) return { found: 'nothing', message: error.message };
    throw error;
  }
}

function isIn({ layers, overrides }: Schedule, handle: string): boolean {
  const turns = layers.flatMap(({ turns, changes }) => [turns, ...changes.map((change) => change.turns)].flat());
  return [...turns, ...overrides.map(({ people }) => people)].some((people) => people.includes(handle));
}

/** A shift of a layer. Milliseconds since 1970. */
interface Found {
  readonly layer: Layer;
  readonly begin: number;
  readonly end: number;
  /** Who has it, as far as it is not over. */
  readonly people: Turn;
}

class Search {
  readonly now: Stretch;

  constructor(
    private readonly schedule: Schedule,
    private readonly overrides: readonly Override[],
    private readonly at: number,
    private readonly names: ReadonlyMap<string, string>,
  ) {
    this.now = stretchAt(schedule, overrides, at);
  }

  found(parts: readonly OverridePart[]): FoundShifts {
    const handles = parts.flatMap(({ people, former }) => [...people, ...former]);
    const known = [...new Set(handles)].flatMap((handle) => {
      const name = this.names.get(handle);
      return name === undefined ? [] : [[handle, name]];
    });
    const names = Object.fromEntries(known) as Record<string, string>;
    return { found: 'parts', parts, ...(known.length > 0 && { names }) };
  }

  named(people: Turn): string {
    return people.map((handle) => this.names.get(handle) ?? handle).join(', ');
  }

  partOf(wanted: Exclude<ShiftSearch['wanted'], { kind: 'swap' }>): OverridePart | 'already' {
    const { people, instead } = wanted;
    const until = wanted.until === null ? null : this.#moment(wanted.until);
    if (until !== null && until <= this.at) throw new Refusal(words().duty.isPast(this.written(until)));
    switch (wanted.kind) {
      case 'now':
        if (until === null && this.#isSo(people, instead)) return 'already';
        return this.#runningPart(people, instead, until, wanted.upTo);
      case 'time': {
        const from = Math.max(this.at, this.#moment(wanted.from));
        if (until === null) throw new Refusal(words().duty.untilWhen);
        return this.#timePart(people, instead, from, until);
      }
      case 'shift': {
        const shift = this.#shift(wanted.shift);
        if (until !== null && until <= shift.begin) throw new Refusal(words().duty.noTimeLeft);
        return this.#shiftPart(shift, people, instead, until);
      }
      default:
        return wanted satisfies never;
    }
  }

  #isSo(people: Turn, instead: string | null): boolean {
    const { now } = this;
    if (instead === null) return isSame(now.people, people);
    return !now.people.includes(instead) && people.every((person) => now.people.includes(person));
  }

  swapped(one: string, other: string): readonly OverridePart[] {
    const [first, second] = [this.#shift(one), this.#shift(other)];
    for (const { people, layer, begin } of [first, second])
      if (people.length === 0) throw new Refusal(words().duty.nobodyHasIt(`${layer.name}/${localTime(begin, layer)}`));
    if (isSame(first.people, second.people)) throw new Refusal(words().duty.samePeople(this.named(first.people)));
    return [this.#shiftPart(first, second.people, null, null), this.#shiftPart(second, first.people, null, null)].map(
      (part) => this.uncovered(part),
    );
  }

  /** @throws Refusal where another override would hide it. */
  uncovered(part: OverridePart): OverridePart {
    const from = Math.max(this.at, Date.parse(part.after ?? part.from));
    const [added] = overridesOf({ parts: [part], reason: null, number: 0, by: '', unconfirmed: [] });
    if (added === undefined || part.layer === null) return part;
    const { override } = stretchAt(this.schedule, [...this.overrides, added], from);
    if (override === null || override === added || override.of.kind !== 'time') return part;
    const { live, note } = override;
    throw new Refusal(words().duty.isCovered(live === undefined ? (note ?? 'overrides') : `#${live.number}`));
  }

  /** The shift that runs, from now on; a time where what runs is no shift. */
  #runningPart(people: Turn, instead: string | null, until: number | null, upTo: 'end' | 'any'): OverridePart {
    const { now, at, schedule } = this;
    const layer = schedule.layers.find(({ name }) => name === now.layer);
    const running = now.override?.of.kind === 'time' || layer === undefined ? null : this.#shiftAt(layer, at);
    const end = running?.end ?? now.to;
    if (until === null && end === Infinity) throw new Refusal(words().duty.noEnd);
    if (until !== null && until > end && upTo === 'end') throw new Refusal(words().duty.endsBefore(this.written(end)));
    if (running === null || (until !== null && until > end)) return this.#timePart(people, instead, at, until ?? end);
    return this.#shiftPart(running, people, instead, until);
  }

  /** Null: one that never began or never ends is none. */
  #shiftAt(layer: Layer, at: number): Found | null {
    const segment = segmentOf(this.schedule, layer, at);
    const begin = beginOfShift(this.schedule, layer, segment);
    const end = endOfShift(this.schedule, layer, segment);
    if (segment.turn === null || begin === -Infinity || end === Infinity) return null;
    const all = [...this.schedule.overrides, ...this.overrides];
    const { people } = layerSegment(this.schedule, layer, all, Math.max(begin, this.at));
    return { layer, begin, end, people };
  }

  /** @throws Refusal where there is none, or it is over. */
  #shift(written: string): Found {
    const { schedule } = this;
    const { duty } = words();
    const [when = '', name] = written.split('/').toReversed();
    const names = schedule.layers.map((layer) => layer.name).join(', ');
    if (name === undefined && schedule.layers.length > 1) throw new Refusal(duty.whichLayer(names));
    const layer = name === undefined ? schedule.layers[0] : schedule.layers.find((layer) => layer.name === name);
    if (layer === undefined) throw new Refusal(duty.noLayer(name ?? '', names));
    const [date = '', time] = when.split('T');
    if (Number.isNaN(dayOf(date))) throw new Refusal(duty.noShift(written, ''));
    const midnight = dayOf(date) * DAY;
    const wanted = time === undefined ? midnight : Date.parse(`${date}T${time}Z`);
    const begins = beginsOn(schedule, layer, midnight);
    const nearest = begins.toSorted((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted))[0];
    const found = nearest === undefined ? null : this.#shiftAt(layer, toInstant(nearest, layer.timeZone));
    if (found === null) throw new Refusal(duty.noShift(written, this.#nextBegins(layer, midnight)));
    if (found.end <= this.at) throw new Refusal(duty.isPast(this.written(found.end)));
    return found;
  }

  #nextBegins(layer: Layer, midnight: number): string {
    const days = Array.from({ length: 35 }, (_, day) => midnight + day * DAY);
    const begins = days.flatMap((day) => beginsOn(this.schedule, layer, day)).slice(0, 3);
    return begins.map((begin) => `${layer.name}/${new Date(begin).toISOString().slice(0, 16)}`).join(', ');
  }

  #shiftPart({ layer, begin, end, people: former }: Found, people: Turn, instead: string | null, until: number | null) {
    if (instead !== null && !former.includes(instead)) throw new Refusal(words().duty.notOnDuty(this.named([instead])));
    const before = until !== null && until < end ? until : null;
    return {
      people: [...people],
      instead,
      layer: layer.name,
      shift: localTime(begin, layer),
      from: this.written(Math.max(begin, this.at)),
      until: this.written(before ?? end),
      after: begin < this.at ? this.written(this.at) : null,
      before: before === null ? null : this.written(before),
      former: instead === null ? [...former] : [instead],
    };
  }

  #timePart(people: Turn, instead: string | null, from: number, to: number): OverridePart {
    if (from >= to) throw new Refusal(words().duty.noTimeLeft);
    const { people: former } = stretchAt(this.schedule, this.overrides, from);
    return {
      people: [...people],
      instead,
      layer: null,
      shift: null,
      from: this.written(from),
      until: this.written(to),
      after: null,
      before: null,
      former: instead === null ? [...former] : [instead],
    };
  }

  /** By the clock of the schedule. */
  written(at: number): string {
    return clockAt(at, this.schedule.timeZone);
  }

  #moment(written: string): number {
    const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/.test(written);
    const at = Date.parse(hasOffset ? written : `${written}Z`);
    if (Number.isNaN(at)) throw new Refusal(words().duty.noTime(written));
    return hasOffset ? at : toInstant(at, this.schedule.timeZone);
  }
}

const isSame = (one: Turn, other: Turn): boolean => one.length === other.length && one.every((p, i) => p === other[i]);

const localTime = (at: number, { timeZone }: Layer): string =>
  new Date(toLocal(at, timeZone)).toISOString().slice(0, 16);
