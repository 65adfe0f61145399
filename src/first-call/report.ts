/** The report that can be sent to somebody: no number, no token, no address, nothing of other people's calls. Pure. */
import type { Experiment } from './experiments.js';
import { findingsOf, type Finding, NOT_ASKED, type Seen } from './findings.js';
import { fieldOf, textIn } from './lab.js';
import type { Exchange } from './recorder.js';

export interface Played {
  readonly experiment: Experiment;
  /** In the space; null: it was left out. */
  readonly space: readonly Exchange[] | null;
  readonly emulator: readonly Exchange[];
}

export interface Hidden {
  /** Digits. */
  readonly phone: string;
  /** Host of the space. */
  readonly host: string;
  readonly runs: readonly string[];
}

export function reportOf(
  version: string,
  played: readonly Played[],
  { space, emulator }: { readonly space: Seen; readonly emulator: Seen },
  hidden: Hidden,
): string {
  const ofEmulator = new Map(findingsOf(emulator).map(({ unknown, answer }) => [unknown, answer]));
  const found = findingsOf(space);
  return (
    [
      '# First calls in a Pigeon space',
      `By pigeonflow ${version}. Telephone numbers, the address of the space, tokens, and the calls of other people are left out.`,
      '## What these calls have shown',
      table(
        ['unknown', 'this space', 'the emulator'],
        found.filter(({ answer }) => answer !== null).map((one) => row(one, ofEmulator)),
        hidden,
      ),
      '## What they have not',
      [...found.filter(({ answer }) => answer === null).map(({ unknown }) => unknown), ...NOT_ASKED]
        .map((one) => `- ${one}`)
        .join('\n'),
      ...played.flatMap((one) => sectionOf(one, hidden)),
    ].join('\n\n') + '\n'
  );
}

const row = ({ unknown, answer }: Finding, ofEmulator: ReadonlyMap<string, string | null>): readonly string[] => {
  const emulated = ofEmulator.get(unknown) ?? null;
  return [unknown, answer ?? '', emulated === null ? '' : emulated === answer ? 'the same' : emulated];
};

function sectionOf({ experiment, space, emulator }: Played, hidden: Hidden): readonly string[] {
  const head = `## ${experiment.name}: ${experiment.about}`;
  if (space === null) return [head, 'Left out.'];
  return [head, ...differing(space).map((exchange) => exchangeOf(exchange, emulator, hidden))];
}

/** Many looks at a result are alike. */
function differing(exchanges: readonly Exchange[]): readonly Exchange[] {
  const seen = new Set<string>();
  return exchanges.filter((one) => seen.size < seen.add(JSON.stringify([placeOf(one), one.status, shapeOf(one)])).size);
}

const placeOf = ({ method, path }: Exchange): string =>
  `${method} ${path.replace(/\?.*/, '').replace(/(?<=results\/).*/, '{id}')}`;
const shapeOf = ({ answer }: Exchange): unknown => [
  textIn(answer, 'status'),
  fieldOf(answer, 'isActive'),
  fieldOf(answer, 'calls', 'length'),
];

function exchangeOf(exchange: Exchange, emulator: readonly Exchange[], hidden: Hidden): string {
  const like = emulator.find(
    (one) => placeOf(one) === placeOf(exchange) && textIn(one.answer, 'status') === textIn(exchange.answer, 'status'),
  );
  const emulated =
    like === undefined
      ? 'The emulator did not answer so.'
      : like.status === exchange.status
        ? ''
        : `The emulator: ${like.status}.`;
  return [
    `### ${placeOf(exchange)} → ${exchange.status}`,
    ...(exchange.sent === undefined ? [] : [code('sent', exchange.sent, hidden)]),
    code('answered', exchange.answer, hidden),
    ...(emulated === '' ? [] : [emulated]),
  ].join('\n\n');
}

const code = (what: string, value: unknown, hidden: Hidden): string =>
  `${what}:\n\n\`\`\`json\n${masked(JSON.stringify(withoutOthers(value, hidden), null, 2) ?? '', hidden)}\n\`\`\``;

function table(head: readonly string[], rows: readonly (readonly string[])[], hidden: Hidden): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => masked(cell, hidden).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Lists hold what others have asked for. */
function withoutOthers(value: unknown, { runs }: Hidden): unknown {
  const isList = Array.isArray(value) || Array.isArray(fieldOf(value, 'items'));
  if (!isList) return value;
  const items = (Array.isArray(value) ? value : fieldOf(value, 'items')) as readonly unknown[];
  const ours = items.filter((item) => runs.includes(textIn(item, 'resultId') ?? ''));
  const shown = [...ours, `and ${items.length - ours.length} of other people`];
  return Array.isArray(value) ? shown : { ...(value as object), items: shown };
}

/** In whatever form the number comes back: with a country, with hyphens. */
function masked(text: string, { phone, host }: Hidden): string {
  const digits = phone.replaceAll(/\D/g, '').replace(/^(?:81|0)/, '');
  const number = new RegExp(`[+(]*(?:81[\\s()-]*)?0?[\\s()-]*${digits.split('').join('[\\s()-]*')}`, 'g');
  return text.replaceAll(number, '<number>').replaceAll(host, '<space>');
}
