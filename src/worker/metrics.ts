import type { MetricMeter } from '@temporalio/common';
import type { WorkerConfig } from '../config/config.js';
import { GAUGES, METRICS } from '../contract/metrics.js';

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

const SHOWN_INTERVAL_MS = 5_000;

/** Shows how many calls wait for a place in the space, until the signal. */
export function showWaitingCalls(
  meter: MetricMeter,
  { temporal: { namespace }, invokeTaskQueue: taskQueue }: Pick<WorkerConfig, 'temporal' | 'invokeTaskQueue'>,
  waitingCalls: () => Readonly<Record<string, number>>,
  stop: AbortSignal,
): void {
  const { name, description } = GAUGES.callsWaiting;
  const gauge = meter.createGauge(name, 'int', undefined, description);
  const show = () => {
    for (const [severity, count] of Object.entries(waitingCalls())) {
      gauge.set(count, { namespace, taskQueue, severity });
    }
  };
  show();
  const timer = setInterval(show, SHOWN_INTERVAL_MS).unref();
  stop.addEventListener('abort', () => clearInterval(timer), { once: true });
}

const SCHEDULES_INTERVAL_MS = 60_000;

interface Schedules {
  readonly secondsToGap: (at: number) => Promise<ReadonlyMap<string, number>>;
  readonly calendarAges: () => Promise<ReadonlyMap<string, number>>;
}

/** Shows of each schedule how long it is until its next gap, and how old its calendars are, until the signal. */
export function showSchedules(
  meter: MetricMeter,
  { temporal: { namespace }, invokeTaskQueue: taskQueue }: Pick<WorkerConfig, 'temporal' | 'invokeTaskQueue'>,
  schedules: Schedules,
  stop: AbortSignal,
): void {
  const gaugeOf = ({ name, description }: { name: string; description: string }) =>
    meter.createGauge(name, 'int', undefined, description);
  const [gaps, ages] = [gaugeOf(GAUGES.scheduleGap), gaugeOf(GAUGES.scheduleCalendarAge)];
  const show = async () => {
    for (const [schedule, seconds] of await schedules.secondsToGap(Date.now())) {
      gaps.set(seconds, { namespace, taskQueue, schedule });
    }
    for (const [schedule, seconds] of await schedules.calendarAges()) {
      ages.set(seconds, { namespace, taskQueue, schedule });
    }
  };
  void show();
  const timer = setInterval(() => void show(), SCHEDULES_INTERVAL_MS).unref();
  stop.addEventListener('abort', () => clearInterval(timer), { once: true });
}
