import type { AlertDraft, Severity, Source } from '../alert.js';
import { Field, lookUp } from '../field.js';

/** Of its own words; the others are in the table of all. */
const SEVERITIES: Readonly<Record<string, Severity>> = { unknown: 'error' };

/**
 * Mackerel's webhook. Only alerts call people: the test button and notices of hosts that changed do not.
 *
 * Source: https://mackerel.io/docs/entry/howto/alerts/webhook
 */
export const source: Source = {
  read({ body }) {
    const notice = Field.object(body);
    if (notice.get('event').required('must say what happened, such as "alert"') !== 'alert') {
      return { alerts: [], ignored: ['this event of Mackerel is no alert'] };
    }
    return { alerts: [readAlert(notice)] };
  },
};

function readAlert(notice: Field): AlertDraft {
  const alert = notice.get('alert');
  const host = notice.get('host');
  const org = notice.get('orgName').text;
  const status = alert.get('status').text;
  // A query monitor has its own labels in the place of host and service.
  const measured = notice.get('metric').get('labels').texts;
  const service = notice.get('service').get('name').text ?? measured['service.name'];
  const isOpen = alert.get('isOpen').value;
  if (typeof isOpen !== 'boolean') throw alert.get('isOpen').unfit('must be true or false');
  const monitor = alert.get('monitorName').text;
  const subject = host.get('name').text ?? service;
  const message = notice.get('message').text;
  return {
    action: isOpen ? 'trigger' : 'resolve',
    dedupKey: JSON.stringify([org ?? '', alert.get('id').required('must be the id of the alert')]),
    summary: [[subject, monitor ?? message].filter((text) => text !== undefined).join(' ')],
    severity: lookUp(SEVERITIES, status),
    severityWord: status,
    labels: [
      {
        org,
        status,
        monitor,
        host: host.get('name').text,
        service,
        roles: host.get('roles').items.flatMap((role) => role.get('fullname').text ?? []),
        type: notice.get('type').text,
        trigger: alert.get('trigger').text,
        message,
        metric: notice.get('metric').get('name').text ?? alert.get('metricLabel').text,
        value: alert.get('metricValue').text,
        memo: notice.get('memo').text,
      },
      measured,
    ],
    links: [alert.get('url').text, host.get('url').text, notice.get('imageUrl').text],
    startedAt: alert.get('openedAt').number ?? alert.get('createdAt').number,
  };
}
