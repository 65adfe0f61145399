/** One series of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  /** As Prometheus gets it. */
  readonly text: string;
  readonly series: readonly Series[];
  /** Kinds by name of metric: `counter`, `gauge`, `histogram`. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Sum over the series of a name that carry these labels. */
  readonly sum: (name: string, labels?: Readonly<Record<string, string>>) => number;
}

/** Reads the metrics endpoint of a worker. */
export async function scrape(port: number): Promise<Scrape> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const series = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', is = '']) => [key, is])),
    value: Number(value),
  }));
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
  const sum: Scrape['sum'] = (name, labels = {}) =>
    series
      .filter((one) => one.name === name && Object.entries(labels).every(([key, is]) => one.labels[key] === is))
      .reduce((total, { value }) => total + value, 0);
  return { text, series, kinds, sum };
}
