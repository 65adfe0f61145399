import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { App } from './app.js';

/**
 * A span for each request that is let in, below that of the caller where it sends one (`traceparent`). Addresses hold keys:
 * only their pattern is named. What else callers send with it (`baggage`) is left out: it would be in every history.
 */
export function traceRequests(app: App): void {
  const tracer = trace.getTracer('pigeonflow-gateway');
  // Right before the handler: what stood between, such as a body that is read, loses the context.
  app.addHook('preHandler', (request, { raw: response }, done) => {
    const { method, headers } = request;
    const route = request.routeOptions.url;
    if (route === undefined) return done();
    const attributes = { 'http.request.method': method, 'http.route': route };
    const caller = propagation.deleteBaggage(propagation.extract(context.active(), headers));
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
    response.once('close', () => {
      if (response.writableFinished) span.setAttribute('http.response.status_code', response.statusCode);
      if (!response.writableFinished || response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(caller, span), done);
  });
}
