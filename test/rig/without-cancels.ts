import { CancellationScope, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * Part of the workflows' bundle for the server that skips time. It loses a workflow for ever when a timer fires, or an activity
 * ends, during the very task that cancels it (temporalio/sdk-java, issues 2606 and 2391). So it is told of neither: only the
 * workflow stops to wait, and ignores what comes of it later. A POST is waited for to its end, as one that has begun always is.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      startTimer: (input, next) => unheard(() => next(input)),
      scheduleActivity: (input, next) =>
        unheard(() => next(input), input.options.cancellationType === 'WAIT_CANCELLATION_COMPLETED'),
    },
  ],
});

function unheard<T>(run: () => Promise<T>, isWaitedFor = false): Promise<T> {
  const { cancellable, consideredCancelled, cancelRequested } = CancellationScope.current();
  if (!cancellable || consideredCancelled) return run();
  const end = CancellationScope.nonCancellable(run);
  return isWaitedFor ? end : Promise.race([end, cancelRequested]);
}
