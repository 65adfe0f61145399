import type { InternalAlert } from '../../src/alerts/alert.js';
import type { Surroundings } from '../../src/routing/check-rules.js';
import { readRoutes } from '../../src/routing/read-routes.js';
import type { Routes } from '../../src/routing/routes.js';
import { sourceNames } from '../../src/alerts/sources.js';
import { describeProblem } from '../../src/yaml-file/describe-problems.js';

/** Two policies: one that wants parameters, one with a guidance stored in Pigeon, and one with errors. */
export const SURROUNDINGS: Surroundings = {
  sources: sourceNames(),
  policies: new Map([
    ['web', { ok: true, parameters: ['server'], hasStoredGuidance: false }],
    ['stored', { ok: true, parameters: [], hasStoredGuidance: true }],
    ['broken', { ok: false }],
  ]),
  now: Date.parse('2026-11-22T00:00:00Z'),
};

/** The routes of a file without errors; else the test fails with what the user would read. */
export function routesOf(text: string): Routes {
  const reading = readRoutes(text, SURROUNDINGS);
  if (reading.ok) return reading.routes;
  throw new Error(described(text).join('\n'));
}

/** What the user reads. */
export function described(text: string, file = 'routes.yaml'): readonly string[] {
  return readRoutes(text, SURROUNDINGS).problems.map((problem) => describeProblem(problem, file, text));
}

export function alertWith(part: Partial<InternalAlert> = {}): InternalAlert {
  return {
    action: 'trigger',
    dedupKey: 'k',
    summary: 'The disk is full',
    severity: 'error',
    parameters: {},
    labels: {},
    links: [],
    source: 'generic',
    startedAt: null,
    ...part,
  };
}
