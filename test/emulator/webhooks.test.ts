import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answers, neverPicksUp } from '../../src/emulator/emulator.js';
import { GUIDANCE, rig, TANAKA } from './rig.js';

const stored = {
  callflows: [{ callflowId: 'flow', name: '一次対応', loopLimit: 1, contacts: [TANAKA] }],
  guidances: [{ guidanceId: 'guidance', name: '障害', ...GUIDANCE }],
};
const params = { callflowId: 'flow', guidanceId: 'guidance' };
const facts = { callflowId: 'flow', callflowName: '一次対応', guidanceId: 'guidance', guidanceName: '障害' };

/** Collects what is posted to it. */
async function receiver() {
  const posts: { path: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      posts.push({ path: request.url ?? '', body: JSON.parse(text) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, posts };
}

describe('webhooks', () => {
  test('tell that a run started and that it was completed, per run and not per call', async () => {
    const { url, posts } = await receiver();
    const { start, clock, emulator } = await rig({
      ...stored,
      people: { '0300000001': answers(0, '1') },
      webhooks: url,
    });
    const resultId = await start(params);
    clock.advance(60_000);
    await emulator.journal.waitFor(
      (entry) => entry.kind === 'webhook' && entry.event === 'completed' && entry.outcome.kind === 'answered',
    );
    await emulator.journal.waitFor(
      (entry) => entry.kind === 'webhook' && entry.event === 'started' && entry.outcome.kind === 'answered',
    );
    const bodies = posts.map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies).toContainEqual({ resultId, ...facts });
    expect(bodies).toContainEqual({ resultId, ...facts, receivedContactName: '田中', keyInput: '1' });
  });

  test('go to a URL of their own for each event, and to none without one', async () => {
    const { url, posts } = await receiver();
    const webhooks = { failed: `${url}/failed` };
    const { start, clock, emulator } = await rig({ ...stored, people: { '0300000001': neverPicksUp() }, webhooks });
    const resultId = await start(params);
    clock.advance(60_000);
    await emulator.journal.waitFor((entry) => entry.kind === 'webhook' && entry.outcome.kind === 'answered');
    expect(posts).toEqual([{ path: '/failed', body: { resultId, ...facts } }]);
    expect(emulator.journal.webhooks().map(({ event, outcome }) => [event, outcome.kind])).toEqual([
      ['started', 'noUrl'],
      ['failed', 'answered'],
    ]);
  });

  test('that reach nobody are written down, and not repeated', async () => {
    const webhooks = 'http://127.0.0.1:1';
    const { start, emulator } = await rig({ ...stored, people: { '0300000001': neverPicksUp() }, webhooks });
    await start(params);
    await emulator.journal.waitFor((entry) => entry.kind === 'webhook' && entry.outcome.kind === 'failed');
    expect(emulator.journal.webhooks()).toHaveLength(1);
  });

  test('19 webhookOfCancelled and webhookOfFailed: sent or silent', async () => {
    const { start, abort, clock, emulator } = await rig({ ...stored, people: { '0300000001': neverPicksUp() } });
    const play = async () => {
      const failing = await start(params);
      await abort(await start(params));
      clock.advance(60_000);
      return failing;
    };
    await play();
    emulator.space.switches.webhookOfCancelled = 'silent';
    emulator.space.switches.webhookOfFailed = 'silent';
    await play();
    const events = emulator.journal.webhooks().map(({ event }) => event);
    expect(events).toEqual(['started', 'cancelled', 'failed', 'started']);
  });
});
