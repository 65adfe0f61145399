import type { InternalAlert } from '../alerts/alert.js';

/** What a template of a rule may ask for beside `labels.…` and `parameters.…`. */
export const PLACEHOLDERS = ['summary', 'severity', 'source', 'integration', 'startedAt', 'link'] as const;
type Plain = (typeof PLACEHOLDERS)[number];

const WRITTEN = /\{\{([^{}]*)\}\}/g;
const NAMED = /^(labels|parameters)\.(.+)$/s;

export function isPlaceholder(name: string): boolean {
  return isPlain(name) || NAMED.test(name);
}

function isPlain(name: string): name is Plain {
  return PLACEHOLDERS.some((known) => known === name);
}

export interface Filled {
  readonly text: string;
  /** Placeholders for which the alert has no value; they read as nothing. */
  readonly missing: readonly string[];
}

/** A template of a rule with the values of an alert in it. Placeholders within the values stay as they are. */
export function fill(template: string, alert: InternalAlert, integration: string): Filled {
  const missing: string[] = [];
  const text = template.replaceAll(WRITTEN, (_, inner: string) => {
    const value = valueOf(inner.trim(), alert, integration);
    if (value === undefined) missing.push(inner.trim());
    return value ?? '';
  });
  return { text, missing };
}

function valueOf(name: string, alert: InternalAlert, integration: string): string | undefined {
  if (isPlain(name)) return plainValue(name, alert, integration);
  const [, kind, key = ''] = NAMED.exec(name) ?? [];
  const values = kind === 'labels' ? alert.labels : kind === 'parameters' ? alert.parameters : {};
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function plainValue(name: Plain, alert: InternalAlert, integration: string): string | undefined {
  switch (name) {
    case 'summary':
    case 'severity':
    case 'source':
      return alert[name];
    case 'startedAt':
      return alert.startedAt ?? undefined;
    case 'link':
      return alert.links[0];
    case 'integration':
      return integration;
    default:
      return name satisfies never;
  }
}
