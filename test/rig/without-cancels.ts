import { CancellationScope, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * Part of the workflows' bundle for the server that skips time. It loses a workflow for ever when a timer fires, or an activity
 * ends, during the very task that cancels it (temporalio/sdk-java, issues 2606 and 2391). So it is told of neither: only the
 * workflow stops to wait, and ignores what comes of it later. A POST is still cancelled, since its end is waited for.
 */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      startTimer: (input, next) => unheard(() => next(input)),
      scheduleActivity: (input, next) =>
        (input.options.cancellationType ?? 'TRY_CANCEL') === 'TRY_CANCEL' ? unheard(() => next(input)) : next(input),
    },
  ],
});

function unheard<T>(run: () => Promise<T>): Promise<T> {
  const { cancellable, consideredCancelled, cancelRequested } = CancellationScope.current();
  if (!cancellable || consideredCancelled) return run();
  return Promise.race([CancellationScope.nonCancellable(run), cancelRequested]);
}
