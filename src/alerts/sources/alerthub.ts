import type { Severity, Source } from '../alert.js';
import { Field, lookUp } from '../field.js';
import { stateOf } from '../state-words.js';

/** The worst of the statuses that AlertHub gives to a scope: there nothing is above them. */
const SEVERITIES: Readonly<Record<string, Severity>> = { 障害: 'critical', 異常: 'critical' };

/**
 * Kompira AlertHub, through the body of a webhook action that we publish: the fields below, filled in with mustache. A scope
 * is one trouble: it is over when its status is normal again.
 *
 * Source: https://fixpoint.github.io/alerthub-manual/
 */
export const source: Source = {
  read({ body }) {
    const scope = Field.object(body);
    const dedupKey = scope.get('scopeId').required('must be the id of the scope');
    const status = scope.get('status').required('must be the status of the scope, such as "障害" or "正常"');
    const action = stateOf(status);
    const name = scope.get('scopeName').text;
    const alert = {
      action: action ?? 'trigger',
      dedupKey,
      summary: [scope.get('summary').text, `${name ?? dedupKey} ${status}`],
      severity: lookUp(SEVERITIES, status),
      // The status of what is over has no severity.
      severityWord: action === 'resolve' || action === 'acknowledge' ? undefined : status,
      parameters: scope.get('parameters').texts,
      labels: [{ scope: name, status, message: scope.get('message').text }, scope.get('labels').texts],
      links: [scope.get('link').text],
      startedAt: scope.get('startedAt').number ?? scope.get('startedAt').text,
    };
    return { alerts: [alert] };
  },
};
