import type { AlertAction, AlertDraft, Severity, Texts } from './alert.js';
import { lookUp, type Field } from './field.js';

export const ACTIONS: Readonly<Record<AlertAction, AlertAction>> = {
  trigger: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
};
export const SEVERITIES: Readonly<Record<Severity, Severity>> = {
  critical: 'critical',
  error: 'error',
  warning: 'warning',
  info: 'info',
};

/** The fields of our own format but for action and key, as they also stand in the data of a CloudEvent. */
export function genericFields(
  fields: Field,
): Omit<AlertDraft, 'action' | 'dedupKey'> & { readonly labels: readonly Texts[] } {
  const severity = lookUp(SEVERITIES, fields.get('severity').text);
  return {
    summary: [fields.get('summary').text],
    ...(severity !== undefined && { severity }),
    parameters: fields.get('parameters').texts,
    labels: [fields.get('labels').texts],
    links: fields.get('links').items.map(({ text }) => text),
    startedAt: fields.get('startedAt').number ?? fields.get('startedAt').text,
    by: fields.get('by').text,
  };
}
