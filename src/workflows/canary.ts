import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  rootCause,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import type { CanaryInput, CanaryResult } from '../contract/canary.js';
import { durationMs } from '../contract/duration.js';
import type { IncidentInput, IncidentResult } from '../contract/incident-schema.js';
import { FailureType, INCIDENT, NOBODY, OWNER_ATTRIBUTE, STATE_ATTRIBUTE } from '../contract/names.js';
import { words } from '../words/words.js';
import { count } from './metrics.js';

const STATE = defineSearchAttributeKey(STATE_ATTRIBUTE, 'KEYWORD');
const OWNER = defineSearchAttributeKey(OWNER_ATTRIBUTE, 'KEYWORD');

const { heartbeat } = proxyActivities<Pick<Activities, 'heartbeat'>>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '2m',
  retry: { initialInterval: '1s', maximumInterval: '20s' },
  summary: words().canary.summaryOfHeartbeat,
});

/**
 * Tries the whole way: opens an incident, waits until the person it calls presses the key, and only then notifies an outside
 * monitor, which raises the alarm when it hears nothing. Started by a schedule.
 */
export async function canary(input: CanaryInput): Promise<CanaryResult> {
  const incidentId = `${workflowInfo().workflowId}/incident`;
  const began = Date.now();
  const result = await tryIncident(incidentId, input);
  const seconds = (Date.now() - began) / 1000;
  if (typeof result === 'string' || result.state !== 'acknowledged') {
    count('canaryRuns', 'failed');
    const why =
      typeof result === 'string'
        ? result
        : `its incident ended as ${result.state}, after ${result.placedCalls} telephone calls`;
    throw ApplicationFailure.nonRetryable(
      `The canary was not acknowledged within ${input.within}: ${why}. Look at ${incidentId}.`,
      FailureType.CanaryFailed,
    );
  }
  count('canaryRuns', 'succeeded');
  return { incidentId, secondsToAcknowledge: seconds, heartbeat: await notifyMonitor() };
}

/** The result, or why there is none. Not over in time, it is cancelled, and hangs up. */
async function tryIncident(workflowId: string, { policy, within }: CanaryInput): Promise<IncidentResult | string> {
  const input: IncidentInput = {
    policy,
    summary: 'canary',
    severity: 'info',
    dedupKey: workflowId,
    source: 'canary',
    until: 'acknowledged',
  };
  try {
    return await CancellationScope.withTimeout(durationMs(within), () =>
      executeChild<(input: IncidentInput) => Promise<IncidentResult>>(INCIDENT, {
        workflowId,
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        typedSearchAttributes: [
          { key: STATE, value: 'triggered' },
          { key: OWNER, value: NOBODY },
        ],
        memo: { summary: input.summary, severity: 'info', policy },
        staticSummary: words().canary.summaryOfIncident,
      }),
    );
  } catch (error) {
    return rootCause(error) ?? String(error);
  }
}

async function notifyMonitor(): Promise<'sent' | 'none'> {
  try {
    return await heartbeat();
  } catch (error) {
    throw ApplicationFailure.nonRetryable(
      `The canary was acknowledged, but the outside monitor cannot be told: ${rootCause(error) ?? String(error)}`,
      FailureType.CanaryFailed,
    );
  }
}
