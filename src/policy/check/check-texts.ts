import { nearest } from '../../yaml-file/did-you-mean.js';
import { shortened } from '../../yaml-file/located.js';
import type { Place, Problems } from '../../yaml-file/problem.js';
import type { YamlFile } from '../../yaml-file/read-file.js';
import type { Path } from '../../yaml-file/schema.js';
import { stepsOf, type Placed } from '../parts.js';
import type { CallOfFile, PolicyFile } from '../policy-file-schema.js';
import {
  COMFORTABLE_SECONDS,
  LONGEST_CALL_SECONDS,
  LONGEST_READING_SECONDS,
  readingSeconds,
  unansweredSeconds,
} from '../speech.js';
import { readTemplate } from '../template.js';

/** What is read aloud: that every parameter is there, and that it can be listened to. `source`: the file. */
export function checkTexts(policy: PolicyFile, file: YamlFile<unknown>, source: string, problems: Problems): void {
  const { parameters: brought = [] } = policy;
  const twice = brought.findIndex((name, index) => brought.indexOf(name) < index);
  if (twice !== -1) {
    const message = `the parameter "${shortened(brought[twice] ?? '')}" is listed twice; remove one`;
    problems.error('name-twice', file.at(['parameters', twice]), message);
  }
  for (const step of stepsOf(policy)) {
    for (const call of step.calls) checkCall(step, call);
  }

  function checkCall({ keys }: Placed, { call, path }: Placed['calls'][number]): void {
    if (call.say === undefined) return;
    const text = { value: call.say, path: [...path, 'say'] };
    const sentences = keys.flatMap(({ say, path }) =>
      say === undefined ? [] : { value: say, path: [...path, 'say'] },
    );
    for (const template of [text, ...sentences]) checkTemplate(template, call);
    const given = Object.entries(call.parameters ?? {});
    const values = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
    for (const [name, value] of Object.entries(values)) checkValue([...path, 'parameters', name], value);
    checkLength(text.path, readingSeconds(text.value, values));
    for (const { path, value } of sentences) checkSentence(path, readingSeconds(value, values));
  }

  function checkTemplate({ value, path }: { value: string; path: Path }, { parameters = {} }: CallOfFile): void {
    const { placeholders, mistakes } = readTemplate(value);
    for (const { code, written, message } of mistakes) problems.error(code, within(path, written), message);
    const given = [...brought, ...Object.keys(parameters)];
    for (const { name, written } of placeholders) {
      if (given.includes(name)) continue;
      const meant = nearest(name, given);
      problems.error(
        'parameter-missing',
        within(path, written),
        meant === undefined
          ? `nobody gives "${name}", and nothing would be read in its place; if every incident brings it, write it at the top: parameters: [${[...brought, name].join(', ')}]; else give it a value in the \`parameters\` of this call`
          : `nobody gives "${name}", and nothing would be read in its place; did you mean {{${meant}}}?`,
      );
    }
  }

  /** Pigeon fills in the text, and nothing in what it fills in. */
  function checkValue(path: Path, value: string): void {
    const { placeholders, mistakes } = readTemplate(value);
    const written = placeholders[0]?.written ?? mistakes[0]?.written;
    if (written === undefined) return;
    problems.warning(
      'value-with-placeholder',
      within(path, written),
      `"${shortened(written)}" would be read aloud as it stands: nothing is filled in in a value; a routing rule may do so: give it this parameter there, list its name at the top, and remove it here`,
    );
  }

  function checkLength(path: Path, seconds: number): void {
    if (seconds > LONGEST_READING_SECONDS) {
      problems.error(
        'text-too-long',
        file.at(path),
        `this text takes about ${seconds} s to read, and at most ${LONGEST_READING_SECONDS} s are possible: it is read up to six times in a call, and Pigeon ends a call after ${LONGEST_CALL_SECONDS / 60} minutes as failed; shorten it`,
      );
    } else if (seconds > COMFORTABLE_SECONDS) {
      const machine = Math.ceil(unansweredSeconds(seconds) / 60);
      problems.warning(
        'text-long',
        file.at(path),
        `this text takes about ${seconds} s to read; keep it below ${COMFORTABLE_SECONDS} s: an answering machine listens to six readings, about ${machine} minutes, before the next person is called`,
      );
    }
  }

  function checkSentence(path: Path, seconds: number): void {
    if (seconds <= COMFORTABLE_SECONDS) return;
    problems.warning(
      'text-long',
      file.at(path),
      `this takes about ${seconds} s to read after the key was pressed; one short sentence that confirms the key is enough`,
    );
  }

  /** Where it is written inside the text; escapes and folded lines may hide it. */
  function within(path: Path, written: string): Place {
    const place = file.at(path);
    const start = source.indexOf(written, place.start);
    return start === -1 || start + written.length > place.end
      ? place
      : { ...place, start, end: start + written.length };
  }
}

/** Parameters that no text reads: often a slip of the pen in one of the two places. */
export function checkParametersUsed(policy: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  const steps = stepsOf(policy);
  for (const step of steps) {
    for (const { call, path } of step.calls) {
      if (call.say === undefined) continue;
      const used = namesUsed(step, call);
      for (const name of Object.keys(call.parameters ?? {})) {
        if (used.has(name)) continue;
        const message = `the text of this call does not use {{${name}}}; use it, or remove it here${meantInText(name, used)}`;
        problems.warning('parameter-unused', file.keyAt([...path, 'parameters', name]), message);
      }
    }
  }
  // What the texts of a stored guidance use is not known here.
  if (steps.some(({ calls }) => calls.some(({ call }) => call.say === undefined))) return;
  const used = new Set(steps.flatMap((step) => step.calls.flatMap(({ call }) => [...namesUsed(step, call)])));
  for (const [index, name] of (policy.parameters ?? []).entries()) {
    if (used.has(name)) continue;
    const message = `no text uses {{${name}}}; use it, or remove the name here${meantInText(name, used)}`;
    problems.warning('parameter-unused', file.at(['parameters', index]), message);
  }
}

function namesUsed({ keys }: Placed, call: CallOfFile): ReadonlySet<string> {
  const texts = [call.say ?? '', ...keys.map(({ say = '' }) => say)];
  return new Set(texts.flatMap((value) => readTemplate(value).placeholders.map(({ name }) => name)));
}

function meantInText(name: string, used: ReadonlySet<string>): string {
  const meant = nearest(name, used);
  return meant === undefined ? '' : ` (the text has {{${meant}}})`;
}
