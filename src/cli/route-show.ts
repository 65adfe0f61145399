import type { InternalAlert } from '../alerts/alert.js';
import type { Decision } from '../routing/route.js';
import { cutForSpeech } from '../incident/policy.js';
import type { Policy, StepCall } from '../contract/policy-schema.js';
import { SPOKEN_SECONDS } from '../incident/spoken.js';
import { describeCallees } from '../policy/show/describe.js';
import { inColumns, padToWidth } from '../yaml-file/display-width.js';
import { said } from '../simulate/simulated-run.js';
import type { Parameters } from '../simulate/script.js';

/** An alert, and what became of it. */
export interface Tried {
  readonly alert: InternalAlert;
  readonly decision: Decision;
  /** Null where nobody is called, or the policy is not at hand. */
  readonly saidFirst: readonly SaidFirst[] | null;
}

/** What anyone who is called first hears. */
export interface SaidFirst {
  /** Names, never numbers. */
  readonly who: string;
  /** Null for a guidance stored in Pigeon, whose text nobody knows here. */
  readonly text: string | null;
  /** Parameters of the alert of which it leaves out what would take too long. */
  readonly cut: readonly string[];
}

/** The calls of the policy's first step. */
export function saidFirst(policy: Policy, parameters: Parameters): readonly SaidFirst[] {
  const calls: readonly StepCall[] = policy.steps[policy.start]?.call ?? [];
  return calls.map((call) => ({
    who: describeCallees(call),
    text: said(call, parameters),
    cut: cutForSpeech(call, parameters),
  }));
}

/** For people: the alert, what each rule made of it, and what follows. */
export function showTried({ alert, decision, saidFirst }: Tried): string {
  const rules = decision.considered.map(({ rule, verdict, why }) => [rule, VERDICTS[verdict].padEnd(5), why]);
  return [
    `${alert.action}: ${alert.summary} (${alert.severity}, from ${alert.source}${othersOf(alert)})`,
    ...Object.entries(alert.unknownWords ?? {}).map(([kind, word]) =>
      row('unknown', UNKNOWN[kind === 'severity' ? 'severity' : 'state'](word)),
    ),
    ...inColumns(rules).map((line) => row('rule', line)),
    ...outcome(decision),
    ...(saidFirst ?? []).flatMap(({ who, text, cut }) => [
      row('says first', `${who}: ${text === null ? 'a guidance stored in Pigeon' : `「${text}」`}`),
      ...cut.map((name) =>
        row(
          'cut',
          `{{${name}}} is not said to its end: what an alert brings is read for at most ${SPOKEN_SECONDS} s, so that the keys are heard`,
        ),
      ),
    ]),
  ].join('\n');
}

/** Of a group. */
function othersOf({ labels: { otherAlerts } }: InternalAlert): string {
  return otherAlerts === undefined ? '' : `, with ${otherAlerts} more`;
}

const UNKNOWN = {
  severity: (word: string) =>
    `no table knows the severity "${word}", which counts as error; say what it means: severities: { ${JSON.stringify(word)}: … }`,
  state: (word: string) => `no table knows the state "${word}", which counts as a trouble`,
};

const VERDICTS = { took: 'takes', maybe: 'may', no: 'no' } as const;

function outcome(decision: Decision): readonly string[] {
  switch (decision.kind) {
    case 'open':
      return [
        row('incident', decision.incident),
        ...decision.instead.map((id) => row('or', `${id}, if it is open: the same alerts may have opened it`)),
        row('dedup key', decision.input.dedupKey),
        row('policy', typeof decision.input.policy === 'string' ? decision.input.policy : ''),
        ...Object.entries(decision.input.parameters ?? {}).map(([name, value]) =>
          row('parameter', `${name}: ${value}`),
        ),
        ...decision.missing.map((name) => row('missing', `the alert has no value for {{${name}}}`)),
        ...decision.ungrouped.map((name) =>
          row('missing', `the alert has no value for {{${name}}} of \`by\`: it is grouped by its own key`),
        ),
      ];
    case 'followUp':
      return decision.incidents.length === 0
        ? [row('result', `no incident is ${decision.action}d`)]
        : decision.incidents.map((id) => row(`${decision.action}s`, `${id}, if it is open`));
    case 'ignore':
      return [row('result', 'ignored: nobody is called')];
    case 'unrouted':
      return [row('result', 'no rule takes it: NOBODY IS CALLED; end with a rule without `when`')];
    default:
      return decision satisfies never;
  }
}

function row(what: string, text: string): string {
  return `  ${padToWidth(what, 12)} ${text}`;
}
