import { SEVERITY_ORDER, type Severity } from './alert.js';
import { lookUp } from './field.js';

/** Words that people write into the label `severity`, where no tool prescribes them. */
export const WRITTEN_SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  disaster: 'critical',
  page: 'critical',
  p1: 'critical',
  sev1: 'critical',
  error: 'error',
  high: 'error',
  major: 'error',
  p2: 'error',
  sev2: 'error',
  warning: 'warning',
  warn: 'warning',
  average: 'warning',
  medium: 'warning',
  minor: 'warning',
  p3: 'warning',
  sev3: 'warning',
  info: 'info',
  informational: 'info',
  information: 'info',
  notice: 'info',
  low: 'info',
  none: 'info',
  ok: 'info',
  p4: 'info',
  p5: 'info',
};

/** The worst of these words; undefined when the table knows none of them. */
export function worstOf(
  words: readonly (string | undefined)[],
  table: Readonly<Record<string, Severity>>,
): Severity | undefined {
  const found = new Set(words.map((word) => lookUp(table, word)));
  return SEVERITY_ORDER.find((severity) => found.has(severity));
}
