import type { StepCall } from './policy.js';
import { cutAltogether, SPOKEN_SECONDS, secondsToSpeak, spokenText } from './spoken.js';

type Parameters = NonNullable<StepCall['parameters']>;

/**
 * What fills {{name}} in the guidance of a call: the incident's parameters, as a voice can say them and no longer than people
 * listen before they hear the keys; and the step's own, which win.
 */
export function callParameters(call: StepCall, incident: Parameters): Parameters {
  return { ...incident, ...Object.fromEntries(spokenOf(call, incident)), ...call.parameters };
}

/** The parameters of the incident of which a call leaves out what would take too long. */
export function cutForSpeech(call: StepCall, incident: Parameters): readonly string[] {
  return spokenOf(call, incident)
    .filter(([name, text]) => text !== spokenText(String(incident[name])))
    .map(([name]) => name);
}

/** Whether a text that speaks of all of them once leaves something out. */
export function saysTooMuch(incident: Parameters): boolean {
  const texts = Object.values(incident).map((value) => spokenText(String(value)));
  return secondsToSpeak(texts.join('')) > SPOKEN_SECONDS;
}

/** Those of the incident that are spoken. Of a guidance stored in Pigeon nobody knows which those are: all, once each. */
function spokenOf(call: StepCall, incident: Parameters): readonly (readonly [string, string])[] {
  const texts = textsOf(call);
  const brought = Object.entries(incident)
    .filter(([name]) => !Object.hasOwn(call.parameters ?? {}, name))
    .map(([name, value]) => ({ name, text: spokenText(String(value)), used: texts.map(timesIn(name)) }))
    .filter(({ used }) => used.some((times) => times > 0));
  const kept = new Map(brought.map(({ name, text }) => [name, text]));
  // What follows a key is a text of its own.
  for (const index of texts.keys()) {
    const here = brought.filter(({ used }) => (used[index] ?? 0) > 0);
    const cut = cutAltogether(
      here.map(({ name, used }) => ({ text: kept.get(name) ?? '', times: used[index] ?? 1 })),
      SPOKEN_SECONDS,
    );
    for (const [at, { name }] of here.entries()) kept.set(name, cut[at] ?? '');
  }
  return [...kept];
}

/** Null: a text that nobody knows. */
function textsOf({ guidance }: StepCall): readonly (string | null)[] {
  if (guidance === undefined) return [null];
  return [
    guidance.messageTemplate,
    ...Object.values(guidance.reactions).flatMap(({ messageTemplate }) => messageTemplate ?? []),
  ];
}

/** How often a text names a parameter. */
const timesIn =
  (name: string) =>
  (text: string | null): number =>
    text === null ? 1 : [...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].filter(([, named]) => named === name).length;
