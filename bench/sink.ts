import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A space that takes everything at once: it measures us, and nothing of it. Runs in the process that takes the time. */
export interface Sink {
  readonly url: string;
  /** Milliseconds, of `performance.now`, at which the POST with this mark was there; waits for it. */
  readonly posted: (mark: string) => Promise<number>;
  readonly aborted: (mark: string) => Promise<number>;
  /** POSTs by mark; more than one is a double. */
  readonly posts: ReadonlyMap<string, number>;
  /** When each look at the result of a mark came. */
  readonly looks: ReadonlyMap<string, readonly number[]>;
  /** Answers of this mark from now on. Default: taken, and active for ever. */
  readonly answer: (mark: string, how: 'active' | 'refused' | 'key1') => void;
  readonly close: () => Promise<void>;
}

/** The mark of a call is its parameter `mark`; the floor sends the same body. */
export async function startSink(): Promise<Sink> {
  const posts = new Map<string, number>();
  const looks = new Map<string, number[]>();
  const marks = new Map<string, string>();
  const answers = new Map<string, 'active' | 'refused' | 'key1'>();
  const seen = { post: new Map<string, number>(), abort: new Map<string, number>() };
  const waiting = new Map<string, (at: number) => void>();
  const note = (kind: 'post' | 'abort', mark: string, at: number): void => {
    if (!seen[kind].has(mark)) seen[kind].set(mark, at);
    waiting.get(`${kind} ${mark}`)?.(at);
    waiting.delete(`${kind} ${mark}`);
  };
  const when = (kind: 'post' | 'abort', mark: string): Promise<number> => {
    const at = seen[kind].get(mark);
    return at !== undefined
      ? Promise.resolve(at)
      : new Promise((resolve) => void waiting.set(`${kind} ${mark}`, resolve));
  };

  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const at = performance.now();
      const path = request.url ?? '';
      const reply = (status: number, value: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      if (path.endsWith('/chain/invoke')) {
        const mark = markOf(body);
        posts.set(mark, (posts.get(mark) ?? 0) + 1);
        note('post', mark, at);
        if (answers.get(mark) === 'refused')
          return reply(422, { errorDescriptor: { title: 'Refused', detail: 'The contact cannot be called.' } });
        const resultId = randomUUID();
        marks.set(resultId, mark);
        return reply(201, { resultId, status: 'requested' });
      }
      if (path.endsWith('/chain/abort')) {
        const { resultId = '' } = JSON.parse(body) as { resultId?: string };
        const mark = marks.get(resultId) ?? '';
        answers.set(mark, 'active');
        marks.set(`ended ${resultId}`, mark);
        note('abort', mark, at);
        return reply(200, {});
      }
      const resultId = path.split('/').at(-1)?.split('?')[0] ?? '';
      const mark = marks.get(resultId) ?? '';
      looks.set(mark, [...(looks.get(mark) ?? []), at]);
      const ended = marks.has(`ended ${resultId}`);
      const key = answers.get(mark) === 'key1' && !ended;
      return reply(200, {
        resultId,
        isActive: !ended && !key,
        status: ended ? 'aborted' : key ? 'succeeded' : 'calling',
        keyInput: key ? '1' : null,
        calls: [],
      });
    })();
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posted: (mark) => when('post', mark),
    aborted: (mark) => when('abort', mark),
    posts,
    looks,
    answer: (mark, how) => void answers.set(mark, how),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function markOf(body: string): string {
  const { params } = JSON.parse(body) as { params?: { parameters?: { mark?: string } } };
  return params?.parameters?.mark ?? '';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
