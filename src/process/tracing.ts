import type { Logger as Pino } from 'pino';
import type { TracingSetting } from '../config/config.js';
import type { Traces } from './send-traces.js';

/** Traces, where they are switched on. A setting that cannot be used is told, and keeps nobody from being called. */
export async function beginTracing(setting: TracingSetting, serviceName: string, log: Pino): Promise<Traces | null> {
  if (setting.kind === 'unusable') log.warn({ why: setting.why }, 'no traces are sent');
  if (setting.kind !== 'on') return null;
  // OpenTelemetry is loaded only where it is used.
  const { sendTraces } = await import('./send-traces.js');
  return sendTraces(serviceName, log);
}
