import type { RunStatus } from '../pigeon/wire.js';
import type { WebhookEvent } from './change.js';
import type { JsonObject } from './json-value.js';
import type { Order } from './order.js';
import type { Switches } from './switches.js';

export interface WebhookSubject {
  readonly resultId: string;
  readonly status: RunStatus;
  readonly order: Order;
  readonly receivedContactName: string | undefined;
  readonly keyInput: string | undefined;
}

/** The webhook that the present status of a run makes Pigeon send: per run, never per call. */
export function webhookOf(
  run: WebhookSubject,
  switches: Switches,
): { readonly event: WebhookEvent; readonly body: JsonObject } | undefined {
  const body = {
    resultId: run.resultId,
    callflowId: run.order.callflow.callflowId ?? null,
    callflowName: run.order.callflow.name ?? null,
    guidanceId: run.order.guidance.guidanceId ?? null,
    guidanceName: run.order.guidance.name ?? null,
  };
  const { status } = run;
  switch (status) {
    case 'waiting':
      return undefined;
    case 'started':
      return { event: 'started', body };
    case 'succeeded': {
      const { receivedContactName, keyInput } = run;
      return {
        event: 'completed',
        body: { ...body, receivedContactName: receivedContactName ?? null, keyInput: keyInput ?? null },
      };
    }
    case 'aborted':
      return switches.webhookOfCancelled === 'sent' ? { event: 'cancelled', body } : undefined;
    case 'failed':
      return switches.webhookOfFailed === 'sent' ? { event: 'failed', body } : undefined;
    default:
      return status satisfies never;
  }
}
