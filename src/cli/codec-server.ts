import { Command } from 'commander';
import { readCodecServerConfig } from '../config/config.js';

export function codecServerCommand(): Command {
  return new Command('codec-server')
    .description("run a codec server: decodes what is encrypted for Temporal's Web UI and command")
    .addHelpText('after', ENVIRONMENT)
    .action(async () => {
      const config = readCodecServerConfig(process.env);
      const [{ createLog }, { runCodecServer }] = await Promise.all([
        import('../process/logging.js'),
        import('../codec-server/codec-server.js'),
      ]);
      const stop = new AbortController();
      process.once('SIGTERM', () => stop.abort());
      process.once('SIGINT', () => stop.abort());
      await runCodecServer(config, createLog(config.logLevel), stop.signal);
    });
}

const ENVIRONMENT = `
It is configured by its environment:

  PIGEONFLOW_CODEC_KEYS_FILE      the file of keys of the workers
  PIGEONFLOW_CODEC_TOKEN_FILE     file that holds the token that callers must know, read anew at each request; or
                                  PIGEONFLOW_CODEC_TOKEN
  PIGEONFLOW_CODEC_ORIGINS        origins of the Web UIs that may ask, such as https://temporal.example.com (none)
  PIGEONFLOW_CODEC_ADDRESS        where it listens (127.0.0.1:8091)
  PIGEONFLOW_CODEC_TLS_CERT_FILE, PIGEONFLOW_CODEC_TLS_KEY_FILE
                                  certificate and key in PEM, for HTTPS (plain HTTP)
  PIGEONFLOW_HEALTH_ADDRESS       /healthz and /readyz, or off (127.0.0.1:8090)
  PIGEONFLOW_LOG_LEVEL            trace, debug, info, warn or error (info)
`;
