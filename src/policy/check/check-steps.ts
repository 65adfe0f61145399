import { durationMs } from '../../contract/duration.js';
import type { Draft, DraftCall, DraftStep } from '../draft.js';
import type { Problems } from '../../yaml-file/problem.js';
import { withinJapan } from '../telephone-number.js';

/** Times and numbers that do not go together, within a step and with the budget. */
export function checkSteps(draft: Draft, problems: Problems): void {
  for (const step of draft.steps.values()) {
    checkEvery(step, draft, problems);
    checkBudget(step, draft, problems);
    for (const call of step.calls) checkMixture(call, problems);
    checkTogether(step, draft, problems);
  }
}

function checkEvery({ every, attempts }: DraftStep, { budget }: Draft, problems: Problems): void {
  if (every === undefined) return;
  if (attempts.value === 1) {
    problems.warning(
      'ignored-every',
      every.place,
      '`every` would be ignored: it is the pause between two attempts, and this step has one; add `attempts`, or remove it (the next level follows at once)',
    );
  } else if (durationMs(every.value) > durationMs(budget.within.value)) {
    problems.warning(
      'every-beyond-budget',
      every.place,
      `\`every\` is ${every.value}, longer than the ${budget.within.value} of the budget, which then bounds nothing here; shorten it, or count the budget over a longer time`,
    );
  }
}

function checkBudget({ calls, name }: DraftStep, { budget }: Draft, problems: Problems): void {
  const least = calls.reduce((sum, call) => sum + telephoneCalls(call), 0);
  if (least <= budget.calls.value) return;
  problems.error(
    'budget-too-small',
    budget.calls.place,
    `one attempt of the step "${name.value}" makes up to ${least} telephone calls, more than the budget of ${budget.calls.value}; raise the budget, or call fewer people or loops at once`,
  );
}

/** Of a stored call flow it is not known how many; one at least. */
function telephoneCalls({ callees }: DraftCall): number {
  return callees.kind === 'stored' ? 1 : callees.contacts.length * (callees.loops?.value ?? 1);
}

function checkMixture({ callees, guidance, place }: DraftCall, problems: Problems): void {
  if (callees.kind === guidance.kind) return;
  const stored = callees.kind === 'stored' ? 'call flow' : 'guidance';
  problems.warning(
    'mixed-forms',
    { ...place, end: place.start },
    `the ${stored} is stored in Pigeon and the rest is described here: whether Pigeon takes this mixture is not documented; place one such call by daylight before you rely on it`,
  );
}

/** Further contacts of such calls may meet as well, but then it is their order that keeps them apart. */
function checkTogether({ calls }: DraftStep, { contacts }: Draft, problems: Problems): void {
  const rings = new Set<string>();
  for (const { callees } of calls) {
    const first = callees.kind === 'described' ? callees.contacts[0] : undefined;
    const contact = first && contacts.get(first.value);
    if (first === undefined || contact === undefined) continue;
    const number = withinJapan(contact.phone.value);
    if (rings.has(number)) {
      problems.warning(
        'called-twice-at-once',
        first.place,
        `another call of this step begins with the telephone of "${first.value}" too: placed at the same time, one of the two finds it busy; put the contacts into one call, or begin with somebody else`,
      );
    }
    rings.add(number);
  }
}
