import type { WebhookEvent } from './change.js';
import type { Journal } from './journal.js';
import type { Space } from './space.js';

/** Where webhooks go: one URL for all, or one for each event, since their bodies do not say which event they tell. */
export type WebhookUrls = string | Partial<Readonly<Record<WebhookEvent, string>>>;

/** Posts the webhooks of a space and writes them down; returns the way to stop. A post that fails is not repeated. */
export function postWebhooks(space: Space, journal: Journal, urls: WebhookUrls): () => void {
  const stopping = new AbortController();
  const unsubscribe = space.subscribe((change) => {
    if (change.kind !== 'webhook') return;
    const { kind, at, event, body } = change;
    const url = typeof urls === 'string' ? urls : urls[event];
    const outcome = url === undefined ? ({ kind: 'noUrl' } as const) : ({ kind: 'pending' } as const);
    const number = journal.add({ kind, at, event, body, outcome });
    if (url !== undefined) void post(url, JSON.stringify(body), stopping.signal, journal, number);
  });
  return () => {
    unsubscribe();
    stopping.abort();
  };
}

async function post(url: string, body: string, signal: AbortSignal, journal: Journal, number: number): Promise<void> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    await response.arrayBuffer();
    journal.completeWebhook(number, { kind: 'answered', status: response.status });
  } catch (error) {
    journal.completeWebhook(number, { kind: 'failed', reason: String(error) });
  }
}
