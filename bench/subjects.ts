import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { Policy, Step, StepCall } from '../src/contract/policy-schema.js';
import type { Field } from './field.js';

/** What is measured: each starts with a mark, and asks the sink to call with it. */
export interface Subject {
  readonly name: string;
  readonly start: (field: Field, mark: string) => Promise<WorkflowHandle>;
}

const GUIDANCE = { messageTemplate: '{{mark}}', reactions: { 1: { behavior: 'terminate' } } };
export const CALLFLOW = { loopLimit: 1, contacts: [{ displayName: '田中', phones: [{ phoneNumber: '0300000001' }] }] };

const floorOf = (name: 'floor' | 'floorOnTwoQueues'): Subject => ({
  name,
  start: ({ temporal, floorQueue }, mark) =>
    temporal.workflow.start(name, {
      workflowId: `floor/${randomUUID()}`,
      taskQueue: floorQueue,
      args: [{ params: { callflow: CALLFLOW, guidance: GUIDANCE, parameters: { mark } } }],
    }),
});

export const floor = floorOf('floor');
/** How much of the difference is the engine's: its activity has a queue of its own, as the product's request to call. */
export const floorOnTwoQueues = floorOf('floorOnTwoQueues');

export const pigeonCall: Subject = {
  name: 'pigeonCall',
  start: ({ temporal, productQueue }, mark) =>
    temporal.workflow.start('pigeonCall', {
      workflowId: `call/${randomUUID()}`,
      taskQueue: productQueue,
      args: [callInput(mark)],
    }),
};

export const callInput = (mark: string, waitTime = 3600) => ({
  callflow: CALLFLOW,
  guidance: GUIDANCE,
  parameters: { mark },
  waitTime,
});

export const incident: Subject = { name: 'incident', start: (field, mark) => open(field, mark, [mark]) };

/** An incident that calls whoever is on duty: people and schedule are read at the POST. */
export const onDuty: Subject = {
  name: 'onDuty',
  start: (field, mark) => {
    const { callflow: _, ...rest } = callInput(mark);
    const call = { ...rest, callees: { loopLimit: 1, contacts: [{ onDuty: 'bench' }], local: {} } };
    return openWith(field, mark, policyOf([call]));
  },
};

/** An incident that an alert at the gateway opens. */
export const alert: Subject = {
  name: 'alert',
  start: async ({ temporal, alertsUrl }, mark) => {
    const body = JSON.stringify({ summary: 'bench', dedupKey: mark, parameters: { mark } });
    const response = await fetch(alertsUrl, { method: 'POST', body });
    const answer = (await response.json()) as { readonly results?: readonly { readonly incident: string }[] };
    const id = answer.results?.[0]?.incident;
    if (id === undefined) throw new Error(`The gateway answered ${response.status}: ${JSON.stringify(answer)}`);
    return temporal.workflow.getHandle(id);
  },
};

/** An incident whose calls carry these marks, level by level. */
export function open(field: Field, mark: string, marks: readonly string[], waitTime = 3600): Promise<WorkflowHandle> {
  return openWith(field, mark, policyOf(marks.map((one) => callInput(one, waitTime))));
}

export function openWith({ temporal, productQueue }: Field, mark: string, policy: Policy): Promise<WorkflowHandle> {
  return temporal.workflow.start('incident', {
    workflowId: `incident/bench-${randomUUID()}`,
    taskQueue: productQueue,
    args: [{ policy, summary: 'bench', dedupKey: mark }],
  });
}

/** A level for each call. */
export function policyOf(calls: readonly StepCall[], attempts = 1): Policy {
  const steps = calls.map((call, index): [string, Step] => [
    `level-${index + 1}`,
    {
      call: [call],
      attempts,
      every: '1m',
      keys: { 1: { kind: 'acknowledge' } },
      otherwise: index + 1 < calls.length ? { kind: 'escalate', step: `level-${index + 2}` } : { kind: 'exhausted' },
    },
  ]);
  return {
    version: 1,
    name: 'bench',
    start: 'level-1',
    parameters: [],
    contacts: {},
    steps: Object.fromEntries(steps),
    acknowledged: { resolveWithin: '4h', otherwise: { kind: 'escalate', step: 'level-1' } },
    budget: { calls: 1000, within: '1d' },
  };
}
