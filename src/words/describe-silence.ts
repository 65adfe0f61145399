import type { Silence } from '../contract/silence-schema.js';
import { minute, zoneName } from './clock.js';
import { words } from './words.js';

/** For which alerts a silence is: `service=web, team=db`. */
const whatItSilences = ({ labels, integration }: Pick<Silence, 'labels' | 'integration'>): string =>
  [
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ...(integration === null ? [] : [words().silence.fromIntegration(integration)]),
  ].join(', ');

/** Which one it is, for what, until when, by whom and why. */
export function describeSilence(silence: Silence): string {
  const { number, by, reason, until, critical } = silence;
  const when = `${minute(until)} ${zoneName(until)}`;
  return words().silence.description(number, whatItSilences(silence), when, by, reason, critical);
}

export const silenceColumns = (): readonly string[] => words().silence.columns;

export const silenceRow = (silence: Silence): readonly string[] => [
  String(silence.number),
  whatItSilences(silence) + (silence.critical ? words().silence.andCritical : ''),
  `${minute(silence.until)} ${zoneName(silence.until)}`,
  silence.by,
  silence.reason,
];
