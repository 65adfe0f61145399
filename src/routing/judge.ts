import type { InternalAlert } from '../alerts/alert.js';
import type { Conditions, LabelCondition } from './routes.js';
import { describeMoment, describeSpan, isWithin } from './spans.js';

/** How an alert came, and when. */
export interface Arrival {
  /** Name of the integration whose key the sender has. */
  readonly integration: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Whether an alert meets the conditions of a rule. `why` has its reason in words. */
export type Verdict =
  | { readonly kind: 'yes' }
  /** It is not known whether its trigger met them. */
  | { readonly kind: 'maybe'; readonly why: string }
  | { readonly kind: 'no'; readonly why: string };

const YES: Verdict = { kind: 'yes' };
const no = (why: string): Verdict => ({ kind: 'no', why });
const maybe = (why: string): Verdict => ({ kind: 'maybe', why });

/**
 * Judges an alert that triggers by what it says. One that acknowledges or resolves is judged by what its trigger may
 * have said: it comes at another time, with another severity, and often without any labels.
 */
export function judge(conditions: Conditions, alert: InternalAlert, arrival: Arrival): Verdict {
  const isTrigger = alert.action === 'trigger';
  const verdicts = [
    oneOf('integration', conditions.integration, arrival.integration),
    oneOf('source', conditions.source, alert.source),
    ...labels(conditions.labels, alert, isTrigger),
    isTrigger
      ? oneOf('severity', conditions.severity, alert.severity)
      : unknown(conditions.severity, 'with which severity it was triggered is not known'),
    isTrigger ? time(conditions, arrival.at) : unknown(conditions.time, 'when it was triggered is not known'),
  ];
  return verdicts.find(({ kind }) => kind === 'no') ?? verdicts.find(({ kind }) => kind === 'maybe') ?? YES;
}

/**
 * Judges an alert of a group whenever it triggers: its labels, and so its severity, never change; the time does, and how
 * many alerts the group has.
 */
export function judgeWhenever(conditions: Conditions, alert: InternalAlert, arrival: Arrival): Verdict {
  const labels = conditions.labels.filter(({ name }) => name !== 'alertCount');
  const counts = conditions.labels.filter(({ name }) => name === 'alertCount');
  const verdict = judge({ ...conditions, labels, time: [] }, { ...alert, action: 'trigger' }, arrival);
  if (verdict.kind !== 'yes') return verdict;
  const time = unknown(conditions.time, 'when it was triggered is not known');
  return time.kind === 'yes' ? unknown(counts, 'of how many alerts it was is not known') : time;
}

/** Whether any alert that has these labels, and others, may meet the conditions. */
export function mayMeet(
  conditions: Conditions,
  { source, labels }: Pick<InternalAlert, 'source' | 'labels'>,
  { integration }: Arrival,
): boolean {
  return (
    oneOf('integration', conditions.integration, integration).kind === 'yes' &&
    oneOf('source', conditions.source, source).kind === 'yes' &&
    conditions.labels.every((condition) => {
      const value = Object.hasOwn(labels, condition.name) ? labels[condition.name] : undefined;
      return value === undefined || accepts(condition, value);
    })
  );
}

function oneOf(what: string, wanted: readonly string[], value: string): Verdict {
  return wanted.length === 0 || wanted.includes(value) ? YES : no(`the ${what} is "${value}", not ${either(wanted)}`);
}

function unknown(wanted: readonly unknown[], why: string): Verdict {
  return wanted.length === 0 ? YES : maybe(why);
}

function labels(
  wanted: readonly LabelCondition[],
  { labels, severalValues = {} }: InternalAlert,
  isTrigger: boolean,
): readonly Verdict[] {
  const saysNothing = !isTrigger && Object.keys(labels).length === 0;
  if (saysNothing && wanted.length > 0) return [maybe('it comes without the labels of its trigger')];
  return wanted.map((condition) => {
    const value = Object.hasOwn(labels, condition.name) ? labels[condition.name] : undefined;
    if (value === undefined) return no(`it has no label "${condition.name}"`);
    const several = Object.hasOwn(severalValues, condition.name) ? (severalValues[condition.name] ?? []) : [];
    if ([value, ...several].some((one) => accepts(condition, one))) return YES;
    const asked =
      condition.kind === 'oneOf' ? `is not ${either(condition.values)}` : `does not match ${condition.pattern.source}`;
    return no(`the label "${condition.name}" ${asked}: it is "${value}"`);
  });
}

export function isCatchAll(conditions: Conditions): boolean {
  return Object.values(conditions).every((wanted: readonly unknown[]) => wanted.length === 0);
}

export function accepts(condition: LabelCondition, value: string): boolean {
  return condition.kind === 'oneOf' ? condition.values.includes(value) : condition.pattern.matches(value);
}

function time({ time }: Conditions, at: number): Verdict {
  if (time.length === 0 || time.some((span) => isWithin(span, at))) return YES;
  return no(`it is ${describeMoment(at, time)}, not within ${time.map(describeSpan).join(' or ')}`);
}

function either(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(' or ');
}
