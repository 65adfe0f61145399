/**
 * What an alert brings is written for screens: Slack and Markdown signs, HTML, addresses. Here it becomes what a voice can
 * say, and no more of it than people listen to before they hear the keys. The incident keeps the whole text.
 */

/** Altogether, in one reading of the text. */
export const SPOKEN_SECONDS = 30;

/**
 * Speed of the voice. Guess: Japanese as it makes the manual's "about 3.5 minutes for six readings" come true for a usual
 * guidance of 150 characters with the waits for a key between; Latin letters at the pace of spoken English; digits one by one.
 */
const WIDE_PER_SECOND = 5;
const NARROW_PER_SECOND = 15;
const WIDE = /[0-9%$\u{2E80}-\u{10FFFF}]/u;

/** How long a voice takes for a text, in seconds. */
export function secondsToSpeak(text: string): number {
  let seconds = 0;
  for (const character of text) seconds += secondsOf(character);
  return seconds;
}

const secondsOf = (character: string): number => 1 / (WIDE.test(character) ? WIDE_PER_SECOND : NARROW_PER_SECOND);

const SENTENCE_END = /[。．！？!?]["'」』)）]?$|\.\s$/u;
const WORD_END = /[\s、，,・:：;；)）」』】]$/u;
/** Belongs to the character before it. */
const ATTACHED = /\p{M}|\u200D|\uFE0F/u;

/** The beginning of a text that takes no longer, to the end of a sentence, else of a word, with "…"; whole where it fits. */
export function cutToSpeak(text: string, seconds: number): string {
  const characters = Array.from(text);
  let taken = 0;
  let end = 0;
  let wordEnd = 0;
  let sentenceEnd = 0;
  for (const [index, character] of characters.entries()) {
    taken += secondsOf(character);
    // Sums of fractions: a text that fits exactly is not cut.
    if (taken > seconds + 0.001) break;
    end = index + 1;
    const last = characters.slice(Math.max(0, index - 1), end).join('');
    if (SENTENCE_END.test(last)) sentenceEnd = end;
    if (WORD_END.test(last)) wordEnd = end;
  }
  if (end === characters.length) return text;
  // Half a text that ends well is better than a whole one that breaks off; a tenth is not.
  let cut = sentenceEnd * 2 >= end ? sentenceEnd : wordEnd * 2 >= end ? wordEnd : end;
  while (cut > 0 && ATTACHED.test(characters[cut] ?? '')) cut -= 1;
  return `${characters.slice(0, cut).join('').trimEnd()}…`;
}

/**
 * Cuts texts so that all of them together, each as often as it is read, take no longer. Short ones stay whole: a long summary
 * does not take the name of the server away.
 */
export function cutAltogether(
  texts: readonly { readonly text: string; readonly times: number }[],
  seconds: number,
): readonly string[] {
  const lengths = texts.map(({ text, times }) => secondsToSpeak(text) * times);
  let left = seconds;
  let share = 0;
  const byLength = lengths.toSorted((a, b) => a - b);
  for (const [index, length] of byLength.entries()) {
    share = left / (byLength.length - index);
    if (length > share) break;
    left -= length;
    share = Infinity;
  }
  return texts.map(({ text, times }, index) =>
    (lengths[index] ?? 0) <= share ? text : cutToSpeak(text, share / times),
  );
}

/** Far longer than any text is spoken, so that the patterns below have little to look at. */
const MAX_TEXT_LENGTH = 4_000;
const TAG =
  /<\/?(?:a|b|i|u|s|p|br|hr|em|tt|li|ul|ol|td|th|tr|del|div|img|pre|code|font|span|small|table|strong|blockquote|h[1-6])(?:\s[^<>]{0,1000})?\/?>/giu;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** In an order that counts: what stands around other signs first. */
const REWRITES: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  // What is over is never spoken; how many fire says the text of a group.
  [/^\s*\[(?:firing|alerting|resolved|ok)(?::\d+)?\]\s*/giu, ''],
  [TAG, ' '],
  [/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,6}));/giu, entity],
  // Slack: <!channel>, <@U012>, <#C012|name>, <https://…|text>, <https://…>
  [/<[!@][^<>|\s]{1,80}(?:\|[^<>]{0,80})?>/gu, ' '],
  [/<(?:#|https?:\/\/|mailto:)[^<>|\s]{1,2000}\|([^<>]{1,300})>/giu, '$1'],
  [/<(https?:\/\/[^<>\s]{1,2000})>/giu, '$1'],
  // Markdown: ![text](address), [text](address)
  [/!?\[([^\][]{0,300})\]\((?:https?:\/\/|\/|#|mailto:)[^()\s]{0,2000}\)/giu, '$1'],
  [/\bhttps?:\/\/([^\s<>"'、。「」（）()]{1,2000})/giu, (_, address) => readableAddress(address)],
  // Left by templates: {{ $labels.instance }}, {HOST.NAME1}, {$ENV}, [no value], <no value>
  [/\{\{[^{}]{0,200}\}\}|\{[#$]?[A-Z][A-Z0-9_.]{2,60}\}|[[<]no value[\]>]/gu, ' '],
  [/(^|[\s(])[*_~]{0,3}`{1,3}([^`]{1,300})`{1,3}[*_~]{0,3}/gu, '$1$2'],
  [/(\*{1,3}|~{1,2})(?=[^\s*~])([^*~]{1,300})(?<=\S)\1/gu, '$2'],
  [/(^|[\s(（「])_{1,2}(?=[^\s_])([^_]{1,300})_{1,2}(?=$|[\s).,:;!?、。」）])/gu, '$1$2'],
  [/(^|\n)[ \t]{0,20}(?:#|[-*+])(?=\s)/gu, '$1'],
  [/(^|\s)(?:#{2,6}|[•▪◦‣])(?=\s)/gu, '$1'],
  // :fire:
  [/(^|\s):[a-z][a-z0-9_+-]{1,40}:(?=\s|$)/gu, '$1'],
  // 12.34567890123
  [/(?<![\d.])([1-9]\d{0,8}\.\d{2})\d{2,}(?![\d.])/gu, '$1'],
  // What stood in them is gone.
  [/[([（]\s{0,20}[)\]）]/gu, ' '],
  [/\s+/gu, ' '],
];

/** What a voice can say of a text. Where nothing would be left, the text itself. */
export function spokenText(written: string): string {
  const text = written.slice(0, MAX_TEXT_LENGTH);
  const spoken = REWRITES.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by as string), text).trim();
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : text.replaceAll(/[{}]/g, '');
}

function entity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code >= 32 && code < 0xd800 ? String.fromCodePoint(code) : ' ';
}

const MAX_SEGMENTS = 3;

/** `shop.example.jp/health`: the host, and the parts of its path that people would name. */
function readableAddress(address: string): string {
  const [, host = '', path = ''] =
    /^(?:[^@/]{0,200}@)?([^/?#:]{0,253})(?::\d{1,5})?([^?#]{0,2000})/u.exec(address) ?? [];
  const named = path.split('/').filter((s) => s !== '' && s.length <= 24 && !/\d{4}|[\da-f]{8}/iu.test(s));
  return [host, ...named.slice(0, MAX_SEGMENTS)].join('/');
}
