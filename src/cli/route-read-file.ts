import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { knownPolicy } from '../routing/known-policies.js';
import { readRoutes } from '../routing/read-routes.js';
import type { Routes } from '../routing/routes.js';
import { sourceNames } from '../alerts/sources.js';
import type { Policy } from '../contract/policy-schema.js';
import {
  describeReadFailure,
  fileProblems,
  readSource,
  type FileProblems,
  peopleOf,
  readPolicyFile,
} from './file-problems.js';
import { UsageError } from './exit-code.js';

/** What has become of one routing file: with routes there are only warnings. */
export interface RouteFileReading extends FileProblems {
  readonly routes: Routes | undefined;
}

/** By name; null where the file has mistakes, or another name than its policy. */
export type PoliciesByName = ReadonlyMap<string, Policy | null>;

/** @param policies What the rules may name; undefined: any name is taken on trust. */
export function readRouteFile(file: string, policies: PoliciesByName | undefined, now: number): RouteFileReading {
  const read = readSource(file);
  if (!read.ok) return { ...read, routes: undefined };
  const known = policies && new Map([...policies].map(([name, policy]) => [name, knownPolicy(policy)]));
  const reading = readRoutes(read.source, { sources: sourceNames(), now, ...(known && { policies: known }) });
  return { ...fileProblems(file, read.source, reading.problems), routes: reading.ok ? reading.routes : undefined };
}

/**
 * The policies of a folder as the workers find them: by the names of the files.
 *
 * @throws UsageError where the folder cannot be read.
 */
export function readPolicyFolder(folder: string, peopleFile?: string): PoliciesByName {
  const known = { people: [...peopleOf(peopleFile).keys()] };
  let files: readonly string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  } catch (error) {
    throw new UsageError([`--policies ${folder}: the folder cannot be read: ${describeReadFailure(error)}`]);
  }
  return new Map(
    files.map((file) => {
      const name = basename(file, '.yaml');
      const { policy } = readPolicyFile(join(folder, file), known);
      return [name, policy?.name === name ? policy : null];
    }),
  );
}
