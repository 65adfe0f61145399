/** What `npm audit --json` says of the packages of the product. */
export type Audit =
  | { readonly kind: 'asked'; readonly grave: readonly string[]; readonly others: readonly string[] }
  /** No network, or a registry without this service. */
  | { readonly kind: 'unavailable'; readonly why: string };

const GRAVE = ['high', 'critical'];

export function readAudit(output: string, product: ReadonlySet<string>): Audit {
  let said: unknown;
  try {
    said = JSON.parse(output);
  } catch {
    return { kind: 'unavailable', why: 'npm audit gave no JSON' };
  }
  const { vulnerabilities, message, error } = said as Partial<Report>;
  if (vulnerabilities === undefined) {
    return { kind: 'unavailable', why: message ?? error?.summary ?? 'npm audit gave no report' };
  }
  const found = Object.values(vulnerabilities).filter(({ name }) => product.has(name));
  const named = (grave: boolean) =>
    found
      .filter(({ severity }) => GRAVE.includes(severity) === grave)
      .map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return { kind: 'asked', grave: named(true), others: named(false) };
}

interface Report {
  readonly vulnerabilities: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
  readonly message: string;
  readonly error: { readonly summary?: string };
}
