import type { Draft, DraftStep } from '../draft.js';
import type { Problems } from '../../yaml-file/problem.js';

/** What the keys of each step can and cannot do. */
export function checkKeys(draft: Draft, problems: Problems): void {
  for (const step of draft.steps.values()) {
    checkOneDecides(step, problems);
    checkSentencesAreRead(step, problems);
    checkOneMeaning(step, problems);
    checkKeysAreTold(step, problems);
    checkToldKeysAreThere(step, problems);
  }
}

/** Of the whole file: whether anybody who is called can take the incident. */
export function checkSomebodyCanTakeIt(draft: Draft, problems: Problems): void {
  const taken = [...draft.steps.values()].some(({ keys }) =>
    keys.some(({ action }) => ['acknowledge', 'resolve', 'run'].includes(action.kind)),
  );
  if (taken) return;
  problems.warning(
    'nobody-can-take-it',
    draft.start.place,
    'no key of any step is `acknowledge` or `resolve`: nobody who is called can take the incident, and the calls go on; add 1: acknowledge',
  );
}

function decides(kind: string): boolean {
  return kind !== 'next' && kind !== 'leave';
}

function checkOneDecides({ keys, keysPlace, name, calls }: DraftStep, problems: Problems): void {
  if (keys.some(({ action }) => decides(action.kind))) return;
  const has = keys.length === 0 ? 'has no keys' : 'has only `next` and `leave`';
  const why = calls.some(({ guidance }) => guidance.kind === 'described')
    ? 'Pigeon refuses a guidance that no key can end'
    : 'whoever picks up could decide nothing';
  problems.error(
    'no-deciding-key',
    keysPlace,
    `the step "${name.value}" ${has}: ${why}; add one that decides, such as 1: acknowledge`,
  );
}

function checkSentencesAreRead({ keys, calls }: DraftStep, problems: Problems): void {
  if (calls.some(({ guidance }) => guidance.kind === 'described')) return;
  for (const { key, say } of keys) {
    if (say === undefined) continue;
    problems.warning(
      'ignored-say',
      say.place,
      `this would never be read: the guidance is stored in Pigeon and has its own sentence for key ${key.value}; write it there, or describe the text here with \`say\` in the call`,
    );
  }
}

function checkOneMeaning({ calls, keysPlace }: DraftStep, problems: Problems): void {
  const stored = new Set(calls.flatMap(({ guidance }) => (guidance.kind === 'stored' ? [guidance.id.value] : [])));
  const described = calls.some(({ guidance }) => guidance.kind === 'described');
  if (stored.size + (described ? 1 : 0) < 2) return;
  problems.warning(
    'keys-of-different-guidances',
    keysPlace,
    `these keys stand for ${stored.size + (described ? 1 : 0)} different guidances, at least one of them stored in Pigeon: make sure that each key means the same in all of them`,
  );
}

const SPOKEN: Readonly<Record<string, string>> = {
  1: '1１①一|いち|\\bone\\b',
  2: '2２②二|\\btwo\\b',
  3: '3３③三|さん|\\bthree\\b',
  4: '4４④四|よん|\\bfour\\b',
  5: '5５⑤五|\\bfive\\b',
  6: '6６⑥六|ろく|\\bsix\\b',
  7: '7７⑦七|なな|\\bseven\\b',
  8: '8８⑧八|はち|\\beight\\b',
  9: '9９⑨九|きゅう|\\bnine\\b',
};

/** A key that the text does not mention will not be pressed. */
function checkKeysAreTold({ calls, keys }: DraftStep, problems: Problems): void {
  for (const { guidance } of calls) {
    if (guidance.kind === 'stored') continue;
    const text = guidance.text.value.replaceAll(/\{\{[^{}]*\}\}/g, ' ');
    const untold = keys.filter(({ key }) => !tells(text, key.value));
    // The keys may come with a parameter.
    if (untold.length === keys.length && text !== guidance.text.value) continue;
    for (const { key } of untold) {
      problems.warning(
        'key-untold',
        key.place,
        `the text does not mention key ${key.value}, so nobody will press it; say what it is for, or remove it`,
      );
    }
  }
}

/** "3を押してください" and "press 3", as far as that can be seen in a text. */
const TOLD =
  /(?<![0-9０-９])([1-9１-９])(?:番|のキー|キー|のボタン|ボタン)*を(?:押|プッシュ)|\bpress(?: key)? ([1-9])\b/gi;

function checkToldKeysAreThere({ calls, keys }: DraftStep, problems: Problems): void {
  for (const { guidance } of calls) {
    if (guidance.kind === 'stored') continue;
    for (const [, japanese, english] of guidance.text.value.matchAll(TOLD)) {
      const told = (japanese ?? english ?? '').normalize('NFKC');
      if (keys.some(({ key }) => key.value === told)) continue;
      problems.warning(
        'key-not-there',
        guidance.text.place,
        `the text asks for key ${told}, which \`keys\` of the step does not have: whoever presses it hears the text again; add it, or change the text`,
      );
    }
  }
}

function tells(text: string, key: string): boolean {
  const [characters = key, ...words] = (SPOKEN[key] ?? key).split('|');
  return new RegExp(`[${characters}]${words.map((word) => `|${word}`).join('')}`, 'i').test(text);
}
