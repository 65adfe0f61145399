import type { MetricMeter } from '@temporalio/common';
import type { WorkerConfig } from './config.js';
import { METRICS } from './contract/metrics.js';

/** Upper bounds in seconds, by the name of the histogram. */
export const HISTOGRAM_BUCKETS: Readonly<Record<string, number[]>> = Object.fromEntries(
  Object.values(METRICS).flatMap((metric) => (metric.kind === 'histogram' ? [[metric.name, [...metric.buckets]]] : [])),
);

/** Every counter begins with 0: Prometheus cannot see that one which appears with 1 has grown, and an alert would miss it. */
export function beginCounters(
  meter: MetricMeter,
  { temporal, taskQueue }: Pick<WorkerConfig, 'temporal' | 'taskQueue'>,
) {
  for (const metric of Object.values(METRICS)) {
    if (metric.kind !== 'counter') continue;
    const counter = meter.createCounter(metric.name, undefined, metric.description);
    for (const workflow of metric.workflows) {
      // Named as the SDK names them, so that both are one series.
      const tags = { namespace: temporal.namespace, taskQueue, workflowType: workflow };
      for (const value of metric.values) counter.add(0, { ...tags, [metric.tag]: value });
    }
  }
}
