import type { AlertDraft, Texts } from './alert.js';
import type { Field } from './field.js';
import { worstWord } from './severity.js';

const STATUS = { firing: 'trigger', resolved: 'resolve' } as const;
/** Each of these alerts gives its links; of hundreds nobody follows them. */
const LINKED_ALERTS = 5;
const HEADLINES = ['summary', 'title', 'description', 'message'];

/**
 * A group of alerts as Alertmanager and Grafana send it: one alert of ours. The group is over when all of it is, which
 * the sender says; resolved alerts of a group that still fires are left out.
 */
export function alertOfGroup(group: Field, dedupKey: string): AlertDraft {
  const action = group.get('status').oneOf(STATUS);
  const all = group.get('alerts').items;
  const firing = all.filter((alert) => alert.get('status').text === 'firing');
  const shown = firing.length > 0 ? firing : all;
  const [first] = shown;
  const labels = {
    ...(shown.length === 1 && first?.get('labels').texts),
    ...group.get('commonLabels').texts,
    ...group.get('groupLabels').texts,
  };
  const severityWord =
    shown.length === 0
      ? labels['severity']
      : worstWord(shown.map((alert) => alert.get('labels').get('severity').text ?? labels['severity']));
  const truncated = group.get('truncatedAlerts').number ?? 0;
  return {
    action,
    dedupKey,
    summary: [
      ...headlines(group.get('commonAnnotations')),
      ...(first === undefined ? [] : headlines(first.get('annotations'))),
      group.get('title').text,
      described(labels),
    ],
    severityWord,
    labels: [labels, { alertCount: String(shown.length + truncated) }],
    links: [
      group.get('externalURL').text,
      ...[group.get('commonAnnotations'), ...shown.map((alert) => alert.get('annotations'))]
        .slice(0, LINKED_ALERTS + 1)
        .map((annotations) => annotations.get('runbook_url').text),
      ...shown
        .slice(0, LINKED_ALERTS)
        .flatMap((alert) => ['generatorURL', 'dashboardURL', 'panelURL'].map((name) => alert.get(name).text)),
    ],
    startedAt: earliest(shown),
  };
}

function headlines(annotations: Field): readonly (string | undefined)[] {
  return HEADLINES.map((name) => annotations.get(name).text);
}

/** `DiskFull cluster=tokyo`, for groups without annotations. */
function described({ alertname, ...others }: Texts): string {
  const pairs = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [...(alertname === undefined ? [] : [alertname]), ...pairs].join(' ');
}

function earliest(alerts: readonly Field[]): string | undefined {
  let found: string | undefined;
  for (const alert of alerts) {
    const { text } = alert.get('startsAt');
    if (text !== undefined && !(Date.parse(text) >= Date.parse(found ?? ''))) found = text;
  }
  return found;
}
