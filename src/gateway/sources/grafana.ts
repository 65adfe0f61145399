import { normalWord } from '../../contract/severity.js';
import { alertOfGroup } from '../alert-group.js';
import type { AlertDraft } from '../alert.js';
import { Field } from '../field.js';
import type { Source, SourceReading } from '../source.js';
import { stateOf } from '../state-words.js';
import { withoutData } from '../text.js';

/**
 * Grafana's webhook contact point, and that of its alerting before version 9 (`ruleId`, `state`), which is still met.
 *
 * Source: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const source: Source = {
  read({ body }) {
    const group = Field.object(body);
    if (group.get('groupKey').text === undefined && group.get('ruleId').text !== undefined) return readRule(group);
    const key = group.get('groupKey').required('must be the key of the group, as Grafana sends it');
    const alert = alertOfGroup(group, JSON.stringify([group.get('orgId').text ?? '', key]));
    return { alerts: [{ ...alert, summary: [...ofDatasource(group), ...alert.summary] }] };
  },
};

/** Alerts that Grafana raises where a query fails or finds nothing: else they would sound like the trouble that was looked for. */
function ofDatasource(group: Field): readonly (string | undefined)[] {
  const labels = group.get('commonLabels');
  const annotations = group.get('commonAnnotations');
  const rule = labels.get('rulename').text;
  const headline = annotations.get('summary').text ?? rule;
  switch (labels.get('alertname').text) {
    case 'DatasourceNoData':
      return [withoutData(headline)];
    case 'DatasourceError': {
      const error = annotations.get('Error').text ?? annotations.get('error').text;
      return [
        headline === undefined && error === undefined
          ? undefined
          : ['Datasource error', headline, error].filter((part) => part !== undefined).join(': '),
      ];
    }
    default:
      return [];
  }
}

const CALLS_NOBODY = ['paused', 'pending'];

function readRule(rule: Field): SourceReading {
  const state = rule.get('state').required('must be the state of the rule');
  if (CALLS_NOBODY.includes(state.trim().toLowerCase())) {
    return { alerts: [], ignored: ['the rule is paused or pending'] };
  }
  const action = stateOf(state);
  const tags = rule.get('tags').texts;
  const summary = [rule.get('message').text, rule.get('ruleName').text, rule.get('title').text];
  const alert: AlertDraft = {
    action: action ?? 'trigger',
    ...(action === undefined && { unknownState: state }),
    severityWord: rule.get('tags').get('severity').text,
    dedupKey: JSON.stringify([rule.get('orgId').text ?? '', rule.get('ruleId').text]),
    summary: normalWord(state) === 'nodata' ? summary.map(withoutData) : summary,
    labels: [{ alertname: rule.get('ruleName').text, state }, tags],
    links: [rule.get('ruleUrl').text, rule.get('imageUrl').text],
  };
  return { alerts: [alert] };
}
