import type { Policy, Step } from '../../contract/policy-schema.js';
import { reachableSteps, unansweredPath } from '../graph.js';
import type { Problems } from '../../yaml-file/problem.js';
import type { YamlFile } from '../../yaml-file/read-file.js';
import type { PolicyFile } from '../policy-file-schema.js';

/** Steps that nothing leads to, and ways that never end. Only for a file whose names all exist. */
export function checkGraph(policy: Policy, file: YamlFile<PolicyFile>, problems: Problems): void {
  const reachable = reachableSteps(policy);
  for (const name of Object.keys(policy.steps)) {
    if (reachable.has(name)) continue;
    problems.warning(
      'unreachable-step',
      file.keyAt(['steps', name]),
      `nothing leads to the step "${name}", so nobody in it is ever called; escalate to it from a key or an \`otherwise\`, or remove it`,
    );
  }
  checkEndless(policy, file, problems);
  checkRounds(policy, file, problems);
  checkLastReachesSomebody(policy, reachable, file, problems);
  for (const [name, step] of Object.entries(policy.steps)) {
    if (
      file.value?.steps[name]?.otherwise === undefined ||
      step.attempts !== 'unlimited' ||
      hasOtherWaysToOtherwise(step)
    )
      continue;
    problems.warning(
      'otherwise-by-hand',
      file.keyAt(['steps', name, 'otherwise']),
      'with `attempts: unlimited` this follows only when an operator escalates; give a number of attempts if it should follow automatically',
    );
  }
}

/** A policy that never ends has one round. */
function checkRounds(policy: Policy, file: YamlFile<PolicyFile>, problems: Problems): void {
  const { end } = unansweredPath(policy, policy.start);
  if (policy.rounds === undefined || end.kind === 'exhausted') return;
  problems.warning(
    'ignored-rounds',
    file.keyAt(['rounds']),
    '`rounds` would be ignored: when nobody answers, this policy calls without end, so it never begins again; remove it, or end the last step with `otherwise: exhausted`',
  );
}

/** A gap in a schedule must not end in silence: what is called last, or for ever, has somebody who depends on none. */
function checkLastReachesSomebody(
  policy: Policy,
  reachable: ReadonlySet<string>,
  file: YamlFile<PolicyFile>,
  problems: Problems,
): void {
  const found = new Set<string>();
  for (const name of reachable) {
    const { steps, end } = unansweredPath(policy, name);
    const last = steps.at(-1) ?? name;
    const ends = end.kind === 'again' ? steps.slice(steps.indexOf(end.step)) : [last];
    if (found.has(last) || ends.some((step) => reachesSomebody(policy.steps[step]))) continue;
    for (const step of ends) found.add(step);
    const what = ends.length === 1 ? `the step "${last}" is` : `the steps ${ends.join(', ')} are`;
    problems.error(
      'last-depends-on-duty',
      file.keyAt(['steps', last, 'call']),
      `${what} the last, and everybody in it depends on a schedule: where nobody is on duty nobody at all is called; add somebody who is named, such as contacts: [{ onDuty: … }, suzuki]`,
    );
  }
}

function reachesSomebody(step: Step | undefined): boolean {
  return (
    step?.call.some(({ callees }) => callees?.contacts.some((callee) => typeof callee === 'string') ?? true) ?? true
  );
}

/** Keys that the file does not name, of a stored guidance; and workflows that fail. */
function hasOtherWaysToOtherwise({ call, keys }: Step): boolean {
  return (
    call.some(({ guidanceId }) => guidanceId !== undefined) || Object.values(keys).some(({ kind }) => kind === 'run')
  );
}

const pausesAfter = (step: Step | undefined): boolean =>
  step?.otherwise.kind === 'escalate' && step.otherwise.after !== undefined;

function checkEndless(policy: Policy, file: YamlFile<PolicyFile>, problems: Problems): void {
  const passed = new Set<string>();
  const names = Object.keys(policy.steps);
  for (const name of names) {
    if (passed.has(name)) continue;
    const { steps, end } = unansweredPath(policy, name);
    const known = end.kind === 'again' && passed.has(end.step);
    steps.forEach((step) => passed.add(step));
    if (end.kind !== 'again' || known) continue;
    const circle = steps.slice(steps.indexOf(end.step));
    // Its pauses slow it.
    if (circle.some((step) => pausesAfter(policy.steps[step]))) continue;
    // At the way back to the earliest step of the file, where the circle closes for a reader.
    const first = names.find((step) => circle.includes(step)) ?? end.step;
    const order = [...circle.slice(circle.indexOf(first)), ...circle.slice(0, circle.indexOf(first))];
    const last = order.at(-1) ?? first;
    const { calls, within } = policy.budget;
    problems.warning(
      'endless',
      file.keyAt(['steps', last, 'otherwise']),
      order.length === 1
        ? `"${first}" begins again after itself for as long as nobody answers, and only the budget (${calls} calls in ${within}) slows it; if that is meant, \`attempts: unlimited\` says it plainly`
        : `${(order.length > 8 ? [...order.slice(0, 4), '…', ...order.slice(-2)] : order).join(' → ')} → ${first} goes round for as long as nobody answers, and only the budget (${calls} calls in ${within}) slows it; if that is not meant, end with \`otherwise: exhausted\``,
    );
  }
}
