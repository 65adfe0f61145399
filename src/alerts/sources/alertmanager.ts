import { readGroup, type Source } from '../source.js';
import { Field } from '../field.js';

/**
 * Prometheus Alertmanager's webhook, version 4. Alertmanager repeats a group while any of its alerts fires, and says once
 * of each alert that it is over.
 *
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const source: Source = {
  longList: 'alerts',
  senderOf: ({ body }) => Field.object(body).get('externalURL').text,
  read({ body, leftOut = 0 }) {
    const group = Field.object(body);
    const key = group.get('groupKey').required('must be the key of the group, as Alertmanager sends it');
    return readGroup(group, key, leftOut);
  },
};
