/** What `npm audit --json` found, or why nobody was asked: no network, or a registry without this service. */
export function readAudit(output: string): { readonly found: readonly string[] } | { readonly why: string } {
  let said: unknown;
  try {
    said = JSON.parse(output);
  } catch {
    return { why: 'npm audit gave no JSON' };
  }
  const { vulnerabilities, message, error } = said as Partial<Report>;
  if (vulnerabilities === undefined) return { why: message ?? error?.summary ?? 'npm audit gave no report' };
  return {
    found: Object.values(vulnerabilities).map(({ name, severity, range }) => `${name} ${range}: ${severity}`),
  };
}

interface Report {
  readonly vulnerabilities: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
  readonly message: string;
  readonly error: { readonly summary?: string };
}
