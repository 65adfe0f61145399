import type { AlertDraft, Source, SourceReading, Texts } from '../alert.js';
import { Field, lookUp } from '../field.js';
import { stateOf } from '../state-words.js';

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

const STATUS: Readonly<Record<string, 'trigger' | 'resolve'>> = { firing: 'trigger', resolved: 'resolve' };
const HEADLINES = ['summary', 'title', 'description', 'message'];

/**
 * A group of alerts as Alertmanager and Grafana send it. Each of its alerts is kept, since rules judge each of them; the
 * group as a whole is what they are together.
 *
 * @param leftOut How many of its alerts were not read, since the body is too large.
 * @param first What an alert is about, before its annotations are asked.
 */
export function readGroup(
  group: Field,
  dedupKey: string,
  leftOut: number,
  first: (alert: Field) => readonly (string | undefined)[] = () => [],
): SourceReading {
  const word = group.get('status').text;
  const state = stateOf(word);
  const status = state === 'resolve' ? 'resolve' : 'trigger';
  const truncated = Math.max(0, group.get('truncatedAlerts').number ?? 0);
  const written = group.get('alerts').items;
  // The template of a sender may leave all of them out.
  const alerts = written.length > 0 ? written : [group.get('alert')];
  const actions = alerts.map((alert) => {
    return lookUp(STATUS, alert.get('status').text) ?? status;
  });
  const isOver = !actions.includes('trigger') && status === 'resolve';
  if (isOver && truncated > 0) {
    // Alertmanager takes the status from what it has not cut.
    return { alerts: [], ignored: ['the sender has cut the group, so it is not known whether all of it is over'] };
  }
  const isContradictory = !isOver && !actions.includes('trigger');
  const members = alerts.map((alert, index) => ({
    ...readMember(alert, group, isContradictory ? 'trigger' : (actions[index] ?? status), dedupKey, first),
    // Once for the group.
    ...(state === undefined && index === 0 && { unknownState: word ?? 'no status' }),
  }));
  return {
    alerts: [
      {
        action: isOver ? 'resolve' : 'trigger',
        dedupKey,
        summary: [],
        group: { members, labels: group.get('groupLabels').texts, leftOut: leftOut + truncated },
      },
    ],
  };
}

function readMember(
  alert: Field,
  group: Field,
  action: 'trigger' | 'resolve',
  dedupKey: string,
  first: (alert: Field) => readonly (string | undefined)[],
): AlertDraft {
  const labels = {
    ...alert.get('labels').texts,
    ...group.get('commonLabels').texts,
    ...group.get('groupLabels').texts,
  };
  const annotations = [alert.get('annotations'), group.get('commonAnnotations')];
  return {
    action,
    dedupKey,
    summary: [...first(alert), ...annotations.flatMap(headlines), group.get('title').text, described(labels)],
    severityWord: labels['severity'],
    labels: [labels],
    links: [
      group.get('externalURL').text,
      ...annotations.map((part) => part.get('runbook_url').text),
      ...['generatorURL', 'dashboardURL', 'panelURL'].map((name) => alert.get(name).text),
    ],
    startedAt: alert.get('startsAt').text,
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
