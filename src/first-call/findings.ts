/** What the answers of a space say of what nobody outside the vendor knows. Pure. */
import { fieldOf, isOver, type Lab, textIn } from './lab.js';
import type { Exchange } from './recorder.js';

export interface Finding {
  /** What is not known, in a few words. */
  readonly unknown: string;
  /** Null: these calls did not show it. */
  readonly answer: string | null;
}

export type Seen = Pick<Lab, 'exchanges' | 'measured' | 'runs'>;

export function findingsOf(seen: Seen): readonly Finding[] {
  const results = seen.exchanges.filter(isResult).filter(({ status }) => status < 300);
  const ended = results.filter(({ answer }) => isOver(answer));
  const lists = seen.exchanges.filter(({ path, status }) => path.startsWith('/calls') && status < 300);
  const ours = lists
    .flatMap(({ answer }) => itemsOf(answer))
    .filter((item) => seen.runs.includes(textIn(item, 'resultId') ?? ''));
  return [
    { unknown: 'keys of a result', answer: keysOf(ended.at(-1)?.answer ?? results.at(-1)?.answer) },
    { unknown: 'keys of an item of the list of calls', answer: keysOf(ours[0]) },
    { unknown: 'words of the status of a run', answer: words(results.map(({ answer }) => textIn(answer, 'status'))) },
    { unknown: 'words of the status of a call', answer: words(callsIn(results).map((call) => textIn(call, 'status'))) },
    { unknown: 'whether a result always says `isActive`', answer: alwaysActive(results) },
    { unknown: 'whether a run that waits for a line is in the list', answer: waitingListed(seen, lists) },
    { unknown: 'how soon a line is free after hanging up', answer: lineFree(seen) },
    { unknown: 'how many telephones ring at once', answer: atOnce(seen) },
    { unknown: 'what becomes of a call to a busy number', answer: busyCall(seen) },
    { unknown: 'what is said of a full queue', answer: fullQueue(seen) },
    { unknown: 'how many runs a queue holds', answer: queueSize(seen) },
    { unknown: 'whether a run with ad-hoc contacts keeps its parameters', answer: keepsParameters(results) },
    { unknown: 'order of the list of calls', answer: order(seen, lists) },
    { unknown: 'answer to an abort', answer: abortOf(seen, 'active') },
    { unknown: 'answer to an abort of a run that has ended', answer: abortOf(seen, 'ended') },
    { unknown: 'answer to an abort of a run that never was', answer: abortOf(seen, 'unknown') },
    {
      unknown: 'answer to a wrong token',
      answer: refusal(seen.exchanges.find(({ path }) => path === '/calls?offset=0&limit=1')),
    },
    {
      unknown: 'answer to a result that never was',
      answer: refusal(seen.exchanges.filter(isResult).find((one) => !isOurs(one, seen))),
    },
    { unknown: 'answer to a call without contacts', answer: refusal(seen.exchanges.find(isEmptyCall)) },
  ];
}

/** What no telephone of one's own can show, or what would need a storm of requests. */
export const NOT_ASKED = [
  'how many requests a second are allowed',
  'reasons for `rejected` other than a full queue, and the longest wait for a line',
  'literal and target of a transfer',
  'keys 0, * and #; the seconds in which a key is waited for; what six readings without a key come to',
  'several telephones of one contact, and when everybody has left a call flow',
  'limits of lengths and numbers, and details of {{templates}}',
  'webhooks of runs that were cancelled or failed',
  'a stored guidance with ad-hoc contacts',
] as const;

const isResult = ({ path }: Exchange): boolean => path.startsWith('/results/');
const isOurs = ({ path }: Exchange, { runs }: Seen): boolean => runs.some((run) => path.includes(run));
const isEmptyCall = ({ path, sent }: Exchange): boolean =>
  path === '/chain/invoke' && JSON.stringify(sent) === '{"params":{}}';

function itemsOf(answer: unknown): readonly unknown[] {
  const items = Array.isArray(answer) ? answer : fieldOf(answer, 'items');
  return Array.isArray(items) ? (items as unknown[]) : [];
}

function callsIn(results: readonly Exchange[]): readonly unknown[] {
  return results.flatMap(({ answer }) => {
    const calls = fieldOf(answer, 'calls');
    return Array.isArray(calls) ? (calls as unknown[]) : [];
  });
}

const keysOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : null;

function words(found: readonly (string | null)[]): string | null {
  const distinct = [...new Set(found.filter((word) => word !== null))];
  return distinct.length === 0 ? null : distinct.join(', ');
}

function alwaysActive(results: readonly Exchange[]): string | null {
  if (results.length === 0) return null;
  const without = results.filter(({ answer }) => typeof fieldOf(answer, 'isActive') !== 'boolean').length;
  return without === 0 ? `yes, in ${results.length} results` : `no: ${without} of ${results.length} results had none`;
}

/** The list that was read while the first telephone rang and the second run had not. */
function waitingListed({ exchanges, measured }: Seen, lists: readonly Exchange[]): string | null {
  if (measured.get('secondRangAtOnce') !== 'no') return null;
  const second = measured.get('second');
  const list = lists.find(({ at }) =>
    exchanges.some((one) => typeof second === 'string' && one.path.includes(second) && one.at <= at),
  );
  if (list === undefined) return null;
  const item = itemsOf(list.answer).find((one) => textIn(one, 'resultId') === second);
  return item === undefined ? 'no' : `yes, as "${textIn(item, 'status') ?? '?'}"`;
}

function lineFree({ measured }: Seen): string | null {
  const ms = measured.get('lineFreeAfterMs');
  return typeof ms === 'number' && measured.get('secondRangAtOnce') === 'no' ? `${(ms / 1000).toFixed(1)} s` : null;
}

function atOnce({ measured }: Seen): string | null {
  const word = measured.get('secondRangAtOnce');
  return word === undefined ? null : word === 'no' ? 'one' : 'two or more';
}

function busyCall({ exchanges, measured }: Seen): string | null {
  const run = measured.get('busy');
  const last = exchanges.filter(({ path }) => typeof run === 'string' && path.includes(run)).findLast(isResult);
  if (last === undefined) return null;
  return `the call: ${words(callsIn([last]).map((call) => textIn(call, 'status'))) ?? 'not shown'}; the run: ${textIn(last.answer, 'status') ?? '?'}`;
}

function fullQueue({ exchanges, measured }: Seen): string | null {
  if (measured.get('fullAnswer') === undefined) return null;
  const rejected = exchanges.find(
    ({ path, answer }) => path === '/chain/invoke' && textIn(answer, 'status') === 'rejected',
  );
  if (rejected === undefined) return 'it was not full yet';
  const title = textIn(rejected.answer, 'errorDescriptor', 'title');
  const detail = textIn(rejected.answer, 'errorDescriptor', 'detail');
  return `${rejected.status}, rejected, ${title === null ? `keys ${keysOf(rejected.answer)}` : `"${title}": "${detail ?? ''}"`}`;
}

function queueSize({ measured }: Seen): string | null {
  const taken = measured.get('takenUntilFull');
  return typeof taken !== 'number'
    ? null
    : measured.get('fullAnswer') === 'rejected'
      ? `about ${taken}`
      : `more than ${taken}`;
}

function keepsParameters(results: readonly Exchange[]): string | null {
  if (results.length === 0) return null;
  return results.some(({ answer }) => textIn(answer, 'parameters', 'pigeonflowRef') !== null) ? 'yes' : 'no';
}

function order({ runs }: Seen, lists: readonly Exchange[]): string | null {
  for (const { answer } of lists.toReversed()) {
    const places = itemsOf(answer)
      .map((item) => runs.indexOf(textIn(item, 'resultId') ?? ''))
      .filter((place) => place >= 0);
    const [first, last] = [places[0], places.at(-1)];
    if (first !== undefined && last !== undefined && first !== last)
      return first > last ? 'newest first' : 'oldest first';
  }
  return null;
}

function abortOf(seen: Seen, what: 'active' | 'ended' | 'unknown'): string | null {
  const found = seen.exchanges
    .filter(({ path }) => path === '/chain/abort')
    .find((abort) => {
      const run = textIn(abort.sent, 'resultId') ?? '';
      if (!seen.runs.includes(run)) return what === 'unknown';
      const before = seen.exchanges
        .filter((one) => isResult(one) && one.path.includes(run) && one.at <= abort.at)
        .at(-1);
      return what === (isOver(before?.answer) ? 'ended' : 'active');
    });
  return found === undefined ? null : refusal(found);
}

function refusal(exchange: Exchange | undefined): string | null {
  if (exchange === undefined) return null;
  const { status, contentType, answer } = exchange;
  const body =
    typeof answer === 'object'
      ? `JSON with ${keysOf(answer) ?? 'nothing'}`
      : answer === ''
        ? 'no body'
        : (contentType ?? 'text');
  return `${status}, ${body}`;
}
