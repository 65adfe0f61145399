import { EnvHttpProxyAgent, request } from 'undici';
import type { ProxySettings } from '../pigeon/connections.js';

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * One GET of the address that an outside monitor waits for. The address is a secret: anyone who has it can say that all is
 * well, so no message holds it.
 *
 * @param url read at each use.
 * @throws Error when the monitor is out of reach, or answers anything but 2xx.
 */
export function heartbeatTo(url: () => Promise<string>, proxy: ProxySettings | null): () => Promise<void> {
  return async () => {
    const dispatcher = new EnvHttpProxyAgent(proxy ?? { httpProxy: '', httpsProxy: '', noProxy: '' });
    try {
      const { statusCode, body } = await request(await url(), {
        dispatcher,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      await body.dump();
      if (statusCode < 200 || statusCode >= 300)
        throw new Error(`it answers ${statusCode}; check PIGEONFLOW_HEARTBEAT_URL`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('it answers')) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
      // eslint-disable-next-line preserve-caught-error -- it may hold the address
      throw new Error(`it is out of reach (${code}); check PIGEONFLOW_HEARTBEAT_URL and the network`);
    } finally {
      await dispatcher.close();
    }
  };
}
