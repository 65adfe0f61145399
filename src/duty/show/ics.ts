/** The final shifts as iCalendar (RFC 5545). */
import { onDuty, stretches } from '../on-duty.js';
import type { Override, Schedule } from '../schedule.js';
import { type Names, turnInWords } from './describe-turn.js';

interface Span {
  readonly from: number;
  readonly to: number;
  /** Only the shifts of this one; null: everybody's. */
  readonly person: string | null;
  /** When the file is made. */
  readonly now: number;
  /** By handle. */
  readonly names: Names;
}

/** Times in UTC; nobody's own calendar becomes busy by them. */
export function icsOf(
  schedule: Schedule,
  overrides: readonly Override[],
  { from, to, person, now, names }: Span,
): string {
  // The first and the last shift are whole.
  const [begin, end] = [onDuty(schedule, overrides, from).from, onDuty(schedule, overrides, to - 1).to];
  const whole = [Number.isFinite(begin) ? begin : from, Number.isFinite(end) ? end : to] as const;
  const events = [...stretches(schedule, overrides, ...whole)]
    .filter(({ people }) => (person === null ? people.length > 0 : people.includes(person)))
    .flatMap(({ people, layer, override, from: begin, to: end }) => [
      'BEGIN:VEVENT',
      // The same shift keeps its id, so that a calendar that reads it again has it once.
      `UID:${schedule.name}-${utc(begin)}-${people.join('-')}@pigeonflow`,
      `DTSTAMP:${utc(now)}`,
      `DTSTART:${utc(begin)}`,
      `DTEND:${utc(end)}`,
      `SUMMARY:${text(`${schedule.name}: ${turnInWords(people, names)}`)}`,
      ...(override?.note == null && layer === null ? [] : [`DESCRIPTION:${text(override?.note ?? layer ?? '')}`]),
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//pigeonflow//schedule//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${text(schedule.name)}`,
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

const utc = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const text = (words: string): string => words.replaceAll(/[\\;,]/g, (mark) => `\\${mark}`);

/** At most 75 bytes a line, and no character cut in two. */
function folded(line: string): string {
  let [out, bytes] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > 75) [out, bytes] = [`${out}\r\n `, 1];
    [out, bytes] = [out + character, bytes + size];
  }
  return out;
}
