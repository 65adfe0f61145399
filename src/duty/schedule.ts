/** A schedule with every default filled in. Dates are `2026-12-01`, times without a zone are those of the layer. */
import type { Local } from './zone.js';

export interface Schedule {
  readonly name: string;
  readonly timeZone: string;
  /** A later one covers the earlier ones while it has somebody. */
  readonly layers: readonly Layer[];
  /** Those that are planned, in the file. */
  readonly overrides: readonly Override[];
  /** By date. */
  readonly holidays: ReadonlyMap<string, string>;
  /** The last day of which each of its calendars knows whether it is a holiday; null: it has none. */
  readonly holidaysKnownUntil: string | null;
  /** When somebody must be on duty; null: always. */
  readonly required: readonly Window[] | null;
}

/** Handles of those who are on duty at once, in the order in which they are called. Nobody: a pause. */
export type Turn = readonly string[];

export interface Layer {
  readonly name: string;
  readonly timeZone: string;
  /** Null: always. */
  readonly when: readonly Window[] | null;
  /** Null: the only turn lasts for ever. */
  readonly rotation: Rotation | null;
  readonly turns: readonly Turn[];
  readonly changes: readonly Change[];
  /** In place of turns. */
  readonly calendar?: { readonly source: CalendarSource; readonly shifts: CalendarShifts | null };
}

/** An iCalendar file: its path, or the path of a file that holds its address, which is a secret. As it is written. */
export type CalendarSource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'address'; readonly path: string };

/** What a calendar says of a time: outside of it nothing is known. Milliseconds since 1970. */
export interface CalendarShifts {
  readonly from: number;
  readonly to: number;
  /** In order, never two at once. */
  readonly shifts: readonly CalendarShift[];
}

export interface CalendarShift {
  readonly from: number;
  readonly to: number;
  readonly people: Turn;
}

/** Time of each day that matches, or from it on. */
export interface Window {
  readonly days: Days;
  /** Milliseconds after the midnight with which the day begins; `to` may be on a later day. */
  readonly from: number;
  readonly to: number;
}

export interface Days {
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Every holiday as well. */
  readonly holiday: boolean;
  /** Monday to Friday as well, where it is no holiday. */
  readonly workday: boolean;
}

export interface Rotation {
  readonly unit: 'hours' | 'days' | 'weeks' | 'months';
  /** So many units are one turn; with `when` only those in which there is a shift. */
  readonly count: number;
  /** Of `weeks`: 0 is Sunday. Of `months`: the day of the month; a month that is shorter has it on its last. */
  readonly day: number;
  /** Of the hand-off, in milliseconds after midnight. */
  readonly time: number;
  /** The first turn begins on this date, at the time of the hand-off. */
  readonly from: string;
}

/** From the first hand-off on or after `from` these are the turns; who follows the one on duty then does so as before. */
export interface Change {
  readonly from: Local;
  readonly turns: readonly Turn[];
}

export interface Override {
  readonly people: Turn;
  readonly note: string | null;
  readonly of: OverriddenTime | OverriddenShift;
  /** They have not confirmed it: those whom they replace are next in line. */
  readonly unconfirmed?: true;
  /** It is not in the file: made while the schedule was in use. */
  readonly live?: { readonly number: number; readonly by: string };
}

export interface OverriddenTime {
  readonly kind: 'time';
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Only where this person would be on duty, in whose place they are; null: in place of all who would be. */
  readonly instead: string | null;
}

/** The shift of a layer that begins on this date, whenever that is; of several the one nearest to `time`. */
export interface OverriddenShift {
  readonly kind: 'shift';
  readonly layer: string;
  readonly date: string;
  readonly time: number | null;
  /** As of a time. */
  readonly instead?: string;
  /** Only this part of it. Milliseconds since 1970. */
  readonly after?: number;
  readonly before?: number;
}

/** In milliseconds, where no clock is changed. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Days since 1970. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00Z`) / DAY;
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
