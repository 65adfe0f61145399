import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { isExecutable, type Environment } from './find-on-path.js';

/** Where a server comes from: one that runs already, or a program to start. */
export type ServerSource =
  | { readonly kind: 'running'; readonly address: string }
  | { readonly kind: 'binary'; readonly path: string; readonly origin: string };

/** An environment variable that names a server is an order: a wrong value is an error, not a reason to look further. */
export function givenServer(variable: string, environment: Environment): ServerSource | null {
  const value = environment[variable];
  if (value === undefined || value === '') return null;
  if (!existsSync(value) && /^[^/\s]+:\d+$/.test(value)) return { kind: 'running', address: value };
  if (isExecutable(value)) return { kind: 'binary', path: resolve(value), origin: variable };
  throw new Error(`${variable}=${value} is neither an address (host:port) nor an executable file`);
}
