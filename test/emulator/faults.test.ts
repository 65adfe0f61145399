import { describe, expect, test } from 'vitest';
import { type Fault, manual } from '../../src/emulator/emulator.js';
import { HEADERS, rig, type Rig } from './rig.js';

const PEOPLE = { '0300000001': manual() };

/** How an invoke ended for the one who asked. A hang is given up once the emulator has taken its part in it. */
async function outcome({ invoke, emulator }: Rig): Promise<number | 'noAnswer'> {
  const answered = invoke().then(
    ({ status }) => status,
    () => 'noAnswer' as const,
  );
  const entry = await emulator.journal.waitFor((each) => each.kind === 'request' && each.outcome.kind !== 'pending');
  if (entry.kind === 'request' && entry.fault?.startsWith('hang') === true) return 'noAnswer';
  return answered;
}

describe('faults', () => {
  test.each<[string, Fault, number | 'noAnswer', number]>([
    ['a hang before handling', { kind: 'hangBeforeHandling' }, 'noAnswer', 0],
    ['a hang after handling', { kind: 'hangAfterHandling' }, 'noAnswer', 1],
    ['a reset before handling', { kind: 'resetBeforeHandling' }, 'noAnswer', 0],
    ['a reset after handling', { kind: 'resetAfterHandling' }, 'noAnswer', 1],
    ['a status', { kind: 'status', status: 500 }, 500, 0],
    ['a status after handling', { kind: 'statusAfterHandling', status: 504 }, 504, 1],
    ['garbage', { kind: 'garbage' }, 200, 0],
    ['garbage after handling', { kind: 'garbageAfterHandling' }, 200, 1],
    ['half of an answer', { kind: 'cutOff' }, 'noAnswer', 1],
    ['a slow answer', { kind: 'slow', ms: 20 }, 201, 1],
    ['a redirect', { kind: 'redirect' }, 302, 0],
  ])('%s reaches the one who asks; the run exists or not, as the name says', async (_, fault, reached, runs) => {
    const space = await rig({ people: PEOPLE });
    space.emulator.faults.inject('invoke', fault);
    expect(await outcome(space)).toBe(reached);
    expect(space.emulator.space.runs()).toHaveLength(runs);
    expect(space.emulator.journal.invokes()).toMatchObject([
      { fault: fault.kind, handling: runs === 0 ? 'skipped' : 'handled' },
    ]);
    expect((await space.invoke()).status).toBe(201);
  });

  test('a status has the headers and the body that are wanted', async () => {
    const { emulator, invoke } = await rig();
    const headers = { 'content-type': 'text/html', 'retry-after': '7' };
    emulator.faults.inject('invoke', { kind: 'status', status: 429, headers, body: '<h1>slow down</h1>' });
    const reply = await invoke();
    expect([reply.status, reply.headers.get('retry-after'), reply.text]).toEqual([429, '7', '<h1>slow down</h1>']);
  });

  test('garbage is no JSON, and a redirect names its place', async () => {
    const { emulator, request } = await rig();
    emulator.faults.inject('calls', { kind: 'garbage' });
    emulator.faults.inject('calls', { kind: 'redirect', location: 'https://example.com/login' });
    expect((await request('GET', '/api/apps/pigeon/calls')).text).toBe('{"resultId": "0b9f');
    const reply = await request('GET', '/api/apps/pigeon/calls');
    expect(reply.headers.get('location')).toBe('https://example.com/login');
  });

  test('a slow answer is late by so many real milliseconds', async () => {
    const { emulator, request } = await rig();
    emulator.faults.inject('calls', { kind: 'slow', ms: 60 });
    const began = performance.now();
    await request('GET', '/api/apps/pigeon/calls');
    expect(performance.now() - began).toBeGreaterThan(50);
  });

  test('befall one endpoint, so many times, in the order in which they were injected', async () => {
    const { emulator, request } = await rig();
    const list = async () => (await request('GET', '/api/apps/pigeon/calls')).status;
    emulator.faults.inject('calls', { kind: 'status', status: 500 }, { times: 2 });
    emulator.faults.inject('calls', { kind: 'status', status: 502 });
    expect((await request('GET', '/api/apps/pigeon/results/none')).status).toBe(404);
    expect([await list(), await list(), await list(), await list()]).toEqual([500, 500, 502, 200]);
  });

  test('befall every request until they are removed', async () => {
    const { emulator, request } = await rig();
    const list = async () => (await request('GET', '/api/apps/pigeon/calls')).status;
    const fault = emulator.faults.inject('calls', { kind: 'status', status: 503 }, { times: 'always' });
    expect([await list(), await list(), await list()]).toEqual([503, 503, 503]);
    fault.remove();
    expect(await list()).toBe(200);
    emulator.faults.inject('calls', { kind: 'status', status: 503 });
    emulator.faults.clear();
    expect(await list()).toBe(200);
  });

  test('a server that refuses connections listens again on the same port, and has kept its runs', async () => {
    const { emulator, start, result, invoke } = await rig({ people: PEOPLE });
    const run = await start();
    for (let round = 0; round < 2; round += 1) {
      await emulator.faults.refuse();
      await expect(invoke()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
      await emulator.faults.restore();
      expect(await result(run)).toMatchObject({ isActive: true });
    }
  });

  test('a server that refuses connections can listen again while a request hangs', async () => {
    const { emulator, invoke } = await rig({ people: PEOPLE });
    emulator.faults.inject('invoke', { kind: 'hangAfterHandling' });
    const hanging = invoke().catch(() => 'ended');
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.outcome.kind === 'unanswered');
    await emulator.faults.refuse();
    await emulator.faults.restore();
    expect((await invoke()).status).toBe(201);
    await emulator.close();
    expect(await hanging).toBe('ended');
  });

  test('a request that is being handled while the server refuses connections gets its answer', async () => {
    const { emulator, invoke } = await rig({ people: PEOPLE });
    const gate = emulator.faults.hold('invoke', 'afterHandling');
    const held = invoke();
    await gate.reached;
    await emulator.faults.refuse();
    gate.release();
    expect((await held).status).toBe(201);
    await expect(invoke()).rejects.toThrow('fetch failed');
  });

  test('a gate holds one request before or after its handling', async () => {
    const { emulator, invoke } = await rig({ people: PEOPLE });
    const before = emulator.faults.hold('invoke', 'beforeHandling');
    const after = emulator.faults.hold('invoke', 'afterHandling');
    const held = invoke();
    await before.reached;
    expect(emulator.space.runs()).toHaveLength(0);
    before.release();
    await after.reached;
    expect(emulator.space.runs()).toHaveLength(1);
    expect((await Promise.race([held, Promise.resolve('held')])) === 'held').toBe(true);
    after.release();
    expect((await held).status).toBe(201);
    expect((await invoke()).status).toBe(201);
  });

  test('a gate holds what it is meant for until it is released, and a fault befalls only what stands there then', async () => {
    const { emulator, invoke, request } = await rig({ people: PEOPLE });
    const only = ({ text }: { readonly text: string }) => text.includes('0300000001');
    const gate = emulator.faults.hold('invoke', 'afterHandling', { times: 'always', only });
    const held = [invoke(), invoke()];
    await expect.poll(() => emulator.space.runs()).toHaveLength(2);
    expect((await request('POST', '/api/apps/pigeon/chain/invoke', '{}')).status).toBe(400);
    gate.release({ kind: 'statusAfterHandling', status: 502 });
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([502, 502]);
    expect((await invoke()).status).toBe(201);
  });

  test('a fault befalls only the requests that it is meant for', async () => {
    const { emulator, invoke, request } = await rig({ people: PEOPLE });
    const only = ({ text }: { readonly text: string }) => text === '{}';
    emulator.faults.inject('invoke', { kind: 'status', status: 500 }, { only });
    expect((await invoke()).status).toBe(201);
    expect((await request('POST', '/api/apps/pigeon/chain/invoke', '{}')).status).toBe(500);
  });

  test('closing ends hanging requests, slow ones and gates at once', async () => {
    const { emulator, request, invoke } = await rig({ people: PEOPLE });
    emulator.faults.inject('result', { kind: 'hangBeforeHandling' });
    emulator.faults.inject('calls', { kind: 'slow', ms: 3_600_000 });
    const gate = emulator.faults.hold('invoke', 'beforeHandling');
    const ends = [request('GET', '/api/apps/pigeon/results/x'), request('GET', '/api/apps/pigeon/calls'), invoke()];
    const settled = Promise.allSettled(ends);
    await gate.reached;
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.endpoint === 'calls');
    await emulator.journal.waitFor((entry) => entry.kind === 'request' && entry.outcome.kind === 'unanswered');
    await emulator.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('one who goes away while the request hangs does no harm', async () => {
    const { emulator, invoke } = await rig({ people: PEOPLE });
    const gate = emulator.faults.hold('invoke', 'afterHandling');
    const leaving = new AbortController();
    const body = JSON.stringify({ params: {} });
    const url = `${emulator.url}/api/apps/pigeon/chain/invoke`;
    const gone = fetch(url, { method: 'POST', headers: HEADERS, body, signal: leaving.signal });
    await gate.reached;
    leaving.abort();
    await expect(gone).rejects.toThrow('aborted');
    gate.release();
    expect((await invoke()).status).toBe(201);
  });
});
