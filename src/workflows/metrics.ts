import { metricMeter } from '@temporalio/workflow';
import { type CounterName, type HistogramName, METRICS, type TagOf } from '../contract/metrics.js';

/** Counts one. Not again in a replay; again when the worker dies before it could report the step. */
export function count<Name extends CounterName>(metric: Name, value: TagOf<Name>): void {
  const { name, description, tag } = METRICS[metric];
  metricMeter.createCounter(name, undefined, description).add(1, { [tag]: value });
}

/** Measures a time. The clock is that of the workflow: it does not move within a step. */
export function measure<Name extends HistogramName>(metric: Name, value: TagOf<Name>, ms: number): void {
  const { name, description, tag } = METRICS[metric];
  metricMeter.createHistogram(name, 'float', 'seconds', description).record(Math.max(ms, 0) / 1000, { [tag]: value });
}
