import { normalWord } from '../../contract/severity.js';
import type { AlertDraft, Source, SourceReading } from '../alert.js';
import { readGroup } from './alertmanager.js';
import { Field } from '../field.js';
import { stateOf } from '../state-words.js';
import { withoutData } from '../text.js';

/**
 * Grafana's webhook contact point, and that of its alerting before version 9 (`ruleId`, `state`), which is still met.
 *
 * Source: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const source: Source = {
  longList: 'alerts',
  senderOf: ({ body }) => Field.object(body).get('externalURL').text,
  read({ body, leftOut = 0 }) {
    const group = Field.object(body);
    if (group.get('groupKey').text === undefined && group.get('ruleId').text !== undefined) return readRule(group);
    const key = group.get('groupKey').required('must be the key of the group, as Grafana sends it');
    const id = JSON.stringify([group.get('orgId').text ?? '', key]);
    return readGroup(group, id, leftOut, (alert) => ofDatasource(alert, group));
  },
};

/** Alerts that Grafana raises where a query fails or finds nothing: else they would sound like the trouble that was looked for. */
function ofDatasource(alert: Field, group: Field): readonly (string | undefined)[] {
  const label = (name: string) => alert.get('labels').get(name).text ?? group.get('commonLabels').get(name).text;
  const annotation = (name: string) =>
    alert.get('annotations').get(name).text ?? group.get('commonAnnotations').get(name).text;
  const headline = annotation('summary') ?? label('rulename');
  switch (label('alertname')) {
    case 'DatasourceNoData':
      return [withoutData(headline)];
    case 'DatasourceError': {
      const error = annotation('Error') ?? annotation('error');
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
