import { durationMs } from '../../contract/duration.js';
import type { Problems } from '../../yaml-file/problem.js';
import type { YamlFile } from '../../yaml-file/read-file.js';
import { stepsOf, type Placed } from '../parts.js';
import type { CallOfFile, PolicyFile } from '../policy-file-schema.js';
import { diallable, withinJapan } from '../telephone-number.js';

/** Times and numbers that do not go together, within a step and with the budget. */
export function checkSteps(policy: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  for (const step of stepsOf(policy)) {
    checkEvery(step, policy, file, problems);
    checkBudget(step, policy, file, problems);
    for (const call of step.calls) {
      checkLoops(call, file, problems);
      checkMixture(call, file, problems);
    }
    checkTogether(step, policy, file, problems);
  }
}

function checkEvery({ step, path }: Placed, { budget }: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  const { every, attempts = 1 } = step;
  if (every === undefined) return;
  if (attempts === 1) {
    problems.warning(
      'ignored-every',
      file.at([...path, 'every']),
      '`every` would be ignored: it is the pause between two attempts, and this step has one; add `attempts`, or remove it (the next level follows at once, or after the time in { escalate: …, after: … })',
    );
  } else if (durationMs(every) > durationMs(budget.within)) {
    problems.warning(
      'every-beyond-budget',
      file.at([...path, 'every']),
      `\`every\` is ${every}, longer than the ${budget.within} of the budget, which then bounds nothing here; shorten it, or count the budget over a longer time`,
    );
  }
}

function checkBudget(
  { calls, name }: Placed,
  { budget }: PolicyFile,
  file: YamlFile<unknown>,
  problems: Problems,
): void {
  const least = calls.reduce((sum, { call }) => sum + telephoneCalls(call), 0);
  if (least <= budget.calls) return;
  problems.error(
    'budget-too-small',
    file.at(['budget', 'calls']),
    `one attempt of the step "${name}" makes up to ${least} telephone calls, more than the budget of ${budget.calls}; raise the budget, or call fewer people or loops at once`,
  );
}

/** Of a stored call flow it is not known how many; one at least. */
function telephoneCalls({ contacts, loops = 1 }: CallOfFile): number {
  return contacts === undefined ? 1 : contacts.length * loops;
}

function checkLoops({ call, path }: PlacedCall, file: YamlFile<unknown>, problems: Problems): void {
  const { callflowId, loops } = call;
  if (callflowId !== undefined && loops !== undefined) {
    problems.warning(
      'ignored-loops',
      file.keyAt([...path, 'loops']),
      '`loops` would be ignored: a stored call flow has its own loop limit, in Pigeon; remove it here',
    );
  } else if (loops !== undefined && loops > 10) {
    problems.warning(
      'many-loops',
      file.at([...path, 'loops']),
      'Pigeon is said to go through a call flow at most 10 times; use `attempts` of the step, which has no such limit',
    );
  }
}

type PlacedCall = Placed['calls'][number];

function checkMixture({ call, path }: PlacedCall, file: YamlFile<unknown>, problems: Problems): void {
  const { callflowId, guidanceId } = call;
  if ((callflowId === undefined) === (guidanceId === undefined)) return;
  const stored = guidanceId === undefined ? 'call flow' : 'guidance';
  const place = file.at(path);
  problems.warning(
    'mixed-forms',
    { ...place, end: place.start },
    `the ${stored} is stored in Pigeon and the rest is described here: whether Pigeon takes this mixture is not documented; place one such call by daylight before you rely on it`,
  );
}

/** Further contacts of such calls may meet as well, but then it is their order that keeps them apart. */
function checkTogether({ calls }: Placed, policy: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  const contacts = new Map(Object.entries(policy.contacts ?? {}));
  const rings = new Set<string>();
  for (const { call, path } of calls) {
    const first = call.contacts?.[0];
    if (typeof first !== 'string') continue;
    const contact = contacts.get(first);
    if (contact === undefined) continue;
    const number = withinJapan(diallable(contact.phone));
    if (rings.has(number)) {
      problems.warning(
        'called-twice-at-once',
        file.at([...path, 'contacts', 0]),
        `another call of this step begins with the telephone of "${first}" too: placed at the same time, one of the two finds it busy; put the contacts into one call, or begin with somebody else`,
      );
    }
    rings.add(number);
  }
}
