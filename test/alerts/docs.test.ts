import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readPolicyFolder, readRouteFile } from '../../src/cli/route-read-file.js';
import { SEVERITY_WORDS } from '../../src/contract/severity.js';
import { PLACEHOLDERS } from '../../src/routing/placeholders.js';
import { sourceNames } from '../../src/alerts/sources.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const page = (name: string) => readFileSync(join(projectRoot, 'docs/reference', name), 'utf8');

describe('the documentation', () => {
  test('has a routing file without mistakes', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page('routing-file.md')) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'routes-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'routes.yaml');
    writeFileSync(file, example);
    const policies = readPolicyFolder(join(projectRoot, 'policies'));
    const { routes, described } = readRouteFile(file, policies, Date.parse('2026-11-22T00:00:00Z'));
    expect(described).toEqual([]);
    expect(routes?.rules.length).toBeGreaterThan(5);
  });

  test('has each word of severity', () => {
    for (const word of Object.values(SEVERITY_WORDS).flat()) expect(page('alert-sources.md')).toContain(word);
  });

  test('has each placeholder, and a section for each source', () => {
    for (const name of PLACEHOLDERS) expect(page('routing-file.md')).toContain(`{{${name}}}`);
    for (const name of sourceNames()) expect(page('alert-sources.md')).toContain(`\n## \`${name}\`\n`);
  });
});
