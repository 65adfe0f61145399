import type { Policy, AutomationOutcome } from '../../contract/policy-schema.js';
import { words } from '../../words/words.js';
import { exitsOf, type Exit, type Via } from '../graph.js';
import { describeCallees, describeDelay } from './describe.js';

/** The policy as a flow chart in Mermaid, which GitHub and many wikis draw. */
export function showMermaid(policy: Policy): string {
  const { policy: said, general } = words();
  const ends = new Set<'acknowledged' | 'resolved' | 'exhausted'>();
  const steps: string[] = [];
  const ways: string[] = [];
  for (const [name, step] of Object.entries(policy.steps)) {
    const attempts =
      step.attempts === 1
        ? []
        : [
            step.attempts === 'unlimited'
              ? said.chartUntilTaken(step.every)
              : said.chartTimes(step.attempts, step.every),
          ];
    const delay = describeDelay(step);
    const lines = [
      `<b>${text(name)}</b>`,
      ...step.call.map((call) => text(describeCallees(call, policy.contacts))),
      ...attempts.map(text),
      ...(delay === '' ? [] : [text(delay)]),
    ];
    steps.push(`  ${idOf(name)}["${lines.join('<br/>')}"]`);
    for (const { via, outcome } of exitsOf(step)) ways.push(...way(name, via, outcome));
  }
  const { resolveWithin, otherwise } = policy.acknowledged;
  const after =
    ends.has('acknowledged') && resolveWithin !== 'never'
      ? [`  acknowledged -.->|"${text(said.chartNotResolved(resolveWithin))}"| ${idOf(otherwise.step)}`]
      : [];
  const { rounds } = policy;
  const again =
    ends.has('exhausted') && rounds !== undefined
      ? [`  exhausted -.->|"${text(said.chartRounds(rounds.times, rounds.every))}"| ${idOf(policy.start)}`]
      : [];
  return [
    'flowchart TD',
    '  begin((" "))',
    ...steps,
    ...[...ends].map((end) => `  ${end}(["${text(general.states[end])}"])`),
    `  begin --> ${idOf(policy.start)}`,
    ...ways,
    ...after,
    ...again,
  ].join('\n');

  function way(from: string, via: Via, outcome: Exit['outcome']): readonly string[] {
    // The telephone of the next contact rings, in the same step.
    if (outcome.kind === 'next' || outcome.kind === 'leave') return [];
    const arrow = via.kind === 'otherwise' || via.kind === 'runFailed' ? '-.->' : '-->';
    const way = labelOf(from, via);
    return [`  ${idOf(from)} ${arrow}|"${text(labelFor(way, outcome))}"| ${targetOf(from, outcome)}`];
  }

  function labelFor(way: string, outcome: Exit['outcome']): string {
    if (outcome.kind === 'snooze') return said.chartAgain(way, outcome.for);
    return outcome.kind === 'escalate' && outcome.after !== undefined ? said.chartAfter(way, outcome.after) : way;
  }

  function labelOf(from: string, via: Via): string {
    if (via.kind === 'otherwise') return said.chartNobody;
    const action = policy.steps[from]?.keys[via.key];
    const workflow = action?.kind === 'run' ? action.workflow : '';
    if (via.kind === 'key') return said.key(via.key);
    return via.kind === 'runEnded' ? said.chartRunEnds(via.key, workflow) : said.chartRunFails(workflow);
  }

  function targetOf(from: string, outcome: AutomationOutcome): string {
    switch (outcome.kind) {
      case 'escalate':
        return idOf(outcome.step);
      case 'snooze':
        return idOf(from);
      case 'acknowledge':
        return end('acknowledged');
      case 'resolve':
        return end('resolved');
      case 'exhausted':
        return end('exhausted');
      default:
        return outcome satisfies never;
    }
  }

  function end(name: 'acknowledged' | 'resolved' | 'exhausted'): string {
    ends.add(name);
    return name;
  }
}

/** A step may be called `end`, which is a word of Mermaid. */
function idOf(step: string): string {
  return `step_${step.replaceAll('-', '_')}`;
}

/** Names come from people; Mermaid reads `#…;` as a character. */
function text(written: string): string {
  return written.replaceAll(/\s+/g, ' ').replaceAll(/["#&<>`|\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
