import type { Severity } from '../alert.js';
import { Field, lookUp } from '../field.js';
import type { Source } from '../source.js';

/** The names that AlertHub gives to the statuses of a scope, and what people may rename them to. */
const OVER = ['正常', '復旧', 'normal', 'ok', 'resolved'];
const SEVERITIES: Readonly<Record<string, Severity>> = {
  障害: 'critical',
  異常: 'critical',
  警戒: 'warning',
  警告: 'warning',
  注意: 'info',
  critical: 'critical',
  error: 'error',
  warning: 'warning',
};

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
    const severity = lookUp(SEVERITIES, status);
    const name = scope.get('scopeName').text;
    const alert = {
      action: OVER.includes(status.trim().toLowerCase()) ? ('resolve' as const) : ('trigger' as const),
      dedupKey,
      summary: [scope.get('summary').text, `${name ?? dedupKey} ${status}`],
      ...(severity !== undefined && { severity }),
      parameters: scope.get('parameters').texts,
      labels: [{ scope: name, status, message: scope.get('message').text }, scope.get('labels').texts],
      links: [scope.get('link').text],
      startedAt: scope.get('startedAt').number ?? scope.get('startedAt').text,
    };
    return { alerts: [alert] };
  },
};
