/** How bad it is, from bad to good. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const isMoreSevere = (one: Severity, other: Severity): boolean =>
  SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other);

/** What people and tools write for each, in every source, file and request. Bare numbers are not here: each tool counts its own way. */
export const SEVERITY_WORDS: Readonly<Record<Severity, readonly string[]>> = {
  critical: listed(`critical, crit, fatal, emergency, emerg, panic, disaster, alert, page, blocker, urgent, severe,
    p0, p1, s0, s1, sev0, sev1, 緊急, 重大, 致命的, 致命的な障害, 危険`),
  error: listed('error, err, high, major, p2, s2, sev2, 障害, 重度, 重度の障害, エラー, 異常'),
  warning: listed('warning, warn, average, medium, minor, ticket, p3, s3, sev3, 警告, 注意, 警戒, 軽度の障害'),
  info: listed(`info, information, informational, notice, low, none, ok, debug, p4, p5, s4, sev4, not classified,
    情報, 通知`),
};

function listed(words: string): readonly string[] {
  return words.split(/,\s+/);
}

/** Far longer than any word of a table. */
const MAX_WORD_LENGTH = 500;
const KNOWN: Readonly<Record<string, Severity>> = Object.fromEntries(
  SEVERITIES.flatMap((severity) => SEVERITY_WORDS[severity].map((word) => [normalWord(word), severity] as const)),
);

/** A word of people as the tables have it: NFKC, in small letters, without blanks, underscores and hyphens. */
export function normalWord(word: string): string {
  return word
    .slice(0, MAX_WORD_LENGTH)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\p{Pd}\p{Cf}]+/gu, '');
}

/** What this word says; undefined when no table knows it, and then the louder reading is `error`. */
export function knownSeverity(word: string | undefined): Severity | undefined {
  const normal = normalWord(word ?? '');
  return Object.hasOwn(KNOWN, normal) ? KNOWN[normal] : undefined;
}

/** As an incident takes it: a word that nobody knows is `error`, as is none at all. */
export function severityOf(word: string | undefined): Severity {
  return knownSeverity(word) ?? 'error';
}
