import type { Environment, Setting } from './variables.js';

/** Whether traces are sent. Nothing that is wrong with it keeps a process from its work. */
export type TracingSetting =
  { readonly kind: 'off' } | { readonly kind: 'on' } | { readonly kind: 'unusable'; readonly why: string };

/** By OpenTelemetry's own variables, of which the address of a collector switches it on. */
export const tracing: Setting<TracingSetting> = {
  rows: [
    {
      names: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
      default: 'none',
      meaning: 'a collector that takes [traces](../how-to/operate.md#traces), such as `http://127.0.0.1:4318`',
      more: 'the other variables of OpenTelemetry are read as well',
    },
  ],
  read: readTracing,
};

function readTracing(env: Environment): TracingSetting {
  const name = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find((each) => env[each]);
  const isDisabled = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
  if (name === undefined || isDisabled || (env['OTEL_TRACES_EXPORTER'] || 'otlp') !== 'otlp') return { kind: 'off' };
  const address = env[name] ?? '';
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    return { kind: 'unusable', why: `${name} must be the address of a collector, such as http://127.0.0.1:4318` };
  }
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  if (protocol === 'http/protobuf') return { kind: 'on' };
  const why = `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL or OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, and is "${protocol}"`;
  return { kind: 'unusable', why };
}
