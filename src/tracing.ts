import { diag, DiagLogLevel } from '@opentelemetry/api';
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
export interface Tracing {
  readonly client: ClientInterceptors;
  readonly activity: readonly ActivityInterceptorsFactory[];
  /** Sends what was not sent yet. */
  readonly stop: () => Promise<void>;
}

/**
 * Traces of OpenTelemetry, sent to the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names. Its own variables say the
 * rest (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`).
 */
export function beginTracing(serviceName: string, log: Pino): Tracing {
  const silent = () => undefined;
  const error = (why: string) => log.warn({ why: why.slice(0, 500) }, 'traces could not be delivered');
  diag.setLogger({ error, warn: silent, info: silent, debug: silent, verbose: silent }, DiagLogLevel.ERROR);
  const resource = Resource.default()
    .merge(new Resource({ 'service.name': serviceName }))
    .merge(envDetectorSync.detect());
  const processor = new BatchSpanProcessor(withoutMessages(new OTLPTraceExporter()));
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
    stop: () => provider.shutdown().catch(silent),
  };
}

/** As in the log: the class of an error, never its words, which may quote what a caller or Pigeon said. */
function withoutMessages(exporter: SpanExporter): SpanExporter {
  const quiet = (span: ReadableSpan): ReadableSpan =>
    Object.create(span, {
      status: { value: { code: span.status.code } },
      events: {
        value: span.events.map(({ attributes = {}, ...event }) => ({
          ...event,
          attributes: { 'exception.type': attributes['exception.type'] },
        })),
      },
    }) as ReadableSpan;
  return {
    export: (spans, done) => exporter.export(spans.map(quiet), done),
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
