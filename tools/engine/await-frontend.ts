import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { Connection } from '@temporalio/client';

import type { Child } from './child-process.js';
import { ServerDidNotStart } from './server-did-not-start.js';

const PAUSE_MS = 25;

/**
 * Connects as soon as a frontend answers there. With `child`, its end ends the wait.
 *
 * @throws ServerDidNotStart
 */
export async function awaitFrontend(
  address: string,
  child: Pick<Child, 'ended' | 'tail'> | null,
  limitMs: number,
): Promise<Connection> {
  const deadline = Date.now() + limitMs;
  const waiting = new AbortController();
  const answered = firstAnswer(address, deadline, waiting.signal).catch((error: unknown): never => {
    const seconds = Math.round(limitMs / 1_000);
    throw new ServerDidNotStart(
      `No Temporal server answered at ${address} within ${seconds} s`,
      child?.tail() ?? '',
      error,
    );
  });
  if (child === null) return answered;
  answered.catch(() => undefined);
  return Promise.race([answered, rejectedWhenEnded(child, address)]).finally(() => waiting.abort());
}

/** A promise to race with: it never resolves, and its rejection may go unheard once the race is over. */
export function rejectedWhenEnded(child: Pick<Child, 'ended' | 'tail'>, address: string): Promise<never> {
  const rejected = child.ended.then(({ code, signal }): never => {
    throw new ServerDidNotStart(`The server for ${address} ended (${signal ?? `exit code ${code}`})`, child.tail());
  });
  rejected.catch(() => undefined);
  return rejected;
}

async function firstAnswer(address: string, deadline: number, stop: AbortSignal): Promise<Connection> {
  for (;;) {
    try {
      // gRPC waits longer after each refusal; a bare connection tells at once whether anybody listens.
      await portAnswers(address);
      return await Connection.connect({ address, connectTimeout: Math.max(1, deadline - Date.now()) });
    } catch (error) {
      if (stop.aborted || Date.now() > deadline) throw error;
      await delay(PAUSE_MS);
    }
  }
}

function portAnswers(address: string): Promise<void> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    socket.setTimeout(2_000, () => socket.destroy(new Error(`${address} does not answer`)));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
