/** The idle part as a picture: for each subject half of all starts, 95 % and 99 %. */
export interface Row {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const LABELS: Readonly<Record<string, string>> = {
  floor: 'bare Temporal',
  floorOnTwoQueues: 'bare, on two queues',
  pigeonCall: 'pigeonCall',
  incident: 'incident, level 1',
  onDuty: 'incident with a schedule',
  alert: 'alert at the gateway',
  branch: 'level 1 refused to level 2',
};
const SHADES = { p50: '#1864ab', p95: '#74c0fc', p99: '#d0ebff' } as const;
const LEFT = 190;
const WIDTH = 760;
const ROW = 34;

export function pictureOf(rows: readonly Row[], machine: string): string {
  const most = Math.max(...rows.map(({ p99 }) => p99));
  const step = [5, 10, 20, 50, 100, 200, 500].find((size) => most / size <= 8) ?? 1000;
  const end = Math.ceil(most / step) * step;
  const x = (ms: number) => LEFT + (ms / end) * (WIDTH - LEFT - 40);
  const bottom = 40 + rows.length * ROW;
  const ticks = Array.from({ length: end / step + 1 }, (_, index) => index * step);
  const bars = rows.flatMap(({ name, ...at }, index) => {
    const y = 40 + index * ROW;
    return [
      `<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${LABELS[name] ?? name}</text>`,
      // The longest first, so that the shorter are in front.
      ...(['p99', 'p95', 'p50'] as const).map(
        (key) =>
          `<rect x="${LEFT}" y="${y + 4}" width="${(x(at[key]) - LEFT).toFixed(1)}" height="20" fill="${SHADES[key]}"/>`,
      ),
      `<text x="${(x(at.p50) - 6).toFixed(1)}" y="${y + 18}" text-anchor="end" fill="#fff">${at.p50.toFixed(0)}</text>`,
    ];
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 50}" role="img" aria-label="Start to the request to call, ms" font-family="sans-serif" font-size="12" fill="#212529">`,
    `<rect width="${WIDTH}" height="${bottom + 50}" fill="#fff"/>`,
    ...(['p50', 'p95', 'p99'] as const).map(
      (key, index) =>
        `<rect x="${LEFT + index * 130}" y="12" width="14" height="14" fill="${SHADES[key]}"/><text x="${LEFT + 20 + index * 130}" y="24">${key.slice(1)} % within</text>`,
    ),
    ...ticks.map(
      (ms) =>
        `<line x1="${x(ms).toFixed(1)}" x2="${x(ms).toFixed(1)}" y1="36" y2="${bottom}" stroke="#dee2e6"/><text x="${x(ms).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${ms}</text>`,
    ),
    ...bars,
    `<text x="${LEFT}" y="${bottom + 38}">ms from the start to the request to call, idle. ${machine}</text>`,
    '</svg>',
  ].join('\n')}\n`;
}
