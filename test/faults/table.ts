import { FAULTS } from './faults.js';
import type { Measured } from './measure.js';
import { POINT_NAMES, pointOf } from './points.js';
import type { RowResult } from './results.js';
import { isSoak, SOAKS } from './soak.js';

function titleOf(fault: string): string {
  return isSoak(fault) ? SOAKS[fault].title : (FAULTS[fault]?.title ?? fault);
}

/** One row in one line, for whoever waits for it. */
export function lineOf({ fault, repeat, runs }: RowResult): string {
  const { expected, placed, lost, doubled, silent, unknown, late } = totalOf(runs);
  return `${fault} (${repeat}): ${placed} of ${expected} calls placed, ${lost} lost, ${doubled} doubled (${silent} in silence), ${unknown} unknown; late ${late}`;
}

/** What the faults did, a row each, and how late they made each point. */
export function tables(rows: readonly RowResult[]): string {
  const faults = [...Object.keys(FAULTS), ...Object.keys(SOAKS)].filter((fault) =>
    rows.some((row) => row.fault === fault),
  );
  const runsOf = (fault: string) => rows.filter((row) => row.fault === fault).flatMap(({ runs }) => runs);
  const times = (fault: string) => rows.filter((row) => row.fault === fault).length;
  const verdicts = faults.map((fault) => {
    const { expected, placed, lost, doubled, silent, unknown, late } = totalOf(runsOf(fault));
    const doubles = doubled === 0 ? '0' : `${doubled}, ${doubled - silent} named`;
    return `| ${titleOf(fault)} | ${times(fault)} | ${runsOf(fault).length} | ${expected} | ${placed} | ${lost} | ${doubles} | ${unknown} | ${late} |`;
  });
  const points = POINT_NAMES.map((name, index) => `${index + 1}. ${pointOf(name).title}`);
  const latest = faults
    .filter((fault) => !isSoak(fault))
    .map((fault) => {
      const cells = POINT_NAMES.map((point) => {
        if (FAULTS[fault]?.cannot?.[point] !== undefined) return 'cannot be';
        const late = latenesses(runsOf(fault).filter((run) => run.point === point));
        return late.length === 0 ? '–' : seconds(late.at(-1) ?? 0);
      });
      return `| ${titleOf(fault)} | ${cells.join(' | ')} |`;
    });
  return [
    '| fault | times | workflows | calls expected | placed | lost | doubled | unknown, said so | seconds late: p95, max |',
    '|---|---|---|---|---|---|---|---|---|',
    ...verdicts,
    '',
    'Seconds late, the worst of all repeats, by the point at which a workflow stood when the fault struck:',
    '',
    ...points,
    '',
    `| fault | ${POINT_NAMES.map((_, index) => index + 1).join(' | ')} |`,
    `|---|${POINT_NAMES.map(() => '---').join('|')}|`,
    ...latest,
    '',
    ...reasons(),
  ].join('\n');
}

/** Why some cells cannot be. */
function reasons(): readonly string[] {
  const incidentsAlone = POINT_NAMES.filter((name) => pointOf(name).only === 'incident').map(numberOf);
  return [
    `- Points ${incidentsAlone.join(' and ')} exist in incidents alone: a call has no children and no updates.`,
    ...Object.entries(FAULTS).flatMap(([fault, { cannot = {} }]) => {
      const names = POINT_NAMES.filter((name) => cannot[name] !== undefined);
      if (names.length === 0) return [];
      const why = [...new Set(names.map((name) => cannot[name]))].join('; ');
      return [`- "${titleOf(fault)}" at point ${names.map(numberOf).join(', ')}: ${why}.`];
    }),
  ];
}

const numberOf = (name: (typeof POINT_NAMES)[number]): number => POINT_NAMES.indexOf(name) + 1;

function totalOf(runs: readonly Measured[]) {
  const sum = (of: (run: Measured) => number) => runs.reduce((total, run) => total + of(run), 0);
  const late = latenesses(runs);
  const p95 = late[Math.max(0, Math.ceil(late.length * 0.95) - 1)] ?? 0;
  return {
    expected: sum((run) => run.expected),
    placed: sum((run) => run.placed),
    lost: sum((run) => run.lost),
    doubled: sum((run) => run.doubled),
    silent: sum((run) => run.silent),
    unknown: sum((run) => run.unknown),
    late: `${seconds(p95)}, ${seconds(late.at(-1) ?? 0)}`,
  };
}

const latenesses = (runs: readonly Measured[]): readonly number[] =>
  runs.flatMap(({ late }) => late ?? []).toSorted((one, other) => one - other);

const seconds = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
