import { displayWidth } from './display-width.js';
import { maskPrivate } from './mask-private.js';
import type { Problem, Severity } from './problem.js';
import { Lines } from './locate.js';

/** A problem as programs read it. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface ReportedProblem {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Which part of the policy: `steps.primary.keys.1`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function reportProblem({ severity, code, message, place }: Problem, source: string): ReportedProblem {
  const lines = new Lines(source);
  const start = lines.at(place.start);
  const end = lines.at(Math.max(place.start, place.end));
  return {
    severity,
    code,
    message,
    path: place.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

/**
 * For people and editors: `file:line:column: error: …`, the line of the file, and a caret under the place. Telephone
 * numbers and keys in the line are masked.
 */
export function describeProblem(problem: Problem, file: string, source: string): string {
  const { severity, message, line, column, endLine, endColumn } = reportProblem(problem, source);
  const head = `${file}:${line}:${column}: ${severity}: ${message}`;
  const written = source.replace(/^\uFEFF/, '').split(/\r?\n/)[line - 1] ?? '';
  // Tabs have no width of their own, and other control characters would act on the terminal.
  const text = written.replaceAll(/\p{Cc}/gu, ' ');
  if (text.trim() === '') return head;
  const excerpt = excerptOf(maskPrivate(text), column - 1);
  const marked = endLine === line ? endColumn - column : text.length - column + 1;
  const before = excerpt.text.slice(0, excerpt.column);
  const under = excerpt.text.slice(excerpt.column, excerpt.column + Math.max(1, marked)).trimEnd();
  const number = String(line).padStart(4);
  const caret = `${' '.repeat(displayWidth(before))}${'^'.repeat(Math.max(1, displayWidth(under)))}`;
  return `${head}\n${number} | ${excerpt.text}\n     | ${caret}`;
}

const LONGEST_EXCERPT = 110;
const KEPT_BEFORE = 20;

/** A long line would wrap in a terminal, and the caret would point nowhere. */
function excerptOf(line: string, column: number): { readonly text: string; readonly column: number } {
  const fits = displayWidth(line) <= LONGEST_EXCERPT || displayWidth(line.slice(0, column)) < LONGEST_EXCERPT / 2;
  const start = fits ? 0 : column - KEPT_BEFORE;
  const before = start > 0 ? '…' : '';
  let text = '';
  for (const character of line.slice(start)) {
    if (displayWidth(text) >= LONGEST_EXCERPT)
      return { text: `${before}${text}…`, column: column - start + before.length };
    text += character;
  }
  return { text: before + text, column: column - start + before.length };
}
