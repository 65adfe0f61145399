import { Command } from 'commander';
import { readGatewayConfig } from '../config/config.js';

export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('run a gateway: takes the alerts of monitoring tools; start as many as you like')
    .addHelpText('after', ENVIRONMENT)
    .action(async () => {
      const config = readGatewayConfig(process.env);
      const [{ createLog }, { runGateway }] = await Promise.all([
        import('../process/logging.js'),
        import('../gateway/gateway.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runGateway(config, createLog(config.logLevel), stop.signal);
    })
    .addCommand(
      new Command('key')
        .description('print a new key for a sender, and its hash for the file of keys')
        .option('--json', 'print both as JSON')
        .addHelpText('after', KEY_HELP)
        .action(async ({ json }: { readonly json?: true }) => {
          const { hashText, newKey } = await import('../gateway/keys/keys.js');
          const key = newKey();
          const hash = hashText(key);
          console.log(json ? JSON.stringify({ key, hash }, null, 2) : `key   ${key}\nhash  ${hash}`);
        }),
    );
}

const KEY_HELP = `
The sender is given the key, which nobody can read again. The file of keys has the hash:

  integrations:
    shop: { keys: "sha256:…" }
`;

const ENVIRONMENT = `
It is configured by its environment:

  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE
                                  the Temporal server, as Temporal defines them (127.0.0.1:7233, default)
  PIGEONFLOW_ROUTES               the routing file: which alerts call whom; a changed one is read anew
  PIGEONFLOW_POLICIES             the folder of the policies that rules name (none: the workers read theirs)
  PIGEONFLOW_GATEWAY_KEYS_FILE    the file with the hashes of the keys of senders; a changed one is read anew
  PIGEONFLOW_GATEWAY_ADDRESS      where it listens (127.0.0.1:8092)
  PIGEONFLOW_GATEWAY_TLS_CERT_FILE, PIGEONFLOW_GATEWAY_TLS_KEY_FILE
                                  certificate and key in PEM, for HTTPS; a changed one is read anew (plain HTTP)
  PIGEONFLOW_TASK_QUEUE, PIGEONFLOW_INVOKE_TASK_QUEUE
                                  those of the workers (pigeonflow, pigeonflow-invoke)
  PIGEONFLOW_CODEC_KEYS_FILE      the file of keys of the workers (nothing is encrypted)
  PIGEON_SPACE or PIGEON_BASE_URL, PIGEON_API_TOKEN_FILE or PIGEON_API_TOKEN, PIGEON_BASIC_AUTH(_FILE)
                                  the space, for its webhook (off)
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                                  a proxy on the way out, to certificates of Amazon SNS and to Pigeon
  PIGEONFLOW_HEALTH_ADDRESS       /healthz and /readyz, or off (127.0.0.1:8090)
  PIGEONFLOW_METRICS_ADDRESS      Prometheus, or off (off)
  OTEL_EXPORTER_OTLP_ENDPOINT     a collector that takes traces of OpenTelemetry (none)
  PIGEONFLOW_LOG_LEVEL            trace, debug, info, warn or error (info)
`;
