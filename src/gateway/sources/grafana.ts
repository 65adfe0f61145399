import { readGroup } from '../alert-group.js';
import type { AlertDraft } from '../alert.js';
import { Field } from '../field.js';
import type { Source, SourceReading } from '../source.js';

/**
 * Grafana's webhook contact point, and that of its alerting before version 9 (`ruleId`, `state`), which is still met.
 *
 * Source: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const source: Source = {
  longList: 'alerts',
  read({ body, leftOut = 0 }) {
    const group = Field.object(body);
    if (group.get('groupKey').text === undefined && group.get('ruleId').text !== undefined) return readRule(group);
    const key = group.get('groupKey').required('must be the key of the group, as Grafana sends it');
    return readGroup(group, JSON.stringify([group.get('orgId').text ?? '', key]), leftOut);
  },
};

const STATES = {
  alerting: 'trigger',
  no_data: 'trigger',
  ok: 'resolve',
  paused: 'ignored',
  pending: 'ignored',
} as const;

function readRule(rule: Field): SourceReading {
  const action = rule.get('state').oneOf(STATES);
  if (action === 'ignored') return { alerts: [], ignored: ['the rule is paused or pending'] };
  const alert: AlertDraft = {
    action,
    dedupKey: JSON.stringify([rule.get('orgId').text ?? '', rule.get('ruleId').text]),
    summary: [rule.get('message').text, rule.get('ruleName').text, rule.get('title').text],
    labels: [{ alertname: rule.get('ruleName').text, state: rule.get('state').text }, rule.get('tags').texts],
    links: [rule.get('ruleUrl').text, rule.get('imageUrl').text],
  };
  return { alerts: [alert] };
}
