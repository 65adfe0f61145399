import type { WorkflowHandle } from '@temporalio/client';

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

export async function eventsOf({ handle }: { readonly handle: WorkflowHandle }): Promise<Events> {
  return (await handle.fetchHistory()).events ?? [];
}

/** Children whose start was asked for, in order. */
export function childrenOf(events: Events) {
  return events.flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) =>
    child ? [{ id: child.workflowId ?? '', type: child.workflowType?.name }] : [],
  );
}

/** POSTs that were asked for, in order. */
export function postsOf(events: Events) {
  return events.flatMap(({ eventId, activityTaskScheduledEventAttributes: activity }) =>
    activity?.activityType?.name === 'invoke'
      ? [{ eventId: Number(eventId), priority: activity.priority?.priorityKey ?? null }]
      : [],
  );
}

/** Number of the event by which an acknowledge was taken. */
export function acknowledgedAt(events: Events): number {
  const event = events.find(
    ({ workflowExecutionUpdateAcceptedEventAttributes: update }) =>
      update?.acceptedRequest?.input?.name === 'acknowledge',
  );
  return Number(event?.eventId ?? Infinity);
}
