import { setTimeout } from 'node:timers/promises';
import { diag, DiagLogLevel, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { envDetectorSync, Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { ClientInterceptors } from '@temporalio/client';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger as Pino } from 'pino';

/** What a process gives to the SDK of Temporal, so that a trace leads through it. */
export interface Traces {
  readonly client: ClientInterceptors;
  readonly activity: readonly ActivityInterceptorsFactory[];
  /** Sends what was not sent yet, as far as two seconds allow. */
  readonly stop: () => Promise<void>;
}

/** A collector that is away must not hold a process that ends. */
const STOP_WITHIN_MS = 2_000;
const CONNECT_WITHIN_MS = 5_000;
const TELL_EVERY_MS = 60_000;

/**
 * Traces of OpenTelemetry, sent to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names. Its own variables say the
 * rest (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`).
 */
export function sendTraces(serviceName: string, log: Pino): Traces {
  const silent = () => undefined;
  diag.setLogger(
    { error: tellerOf(log), warn: silent, info: silent, debug: silent, verbose: silent },
    DiagLogLevel.ERROR,
  );
  const resource = Resource.default()
    .merge(new Resource({ 'service.name': serviceName }))
    .merge(envDetectorSync.detect());
  // The agent's limit covers connecting too.
  const exporter = new OTLPTraceExporter({ httpAgentOptions: { keepAlive: true, timeout: CONNECT_WITHIN_MS } });
  const processor = new BatchSpanProcessor(withoutMessages(exporter));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  return {
    client: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
    activity: [
      (activity) => ({
        inbound: new OpenTelemetryActivityInboundInterceptor(activity),
        outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
      }),
    ],
    stop: () =>
      Promise.race([provider.shutdown().catch(silent), setTimeout(STOP_WITHIN_MS, undefined, { ref: false })]),
  };
}

/** A collector that is away fails every few seconds. */
function tellerOf(log: Pino): (why: string) => void {
  let toldAt = -Infinity;
  return (why) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    log.warn({ why: why.slice(0, 500) }, 'traces could not be delivered');
  };
}

/** How a repeat of an alert, or word for a call that has closed, is told: no error of anybody. */
const EXPECTED = ['WorkflowExecutionAlreadyStartedError', 'WorkflowNotFoundError'];

/** As in the log: the class of an error, never its words, which may quote what a caller or Pigeon said. */
function withoutMessages(exporter: SpanExporter): SpanExporter {
  const quiet = (span: ReadableSpan): ReadableSpan => {
    const types = span.events.map(({ attributes }) => attributes?.['exception.type']);
    const isExpected = types.some((type) => EXPECTED.includes(String(type)));
    return Object.create(span, {
      status: { value: isExpected ? { code: SpanStatusCode.UNSET } : { code: span.status.code } },
      events: {
        value: span.events.map((event, index) => ({ ...event, attributes: { 'exception.type': types[index] } })),
      },
    }) as ReadableSpan;
  };
  return {
    export: (spans, done) => exporter.export(spans.map(quiet), done),
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
