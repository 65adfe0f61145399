import type { Severity } from '../contract/severity.js';

export type { Severity };

/** What is known of the trouble, and is compared when it is reported again. */
export interface Alert {
  readonly summary: string;
  readonly severity: Severity;
  /** Fill {{name}} in the texts of the calls that are placed from now on. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Characters of JSON. */
export const sizeOf = (parameters: Alert['parameters']): number => JSON.stringify(parameters ?? {}).length;
