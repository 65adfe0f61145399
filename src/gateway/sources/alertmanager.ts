import { alertOfGroup } from '../alert-group.js';
import { Field } from '../field.js';
import type { Source } from '../source.js';

/**
 * Prometheus Alertmanager's webhook, version 4. One group is one alert: Alertmanager repeats it while any of its alerts
 * fires, and says when none does.
 *
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const source: Source = {
  read({ body }) {
    const group = Field.object(body);
    const key = group.get('groupKey').required('must be the key of the group, as Alertmanager sends it');
    return { alerts: [alertOfGroup(group, key)] };
  },
};
