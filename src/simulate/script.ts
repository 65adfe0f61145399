import { SEVERITIES } from '../contract/severity.js';
import type { Opening, Update } from '../policy/incident-event.js';
import type { StepCall } from '../policy/policy.js';
import { type Behaviour, parseBehaviour, parseRunBehaviour, type RunBehaviour } from './behaviour.js';
import { Field } from './field.js';
import { parseOperatorAct } from './operator-act.js';

export type Parameters = NonNullable<StepCall['parameters']>;

/**
 * What happens around an incident in a simulation. Times are milliseconds after the opening. How it is written stands in
 * `docs/reference/policy-file.md`, under *Scripts*.
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
