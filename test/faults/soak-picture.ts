/** What was seen at one moment. */
export interface Sample {
  readonly seconds: number;
  /** Resident memory of the worker that lives through it all, and of the Temporal server. */
  readonly workerMiB: number;
  readonly serverMiB: number;
  /** Open files and sockets of that worker. */
  readonly handles: number;
  /** Workflows in its cache. */
  readonly cached: number;
  /** Seconds from the start of an incident to its first call, the latest since the sample before. */
  readonly latest: number;
}

const PANELS = [
  ['workerMiB', 'memory of a worker, MiB', '#1864ab'],
  ['serverMiB', 'memory of the Temporal server, MiB', '#5c940d'],
  ['handles', 'open files and sockets of the worker', '#862e9c'],
  ['cached', 'workflows in its cache', '#e67700'],
  ['latest', 'start to ringing, the latest, s', '#c92a2a'],
] as const;
const [LEFT, WIDTH, HEIGHT, GAP] = [60, 760, 70, 40];

/** Small pictures under one another, each from 0. */
export function pictureOfSoak(samples: readonly Sample[]): string {
  const end = Math.max(...samples.map(({ seconds }) => seconds), 1);
  const x = (seconds: number) => LEFT + (seconds / end) * (WIDTH - LEFT - 20);
  const panels = PANELS.map(([key, label, color], index) => {
    const top = 30 + index * (HEIGHT + GAP);
    const most = Math.max(...samples.map((sample) => sample[key]), 1);
    const points = samples.map(
      (sample) => `${x(sample.seconds).toFixed(1)},${(top + HEIGHT * (1 - sample[key] / most)).toFixed(1)}`,
    );
    return [
      `<text x="${LEFT}" y="${top - 8}">${label}</text>`,
      `<text x="${LEFT - 6}" y="${top + 8}" text-anchor="end">${most.toFixed(most < 10 ? 1 : 0)}</text>`,
      `<text x="${LEFT - 6}" y="${top + HEIGHT}" text-anchor="end">0</text>`,
      `<path d="M${LEFT} ${top}V${top + HEIGHT}H${WIDTH - 20}" fill="none" stroke="#adb5bd"/>`,
      `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
    ].join('\n');
  });
  const height = 30 + PANELS.length * (HEIGHT + GAP) + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Memory, handles, cache and lateness over time" font-family="sans-serif" font-size="12" fill="#212529">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${panels.join('\n')}
<text x="${LEFT}" y="${height - 12}">0 min</text>
<text x="${WIDTH - 20}" y="${height - 12}" text-anchor="end">${(end / 60).toFixed(0)} min</text>
</svg>
`;
}
