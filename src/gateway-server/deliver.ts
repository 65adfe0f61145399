import type { Client } from '@temporalio/client';
import {
  IncidentFailed,
  IncidentInputInvalid,
  IncidentNotFound,
  IncidentStillClosing,
  IncidentTerminated,
  type PigeonflowClient,
} from '../client.js';
import type { InternalAlert } from '../gateway/alert.js';
import type { Decision } from '../gateway/routing/route.js';
import { allEnded } from './all-ended.js';
import { claimedBy } from './claimed-by.js';
import { InOrder } from './in-order.js';
import type { Policies } from './policies.js';
import { tryAgain } from './problem.js';

/** What an alert can come to. */
export const RESULTS = [
  'opened',
  /** It was open, and nothing is new. */
  'known',
  /** It was open, and hears of the change. */
  'changed',
  'acknowledged',
  'resolved',
  /** To acknowledge or resolve: it is not open, or has an owner already. */
  'unchanged',
  /** A rule ignores it: nobody is called. */
  'ignored',
  /** No rule takes it: nobody is called. */
  'unrouted',
  /** An element of a list that does not fit: nobody is called, and those beside it are taken. */
  'refused',
] as const;

export interface Delivered {
  readonly result: (typeof RESULTS)[number];
  readonly incident?: string;
}

/** Below the patience of the senders that are known: Datadog 15 s, Amazon SNS 15 s. */
export const ANSWER_WITHIN_MS = 9_000;

/** Carries out what was decided about alerts. All state is Temporal's; in here is only what is under way. */
export class Delivery {
  readonly #inOrder = new InOrder<Delivered>();

  constructor(
    private readonly temporal: Client,
    private readonly pigeonflow: PigeonflowClient,
    private readonly policies: Policies,
  ) {}

  /** Resolves when Temporal has it. Rejects with what the client throws, PolicyUnusable, or a Problem 503. */
  async deliver(alert: InternalAlert, decision: Decision, integration: string): Promise<readonly Delivered[]> {
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    switch (decision.kind) {
      case 'ignore':
        return [{ result: 'ignored' }];
      case 'unrouted':
        return [{ result: 'unrouted' }];
      case 'open': {
        const { incident, input, route, instead } = decision;
        const open = async (timeLimitMs: number): Promise<Delivered> => {
          const policy = await this.policies.current(input.policy);
          const options = { route, timeLimitMs, instead };
          const opened = await this.pigeonflow.openIncident({ ...input, policy }, options);
          return { incident: opened.incidentId, result: opened.reported };
        };
        return [await this.#ordered(incident, JSON.stringify(input), deadline, open)];
      }
      case 'followUp': {
        const { action, incidents } = decision;
        const by = claimedBy(alert.by ?? alert.source, integration);
        return await allEnded(
          incidents.map((incident) =>
            this.#ordered(incident, `${action} ${by}`, deadline, (timeLimitMs) =>
              this.#followUp(incident, action, by, timeLimitMs),
            ),
          ),
        );
      }
      default:
        return decision satisfies never;
    }
  }

  async #ordered(
    incident: string,
    content: string,
    deadline: number,
    work: (timeLimitMs: number) => Promise<Delivered>,
  ): Promise<Delivered> {
    return await this.#inOrder.run(incident, content, async () => {
      const timeLimitMs = deadline - Date.now();
      if (timeLimitMs <= 0) throw tryAgain('Other alerts of the same incident are still on their way to Temporal.', 5);
      // The limit of whatever has none of its own.
      return await this.temporal.withDeadline(deadline, () => work(timeLimitMs));
    });
  }

  async #followUp(
    incident: string,
    action: 'acknowledge' | 'resolve',
    by: string,
    timeLimitMs: number,
  ): Promise<Delivered> {
    try {
      const { accepted } = await this.pigeonflow.incident(incident)[action]({ by }, { timeLimitMs });
      return { incident, result: accepted ? `${action}d` : 'unchanged' };
    } catch (error) {
      // Nobody waits for its end any more.
      if (NOT_OPEN.some((kind) => error instanceof kind)) return { incident, result: 'unchanged' };
      throw error;
    }
  }
}

const NOT_OPEN = [IncidentNotFound, IncidentTerminated, IncidentFailed, IncidentInputInvalid];

/** How soon to try again: a telephone is hung up within seconds, a server is restarted within some more. */
export const retryAfterSeconds = (error: unknown): number => (error instanceof IncidentStillClosing ? 2 : 5);
