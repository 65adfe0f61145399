import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IncidentStatusSchema } from '../../src/contract/incident-schema.js';
import { FailureType } from '../../src/contract/names.js';
import { projectRoot } from '../../tools/engine/project-root.js';

const page = readFileSync(join(projectRoot, 'docs/how-to/operate.md'), 'utf8');
/** The first cell of every row of the tables under a heading. */
function rowsUnder(heading: string): readonly string[] {
  const section = page.split('\n## ').find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([A-Za-z]+)` +\|/gm)].map(([, name = '']) => name);
}

describe('the runbook', () => {
  test('tells of every failure type, and of none that there is not', () => {
    expect(rowsUnder('Failure types').toSorted()).toEqual(Object.values(FailureType).toSorted());
  });

  test('tells of every state of an incident, and of what Temporal makes of one', () => {
    const states = IncidentStatusSchema.properties.state.anyOf.map((one) => one.const);
    expect(rowsUnder('States of an incident')).toEqual(expect.arrayContaining([...states, 'terminated', 'failed']));
  });
});
