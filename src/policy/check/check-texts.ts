import { nearest } from '../../yaml-file/did-you-mean.js';
import type { Place, Placed, Problems } from '../../yaml-file/problem.js';
import type { Draft, DraftCall, DraftStep } from '../draft.js';
import {
  COMFORTABLE_SECONDS,
  LONGEST_CALL_SECONDS,
  LONGEST_READING_SECONDS,
  readingSeconds,
  unansweredSeconds,
} from '../speech.js';
import { readTemplate } from '../template.js';

/** What is read aloud: that every parameter is there, and that it can be listened to. `source`: the file. */
export function checkTexts(draft: Draft, source: string, problems: Problems): void {
  for (const step of draft.steps.values()) {
    for (const call of step.calls) checkCall(step, call);
  }

  function checkCall({ keys }: DraftStep, call: DraftCall): void {
    if (call.guidance.kind === 'stored') return;
    const { text } = call.guidance;
    const sentences = keys.flatMap(({ say }) => (say === undefined ? [] : [say]));
    for (const template of [text, ...sentences]) checkTemplate(template, call);
    const values = Object.fromEntries(call.parameters.map(({ name, value }) => [name.value, String(value)]));
    checkLength(text, readingSeconds(text.value, values));
    for (const sentence of sentences) checkSentence(sentence, readingSeconds(sentence.value, values));
  }

  function checkTemplate(template: Placed<string>, call: DraftCall): void {
    const { placeholders, mistakes } = readTemplate(template.value);
    for (const { code, written, message } of mistakes) problems.error(code, within(template.place, written), message);
    const given = [...draft.parameters.map(({ value }) => value), ...call.parameters.map(({ name }) => name.value)];
    for (const { name, written } of placeholders) {
      if (given.includes(name)) continue;
      const meant = nearest(name, given);
      problems.error(
        'parameter-missing',
        within(template.place, written),
        meant === undefined
          ? `nobody gives "${name}", and nothing would be read in its place; if every incident brings it, write it at the top: parameters: [${[...draft.parameters.map(({ value }) => value), name].join(', ')}]; else give it a value in the \`parameters\` of this call`
          : `nobody gives "${name}", and nothing would be read in its place; did you mean {{${meant}}}?`,
      );
    }
  }

  function checkLength({ place }: Placed<string>, seconds: number): void {
    if (seconds > LONGEST_READING_SECONDS) {
      problems.error(
        'text-too-long',
        place,
        `this text takes about ${seconds} s to read, and at most ${LONGEST_READING_SECONDS} s are possible: it is read up to six times in a call, and Pigeon ends a call after ${LONGEST_CALL_SECONDS / 60} minutes as failed; shorten it`,
      );
    } else if (seconds > COMFORTABLE_SECONDS) {
      const machine = Math.ceil(unansweredSeconds(seconds) / 60);
      problems.warning(
        'text-long',
        place,
        `this text takes about ${seconds} s to read; keep it below ${COMFORTABLE_SECONDS} s: an answering machine listens to six readings, about ${machine} minutes, before the next person is called`,
      );
    }
  }

  function checkSentence({ place }: Placed<string>, seconds: number): void {
    if (seconds <= COMFORTABLE_SECONDS) return;
    problems.warning(
      'text-long',
      place,
      `this takes about ${seconds} s to read after the key was pressed; one short sentence that confirms the key is enough`,
    );
  }

  /** Where it is written inside the text; escapes and folded lines may hide it. */
  function within(place: Place, written: string): Place {
    const start = source.indexOf(written, place.start);
    return start === -1 || start + written.length > place.end
      ? place
      : { ...place, start, end: start + written.length };
  }
}

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
