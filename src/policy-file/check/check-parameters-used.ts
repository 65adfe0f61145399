import { nearest } from '../did-you-mean.js';
import type { Draft, DraftCall, DraftStep } from '../draft.js';
import type { Problems } from '../problem.js';
import { readTemplate } from '../template.js';

/** Parameters that no text reads: often a slip of the pen in one of the two places. */
export function checkParametersUsed(draft: Draft, problems: Problems): void {
  const steps = [...draft.steps.values()];
  for (const step of steps) {
    for (const call of step.calls) if (call.guidance.kind === 'described') checkCall(step, call, problems);
  }
  // What the texts of a stored guidance use is not known here.
  if (steps.some(({ calls }) => calls.some(({ guidance }) => guidance.kind === 'stored'))) return;
  const used = new Set(steps.flatMap((step) => step.calls.flatMap((call) => [...namesUsed(step, call)])));
  for (const { value, place } of draft.parameters) {
    if (used.has(value)) continue;
    const message = `no text uses {{${value}}}; use it, or remove the name here${meantInText(value, used)}`;
    problems.warning('parameter-unused', place, message);
  }
}

function checkCall(step: DraftStep, call: DraftCall, problems: Problems): void {
  const used = namesUsed(step, call);
  for (const { name } of call.parameters) {
    if (used.has(name.value)) continue;
    const message = `the text of this call does not use {{${name.value}}}; use it, or remove it here${meantInText(name.value, used)}`;
    problems.warning('parameter-unused', name.place, message);
  }
}

function namesUsed({ keys }: DraftStep, { guidance }: DraftCall): ReadonlySet<string> {
  const texts = [...(guidance.kind === 'described' ? [guidance.text] : []), ...keys.flatMap(({ say }) => say ?? [])];
  return new Set(texts.flatMap(({ value }) => readTemplate(value).placeholders.map(({ name }) => name)));
}

function meantInText(name: string, used: ReadonlySet<string>): string {
  const meant = nearest(name, used);
  return meant === undefined ? '' : ` (the text has {{${meant}}})`;
}
