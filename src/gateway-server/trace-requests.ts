import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.js';

/** A span for each request, below that of the caller where it sends one (`traceparent`). Addresses hold keys: only their pattern is named. */
export function traceRequests(app: App): void {
  const tracer = trace.getTracer('pigeonflow-gateway');
  const spans = new WeakMap<FastifyRequest, Span>();
  // Right before the handler: what stood between, such as a body that is read, loses the context.
  app.addHook('preHandler', (request, _reply, done) => {
    const { method, headers } = request;
    const route = request.routeOptions.url ?? 'none';
    const attributes = { 'http.request.method': method, 'http.route': route };
    const caller = propagation.extract(context.active(), headers);
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
    spans.set(request, span);
    context.with(trace.setSpan(caller, span), done);
  });
  app.addHook('onResponse', async (request, { statusCode }) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
}
