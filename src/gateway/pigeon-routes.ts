import type { IncomingMessage } from 'node:http';
import type { Client } from '@temporalio/client';
import type { FastifyRequest } from 'fastify';
import type { Logger as Pino } from 'pino';
import { CHECK_SIGNAL } from '../contract/names.js';
import { Field } from '../alerts/field.js';
import { parseBody } from '../alerts/body.js';
import type { PigeonClient } from '../pigeon/client.js';
import { PigeonNotFound } from '../pigeon/errors.js';
import { type App, limitRate, onlyMethods, type RateLimit } from './app.js';
import { type AtHand, readBody } from './in-progress.js';
import { type GatewayKeys, holderOf } from './keys/keys.js';
import { Problem, tryAgain } from './problem.js';

export interface PigeonOptions {
  readonly keys: () => Promise<GatewayKeys>;
  readonly rates: RateLimit;
  readonly atHand: AtHand;
  readonly pigeon: PigeonClient;
  readonly temporal: Client;
  readonly log: Pino;
}

const ADDRESS = '/v1/pigeon/:key';
const SIGNAL_WITHIN_MS = 5_000;
/** Temporal knows no longer ones; the ids of ours are far shorter. */
const LONGEST_ID = 1_000;

/**
 * Pigeon's webhook: the end of a run is told to the workflow that waits for it, which then reads the result at once and not
 * at its next poll. What the webhook says is not believed, only its `resultId` is used, since nothing signs it.
 */
export function takeWebhooks(app: App, { keys, rates, atHand, pigeon, temporal, log }: PigeonOptions): void {
  app.register(async (webhooks) => {
    webhooks.removeAllContentTypeParsers();
    webhooks.addContentTypeParser('*', async (request: FastifyRequest, body: IncomingMessage) => {
      return (await readBody(body, request.stay)).bytes;
    });
    webhooks.post<{ Params: { readonly key: string } }>(ADDRESS, {
      onRequest: async (request, reply) => {
        request.raw.headers['content-type'] = 'application/octet-stream';
        const holder = (await keys()).pigeon;
        const known = holder === null ? null : holderOf([holder], request.params.key);
        if (known === null) throw new Problem(401, 'The key is not known. It is at the end of the address.');
        request.holder = known;
        limitRate(rates, { ...known, name: 'webhook of pigeon' });
        atHand.enter(request, reply);
      },
      handler: async (request, reply) => {
        const parsed = parseBody(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
        const resultId = parsed.ok ? new Field(parsed.body).get('resultId').text : undefined;
        if (resultId === undefined || resultId.length > LONGEST_ID) {
          throw new Problem(400, 'The body must be a webhook of Pigeon.', {
            errors: [{ pointer: '#/resultId', detail: 'must be the id of the run' }],
          });
        }
        const result = await request.stay.during(tell(resultId));
        request.noted = { resultId, result };
        return await reply.code(202).send({ status: 'accepted', result });
      },
    });
    onlyMethods(webhooks, ADDRESS, ['POST']);
  });

  /** `told`, or why nobody was: another's run, or one that nobody waits for any more. */
  async function tell(resultId: string): Promise<'told' | 'not ours' | 'not waiting'> {
    try {
      const { parameters } = await pigeon.result(resultId);
      const reference = new Field(parameters).get('pigeonflowRef').text ?? '';
      const workflowId = /^(.+)#\d+$/.exec(reference)?.[1];
      if (workflowId === undefined || workflowId.length > LONGEST_ID) return 'not ours';
      const call = temporal.workflow.getHandle(workflowId);
      await temporal.withDeadline(Date.now() + SIGNAL_WITHIN_MS, () => call.signal(CHECK_SIGNAL));
      return 'told';
    } catch (error) {
      if (error instanceof PigeonNotFound) return 'not ours';
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return 'not waiting';
      log.warn({ why: error instanceof Error ? error.name : typeof error }, 'a webhook of Pigeon is not told on');
      throw tryAgain('The run cannot be looked up now. It is polled anyway.', 10);
    }
  }
}
