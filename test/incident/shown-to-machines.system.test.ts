import { readFileSync } from 'node:fs';
import { defineSearchAttributeKey } from '@temporalio/common';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { STATE_ATTRIBUTE } from '../../src/contract/names.js';
import { neverPicksUp } from '../../src/emulator/emulator.js';
import { useRig } from '../rig/rig.js';
import { onFreePort, startWorkerProcess } from '../rig/worker-process.js';
import {
  calling,
  escalateTo,
  open,
  policyWith,
  presses,
  QUICKLY,
  refused,
  SATO,
  SIDE_BY_SIDE,
  TANAKA,
} from './incident-world.js';

const world = useRig();

/** What a published schema finds wrong. */
function problemsOf(value: unknown, schema: string): unknown {
  const file = new URL(`../../schemas/${schema}.json`, import.meta.url);
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  validate(value);
  return validate.errors;
}

describe('an incident in which nobody was reached', SIDE_BY_SIDE, () => {
  test('is loud and stays open: an error in the log, a count in the metrics, a state that says so', async (context) => {
    const here = await world({ ...QUICKLY, people: { [TANAKA.phone]: neverPicksUp() }, workers: 'none', context });
    const { worker, port } = await onFreePort(async (free) => ({
      worker: await startWorkerProcess(here, { PIGEONFLOW_METRICS_ADDRESS: `127.0.0.1:${free}` }),
      port: free,
    }));
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }));
    const status = await incident.until(({ state }) => state === 'exhausted', 'is exhausted');
    expect(status).toMatchObject({ owner: null, placedCalls: 1, result: null });
    const { typedSearchAttributes } = await incident.handle.describe();
    expect(typedSearchAttributes.get(defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD'))).toBe('exhausted');
    const line = await worker.logged(({ msg }) => msg.startsWith('EXHAUSTED'), 'that it is exhausted');
    expect(line).toMatchObject({ level: 'error', workflowId: incident.id, policy: 'test', placedCalls: 1 });
    // Names, numbers and words of the alert are nobody's business.
    expect(worker.output().join('\n')).not.toMatch(/田中|0300000001|disk full|web-1/);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^pigeonflow_incidents_unattended_total\{[^}]*why="exhausted"[^}]*\} 1$/m);
    expect(metrics).toMatch(/^pigeonflow_incidents_closed_total\{[^}]*state="exhausted"[^}]*\} 0$/m);
    await incident.ask('resolve');
  });
});

describe('what an incident gives to machines fits its published schema', SIDE_BY_SIDE, () => {
  test('status, timeline, answers and the result, from the first call to the end', async (context) => {
    const here = await world({ ...QUICKLY, people: { [SATO.phone]: presses('1') }, context });
    const policy = policyWith({ primary: refused({ otherwise: escalateTo('manager') }), manager: calling([SATO]) });
    const incident = await open(here, policy, { labels: { team: 'web' }, links: ['https://example.com/1'] });
    expect(problemsOf(await incident.status(), 'incident-status')).toBeNull();
    await incident.until(({ owner }) => owner !== null, 'is owned');
    expect(problemsOf(await incident.status(), 'incident-status')).toBeNull();
    for (const [update, argument] of [
      ['acknowledge', { by: 'suzuki' }],
      ['snooze', { for: '1h' }],
      ['hangUp', {}],
      ['resolve', { by: 'suzuki', note: 'done' }],
    ] as const) {
      expect(problemsOf(await incident.ask(update, argument), 'incident-answer')).toBeNull();
    }
    expect(problemsOf(await incident.result(), 'incident-result')).toBeNull();
    expect(problemsOf(await incident.status(), 'incident-status')).toBeNull();
    expect(problemsOf(await incident.timeline(), 'incident-timeline')).toBeNull();
  });

  test('its updates, signals and queries are listed with a word about each, for the Web UI', async (context) => {
    const here = await world({ ...QUICKLY, context });
    const incident = await open(here, policyWith({ primary: refused({ attempts: 'unlimited', every: '1h' }) }));
    await incident.told('waiting');
    const { definition } = await incident.handle.query<{
      definition: Record<string, readonly { readonly name?: string; readonly description?: string }[]>;
    }>('__temporal_workflow_metadata');
    const named = (kind: string) => (definition[kind] ?? []).map(({ name }) => name);
    const updates = ['acknowledge', 'alert', 'escalate', 'hangUp', 'resolve', 'snooze'];
    expect(new Set(named('updateDefinitions'))).toEqual(new Set(updates));
    expect(named('signalDefinitions')).toEqual(expect.arrayContaining(['acknowledge', 'check', 'resolve']));
    expect(named('queryDefinitions')).toEqual(expect.arrayContaining(['status', 'timeline']));
    for (const one of definition['updateDefinitions'] ?? []) expect(one.description).toBeTruthy();
    await incident.ask('resolve');
  });
});
