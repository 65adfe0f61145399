import type { Problems } from '../../yaml-file/problem.js';
import type { YamlFile } from '../../yaml-file/read-file.js';
import { decides, stepsOf, type Placed } from '../parts.js';
import type { PolicyFile } from '../policy-file-schema.js';

/** What the keys of each step can and cannot do. */
export function checkKeys(policy: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  for (const step of stepsOf(policy)) {
    checkOneDecides(step, file, problems);
    checkSentencesAreRead(step, file, problems);
    checkOneMeaning(step, file, problems);
    checkKeysAreTold(step, file, problems);
    checkToldKeysAreThere(step, file, problems);
  }
}

/** Of the whole file: whether anybody who is called can take the incident. */
export function checkSomebodyCanTakeIt(policy: PolicyFile, file: YamlFile<unknown>, problems: Problems): void {
  const taken = stepsOf(policy).some(({ keys }) =>
    keys.some(({ action }) =>
      typeof action === 'string' ? action === 'acknowledge' || action === 'resolve' : 'run' in action,
    ),
  );
  if (taken) return;
  problems.warning(
    'nobody-can-take-it',
    file.at(['start']),
    'no key of any step is `acknowledge` or `resolve`: nobody who is called can take the incident, and the calls continue; add 1: acknowledge',
  );
}

function checkOneDecides({ keys, path, name, calls }: Placed, file: YamlFile<unknown>, problems: Problems): void {
  if (keys.some(({ action }) => decides(action))) return;
  const has = keys.length === 0 ? 'has no keys' : 'has only `next` and `leave`';
  const why = calls.some(({ call }) => call.say !== undefined)
    ? 'Pigeon refuses a guidance that no key can end'
    : 'the person who picks up could decide nothing';
  problems.error(
    'no-deciding-key',
    file.keyAt([...path, 'keys']),
    `the step "${name}" ${has}: ${why}; add one that decides, such as 1: acknowledge`,
  );
}

function checkSentencesAreRead({ keys, calls }: Placed, file: YamlFile<unknown>, problems: Problems): void {
  if (calls.some(({ call }) => call.say !== undefined)) return;
  for (const { key, say, path } of keys) {
    if (say === undefined) continue;
    problems.warning(
      'ignored-say',
      file.at([...path, 'say']),
      `this would never be read: the guidance is stored in Pigeon and has its own sentence for key ${key}; write it there, or describe the text here with \`say\` in the call`,
    );
  }
}

function checkOneMeaning({ calls, path }: Placed, file: YamlFile<unknown>, problems: Problems): void {
  const stored = new Set(calls.flatMap(({ call }) => call.guidanceId ?? []));
  const described = calls.some(({ call }) => call.say !== undefined);
  if (stored.size + (described ? 1 : 0) < 2) return;
  problems.warning(
    'keys-of-different-guidances',
    file.keyAt([...path, 'keys']),
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
function checkKeysAreTold({ calls, keys }: Placed, file: YamlFile<unknown>, problems: Problems): void {
  for (const { say } of calls.map(({ call }) => call)) {
    if (say === undefined) continue;
    const text = say.replaceAll(/\{\{[^{}]*\}\}/g, ' ');
    const untold = keys.filter(({ key }) => !tells(text, key));
    // The keys may come with a parameter.
    if (untold.length === keys.length && text !== say) continue;
    for (const { key, path } of untold) {
      problems.warning(
        'key-untold',
        file.keyAt(path),
        `the text does not mention key ${key}, so nobody will press it; say what it is for, or remove it`,
      );
    }
  }
}

/** "3を押してください" and "press 3", as far as that can be seen in a text. */
const TOLD =
  /(?<![0-9０-９])([1-9１-９])(?:番|のキー|キー|のボタン|ボタン)*を(?:押|プッシュ)|\bpress(?: key)? ([1-9])\b/gi;

function checkToldKeysAreThere({ calls, keys }: Placed, file: YamlFile<unknown>, problems: Problems): void {
  for (const { call, path } of calls) {
    for (const [, japanese, english] of (call.say ?? '').matchAll(TOLD)) {
      const told = (japanese ?? english ?? '').normalize('NFKC');
      if (keys.some(({ key }) => key === told)) continue;
      problems.warning(
        'key-not-there',
        file.at([...path, 'say']),
        `the text asks for key ${told}, which \`keys\` of the step does not have: the person who presses it hears the text again; add it, or change the text`,
      );
    }
  }
}

function tells(text: string, key: string): boolean {
  const [characters = key, ...words] = (SPOKEN[key] ?? key).split('|');
  return new RegExp(`[${characters}]${words.map((word) => `|${word}`).join('')}`, 'i').test(text);
}
