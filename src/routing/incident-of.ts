import { durationMs } from '../contract/duration.js';
import type { IncidentInput } from '../contract/incident-schema.js';
import { incidentId, type IncidentKey } from '../client/incident-id.js';
import { MAX_PARAMETERS_LENGTH } from '../contract/limits.js';
import { boundedTexts, type InternalAlert } from '../alerts/alert.js';
import { boundedKey, manyLines } from '../alerts/text.js';
import type { Arrival } from './judge.js';
import { fill } from './placeholders.js';
import type { Group, Open, RuleParameter } from './routes.js';

/** What opens an incident, with its policy by name. */
export type NamedIncident = IncidentInput & { readonly policy: string };

/** The incident of an alert that a rule takes. */
export interface Opening {
  readonly rule: string;
  /** Readable in the id: the name of the integration; of the rule for a group. */
  readonly route: string;
  /** The workflow id, which follows from the route and the input. */
  readonly incident: string;
  readonly input: NamedIncident;
  /** Placeholders of its parameters for which the alert has no value. */
  readonly missing: readonly string[];
  /** Placeholders of `by` for which it has none: it is grouped by its own key then. */
  readonly ungrouped: readonly string[];
}

export function openingOf(
  rule: string,
  outcome: Open,
  key: IncidentKey,
  alert: InternalAlert,
  arrival: Arrival,
): Opening {
  const { parameters, missing } = parametersOf(outcome.parameters, alert, arrival);
  const input = inputOf(outcome.policy, key, parameters, alert);
  const ungrouped = outcome.group === null ? [] : valuesOf(outcome.group, alert, arrival).missing;
  return { rule, route: key.route, incident: incidentId(key), input, missing, ungrouped };
}

/**
 * A group has no source: its alerts may come from several. Alerts that lack a value of `by` are strangers to each
 * other, so each is grouped by its own key too.
 */
export function keyOf(rule: string, { group }: Open, alert: InternalAlert, arrival: Arrival): IncidentKey {
  if (group === null) return ownKey(alert, arrival);
  const { values, missing } = valuesOf(group, alert, arrival);
  const own = [alert.source, arrival.integration, alert.dedupKey];
  const parts = [rule, ...values, ...(missing.length > 0 ? own : windowOf(group, alert, arrival))];
  return { route: rule, dedupKey: boundedKey(JSON.stringify(parts), 1_000) };
}

function valuesOf({ by }: Group, alert: InternalAlert, { integration }: Arrival) {
  const filled = by.map((template) => fill(template, alert, integration));
  return { values: filled.map(({ text }) => text), missing: [...new Set(filled.flatMap(({ missing }) => missing))] };
}

/** Of the integration and the sender's key, whatever rule takes the alert. */
export function ownKey({ source, dedupKey }: InternalAlert, { integration }: Arrival): IncidentKey {
  return { source, route: integration, dedupKey };
}

/** By the alert's own time where it has one, so that each gateway, and each repeat of it, comes to the same. */
function windowOf({ window }: Group, { startedAt }: InternalAlert, { at }: Arrival): readonly string[] {
  if (window === null) return [];
  const ms = durationMs(window);
  const moment = startedAt === null ? at : Date.parse(startedAt);
  return [new Date(Math.floor(moment / ms) * ms).toISOString()];
}

const LONGEST_PARAMETER = 2_000;
/** Of JSON; an incident takes as many characters. */
const PARAMETER_BYTES = MAX_PARAMETERS_LENGTH;

function parametersOf(
  parameters: readonly RuleParameter[],
  alert: InternalAlert,
  { integration }: Arrival,
): { readonly parameters: Readonly<Record<string, string>>; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const filled = parameters.map(({ name, texts }) => {
    const candidates = texts.map((template) => fill(template, alert, integration));
    const chosen = candidates.find((candidate) => candidate.missing.length === 0) ?? candidates.at(-1);
    for (const placeholder of chosen?.missing ?? []) missing.add(placeholder);
    const text = manyLines(chosen?.text ?? '', LONGEST_PARAMETER);
    // Silence in the place of a server's name helps nobody at night.
    return [name, text === '' ? alert.summary : text] as const;
  });
  return { parameters: boundedTexts([Object.fromEntries(filled)], PARAMETER_BYTES), missing: [...missing] };
}

function inputOf(
  policy: string,
  { source, dedupKey }: IncidentKey,
  parameters: Readonly<Record<string, string>>,
  { summary, severity, labels, links, startedAt }: InternalAlert,
): NamedIncident {
  return {
    policy,
    dedupKey,
    summary,
    severity,
    parameters,
    labels,
    links: [...links],
    ...(source !== undefined && { source }),
    ...(startedAt !== null && { startedAt }),
  };
}
