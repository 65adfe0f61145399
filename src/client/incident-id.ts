import { createHash } from 'node:crypto';

/** By what an alert is told to be the same incident as another. */
export interface IncidentKey {
  /** The tool that reports; default none. */
  readonly source?: string;
  /** Why this policy: its name, or that of the rule which chose it. Readable in the id. */
  readonly route: string;
  readonly dedupKey: string;
}

const MAX_SLUG_LENGTH = 60;

/**
 * The workflow id of the incident to which an alert belongs: `incident/<route>-<12 hex digits>`. The digits are the first
 * of the SHA-256 of the JSON `[source, route, dedupKey]` in UTF-8, without spaces, where no source is `""`. The key itself
 * never is in an id, since it may be personal.
 */
export function incidentId({ source = '', route, dedupKey }: IncidentKey): string {
  const hash = createHash('sha256').update(JSON.stringify([source, route, dedupKey]));
  return `incident/${slug(route)}-${hash.digest('hex').slice(0, 12)}`;
}

/** A route may be named in any script; what is left of it in an id is plain. */
function slug(route: string): string {
  const plain = route.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.slice(0, MAX_SLUG_LENGTH).replaceAll(/^-+|-+$/g, '') || 'route';
}

/** As many whole characters as fit into so many bytes. */
export const firstBytes = (text: string, max: number): string =>
  new TextDecoder().decode(Buffer.from(text).subarray(0, max), { stream: true });
