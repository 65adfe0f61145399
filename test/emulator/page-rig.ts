import { request as send } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.js';
import type { PageTime, PageUpdate } from '../../src/emulator/page/page-update.js';

interface PageReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** A request with exactly these headers, `Host` among them, which `fetch` would not let through. */
export function requestPage(
  emulator: Emulator,
  method: string,
  path: string,
  { headers = {}, body = '' }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<PageReply> {
  return new Promise((resolve, reject) => {
    const request = send(`${emulator.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** What the page itself sends when somebody acts at a telephone. */
export function actOnPage(emulator: Emulator, callId: string, act: string, body: unknown = {}): Promise<PageReply> {
  return requestPage(emulator, 'POST', `/page/calls/${callId}/${act}`, {
    headers: { 'content-type': 'application/json', origin: emulator.url, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(body),
  });
}

type PageEvent =
  { readonly event: 'update'; readonly data: PageUpdate } | { readonly event: 'time'; readonly data: PageTime };

export interface PageStream {
  readonly response: Response;
  /** The next update for which `wanted` holds; those before it are passed over. Rejects when the stream ends. */
  readonly update: (wanted?: (update: PageUpdate) => boolean) => Promise<PageUpdate>;
  readonly time: () => Promise<PageTime>;
  readonly leave: () => void;
}

/** Follows the events as a page does. */
export async function followPage(emulator: Emulator): Promise<PageStream> {
  const leaving = new AbortController();
  const response = await fetch(`${emulator.url}/page/events`, { signal: leaving.signal });
  const leave = (): void => leaving.abort();
  onTestFinished(leave);
  const events = eventsOf(response);
  const next = async (): Promise<PageEvent> => {
    const { value, done } = await events.next();
    if (done === true) throw new Error('The stream has ended.');
    return value;
  };
  return {
    response,
    leave,
    async update(wanted = () => true) {
      for (;;) {
        const event = await next();
        if (event.event === 'update' && wanted(event.data)) return event.data;
      }
    },
    async time() {
      for (;;) {
        const event = await next();
        if (event.event === 'time') return event.data;
      }
    },
  };
}

async function* eventsOf(response: Response): AsyncGenerator<PageEvent, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (\w+)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
      if (event === 'update') yield { event, data: JSON.parse(data) as PageUpdate };
      if (event === 'time') yield { event, data: JSON.parse(data) as PageTime };
    }
  }
  return undefined;
}
