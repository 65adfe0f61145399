import type { Severity } from './alert.js';

const FROM_THE_WORST: readonly Severity[] = ['critical', 'error', 'warning', 'info'];

export const isMoreSevere = (one: Severity, other: Severity): boolean =>
  FROM_THE_WORST.indexOf(one) < FROM_THE_WORST.indexOf(other);
