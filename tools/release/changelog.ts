/** What the changelog has of one version. */
export interface ChangelogEntry {
  /** `2026-11-30` */
  readonly date: string;
  /** Without its heading. */
  readonly body: string;
}

const HEADING = /^## \[(?<version>[^\]]+)\](?: - (?<date>\d{4}-\d\d-\d\d))?$/;

/** Null where the version has no heading with a date, or nothing below it. */
export function entryOf(changelog: string, version: string): ChangelogEntry | null {
  const lines = changelog.split('\n');
  const begins = lines.findIndex((line) => HEADING.exec(line)?.groups?.['version'] === version);
  const date = HEADING.exec(lines[begins] ?? '')?.groups?.['date'];
  if (date === undefined) return null;
  const rest = lines.slice(begins + 1);
  const ends = rest.findIndex((line) => line.startsWith('## '));
  const body = (ends === -1 ? rest : rest.slice(0, ends)).join('\n').trim();
  return body === '' ? null : { date, body };
}

/** What is listed as not released yet. */
export function unreleased(changelog: string): string {
  const [, after = ''] = changelog.split('\n## [Unreleased]\n');
  return (after.split('\n## ')[0] ?? '').trim();
}
