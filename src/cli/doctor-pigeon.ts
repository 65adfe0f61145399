import type { PigeonConfig } from '../config/config.js';
import { createPigeonClient, type PigeonClient } from '../pigeon/client.js';
import {
  PigeonCredentialMissing,
  PigeonForbidden,
  PigeonNotFound,
  PigeonNotReached,
  PigeonNotSent,
  PigeonRateLimited,
  PigeonRedirected,
  PigeonRefused,
  PigeonUnauthorized,
  PigeonUnconfirmed,
} from '../pigeon/errors.js';
import { tokenFrom } from '../pigeon/token.js';
import type { Finding } from './doctor-finding.js';
import { ExitCode } from './exit-code.js';

/** Reads one entry of the list of calls, which shows whether the address and the token are right. Places no call. */
export async function lookAtPigeon(config: PigeonConfig): Promise<readonly Finding[]> {
  const { baseUrl, token, basicAuth, proxy } = config;
  const way = proxy === null ? '' : ' (through the proxy of the environment, unless NO_PROXY names it)';
  let pigeon: PigeonClient;
  try {
    pigeon = createPigeonClient({
      baseUrl,
      token: tokenFrom(token),
      ...(basicAuth !== null && { basicAuth: tokenFrom(basicAuth) }),
      ...(proxy !== null && { proxy }),
    });
  } catch (error) {
    return [wrong(error instanceof Error ? error.message : String(error), ExitCode.usage)];
  }
  try {
    await pigeon.calls({ offset: 0, limit: 1 });
    return [{ check: 'pigeon', ok: true, message: `Pigeon answers at ${baseUrl}${way} and takes the token.` }];
  } catch (error) {
    return [whatIsWrong(error, `${baseUrl}${way}`)];
  } finally {
    await pigeon.close();
  }
}

function whatIsWrong(error: unknown, where: string): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PigeonCredentialMissing) return wrong(message, ExitCode.usage);
  if (error instanceof PigeonNotSent) return wrong(`${message} The address is ${where}.`, ExitCode.unreachable);
  if (error instanceof PigeonRedirected) {
    return wrong(`${message} It is PIGEON_SPACE or PIGEON_BASE_URL.`, ExitCode.unreachable);
  }
  if (error instanceof PigeonUnconfirmed) {
    const address = `${where} answers, but not as Pigeon does (${error.code})`;
    return wrong(
      `${address}. Correct PIGEON_SPACE or PIGEON_BASE_URL, or look at what is in between.`,
      ExitCode.unreachable,
    );
  }
  if (error instanceof PigeonNotFound || error instanceof PigeonNotReached) {
    return wrong(
      `${where} answers, and knows no Pigeon (${error instanceof PigeonNotReached ? error.statusCode : 404}). Correct PIGEON_SPACE or PIGEON_BASE_URL.`,
      ExitCode.refused,
    );
  }
  const refused = [PigeonUnauthorized, PigeonForbidden, PigeonRateLimited, PigeonRefused];
  return wrong(message, refused.some((kind) => error instanceof kind) ? ExitCode.refused : ExitCode.internal);
}

const wrong = (message: string, exitCode: ExitCode): Finding => ({ check: 'pigeon', ok: false, message, exitCode });
