import type { Opening, Update } from '../policy/incident-event.js';
import type { StepCall } from '../policy/policy.js';
import { type Behaviour, parseBehaviour, parseRunBehaviour, type RunBehaviour } from './behaviour.js';
import { Field } from './field.js';
import { parseOperatorAct, SEVERITIES } from './operator-act.js';

export type Parameters = NonNullable<StepCall['parameters']>;

/**
 * What happens around an incident in a simulation. Times are milliseconds after the opening. Written in JSON or YAML,
 * every field optional:
 *
 * ```yaml
 * incident: { summary: disk full, severity: error, until: resolved, parameters: { server: web-1 } }
 * calls:                             # the n-th call takes the n-th entry, later calls the last; others: silence
 *   田中: [silence, 1 after 8s]       # by the contact's name,
 *   "0300000002": busy               # by telephone number,
 *   049de6fc-…: 1 after 20s          # or by the id of a stored call flow
 * operator:
 *   - { at: 10m, do: acknowledge, by: sato, note: on it, takeOver: true }
 *   - { at: 11m, do: resolve, by: sato }
 *   - { at: 12m, do: escalate, to: manager, from: primary, by: sato }
 *   - { at: 13m, do: snooze, for: 30m, by: sato }
 *   - { at: 14m, do: hangUp, by: sato }
 *   - { at: 15m, do: alert, summary: disk full on two servers, severity: critical }
 * outages: [{ from: 5m, to: 25m, reason: the token has expired }]   # of the space: calls are blocked
 * restarts: [7m]                     # of the worker: shown, and changes nothing
 * runs: { restartWeb: ends after 30s }   # workflows of keys: ends, fails, hangs; a list is one for each start
 * horizon: 7d                        # the simulation stops there
 * ```
 *
 * What a telephone call comes to: a key (`1`, `1 after 8s`), `silence`, `busy`, `machine` (an answering machine); what
 * the whole run comes to: `refused`, `unknown`, `rejected`, `aborted`, `timedOut`. Each may have a time.
 */
export interface Script {
  readonly opening: Omit<Opening, 'at'>;
  readonly parameters: Parameters;
  readonly calls: Readonly<Record<string, readonly Behaviour[]>>;
  readonly operator: readonly Update[];
  readonly outages: readonly Outage[];
  readonly restarts: readonly number[];
  readonly runs: Readonly<Record<string, readonly RunBehaviour[]>>;
  readonly horizon: number;
}

export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/**
 * Reads a script from what JSON or YAML made of it.
 *
 * @throws ScriptError for the first field that is wrong, with its path.
 */
export function parseScript(value: unknown): Script {
  const script = new Field(value);
  const { incident, ...fields } = script.object(
    ...(['incident', 'calls', 'operator', 'outages', 'restarts', 'runs', 'horizon'] as const),
  );
  const { summary, severity, until, parameters } = incident.object('summary', 'severity', 'until', 'parameters');
  return {
    opening: {
      alert: { summary: summary.optionalText() ?? 'simulated incident', severity: severity.word(SEVERITIES, 'error') },
      until: until.word(['resolved', 'acknowledged'], 'resolved'),
    },
    parameters: Object.fromEntries(parameters.entries().map(([name, field]) => [name, parameter(field)])),
    calls: inTurn(fields.calls, parseBehaviour),
    operator: fields.operator.list().map(parseOperatorAct),
    outages: fields.outages.list().map(parseOutage),
    restarts: fields.restarts.list().map((field) => field.milliseconds()),
    runs: inTurn(fields.runs, parseRunBehaviour),
    horizon: fields.horizon.milliseconds('7d'),
  };
}

function parameter(field: Field): string | number | boolean {
  const { value } = field;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw field.wrong('must be a text, a number, true or false');
}

/** By name, one thing or a list of them, one for each time. */
function inTurn<T>(field: Field, parse: (field: Field) => T): Readonly<Record<string, readonly T[]>> {
  const things = field.entries().map(([name, field]): [string, readonly T[]] => {
    if (!Array.isArray(field.value)) return [name, [parse(field)]];
    if (field.value.length === 0) throw field.wrong('must name at least one');
    return [name, field.list().map(parse)];
  });
  return Object.fromEntries(things);
}

function parseOutage(field: Field): Outage {
  const { from, to, reason } = field.object('from', 'to', 'reason');
  const outage = {
    from: from.milliseconds(),
    to: to.milliseconds(),
    reason: reason.optionalText() ?? 'the space is out of reach',
  };
  if (outage.to <= outage.from) throw to.wrong('must be later than `from`');
  return outage;
}
