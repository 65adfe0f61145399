import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { receive, type Received, type SourceContext, type SourceRequest } from '../../src/alerts/alert.js';
import { parseBody } from '../../src/alerts/body.js';
import { loadSource } from '../../src/alerts/sources.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const folder = join(projectRoot, 'test/alerts/samples');

/** `<source>.<what it is>.json`: bodies in the shapes of the public documentation, with invented values. */
export const samples = readdirSync(folder)
  .toSorted()
  .map((file) => ({ file, path: join(folder, file), source: file.split('.')[0] ?? '' }));

export function bodyOf(file: string): unknown {
  const parsed = parseBody(readFileSync(join(folder, file)));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.body;
}

const CONTEXT: SourceContext = { newKey: () => 'key-of-ours' };

export async function received(
  source: string,
  request: Partial<SourceRequest>,
  context: Partial<SourceContext> = {},
): Promise<Received> {
  const found = await loadSource(source);
  if (found === undefined) throw new Error(`there is no source "${source}"`);
  return receive(source, found, { headers: {}, query: {}, body: undefined, ...request }, { ...CONTEXT, ...context });
}

export async function receivedSample(file: string, context: Partial<SourceContext> = {}): Promise<Received> {
  return received(file.split('.')[0] ?? '', { body: bodyOf(file) }, context);
}

/** The only alert of a request that fits; else the test fails with the reason. */
export async function onlyAlert(source: string, body: unknown) {
  const result = await received(source, { body });
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  const [alert, second] = result.alerts;
  if (alert === undefined || second !== undefined) throw new Error(`${result.alerts.length} alerts`);
  return alert;
}
