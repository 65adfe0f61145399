import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Measured } from './measure.js';

/** What one fault came to, once: one line of the file of results. */
export interface RowResult {
  readonly fault: string;
  /** From 1. */
  readonly repeat: number;
  /** RFC 3339. */
  readonly at: string;
  /** Version of the Temporal server. */
  readonly server: string;
  readonly runs: readonly Measured[];
  /** What is wrong; empty in a good row. */
  readonly problems: readonly string[];
}

/** A file to which rows are appended, so that a command that was interrupted goes on where it stopped. */
export class Results {
  readonly rows: RowResult[];

  constructor(readonly file: string) {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    this.rows = lines
      .filter((line) => line.endsWith('}')) // the last may have been cut off
      .map((line) => JSON.parse(line) as RowResult)
      .filter(({ runs }) => runs.length > 0); // what could not be played is played again
    mkdirSync(dirname(file), { recursive: true });
  }

  has(fault: string, repeat: number): boolean {
    return this.rows.some((row) => row.fault === fault && row.repeat === repeat);
  }

  add(row: RowResult): void {
    this.rows.push(row);
    appendFileSync(this.file, `${JSON.stringify(row)}\n`);
  }
}
