import { describe, expect, test } from 'vitest';
import { answers, busy, neverPicksUp, type Switches } from '../../src/emulator/emulator.js';
import { itemsOf, order, rig, type Rig } from './rig.js';

const people = { '0300000001': neverPicksUp() };

async function withSwitches(switches: Partial<Switches>): Promise<Rig> {
  return rig({ people, switches });
}

describe('switches of what the space answers', () => {
  test('1 resultShape: proposed or minimal', async () => {
    const { start, result, emulator } = await withSwitches({});
    const run = await start();
    const keys = ['resultId', 'isActive', 'status', 'keyInput', 'receivedContactName', 'callflow', 'guidance'];
    const more = ['parameters', 'startedAt', 'finishedAt', 'calls'];
    expect(Object.keys(await result(run))).toEqual([...keys, ...more]);
    emulator.space.switches.resultShape = 'minimal';
    expect(Object.keys(await result(run))).toEqual(['isActive', 'status', 'keyInput', 'parameters']);
  });

  test('1 callsShape: proposed or minimal', async () => {
    const { start, calls, emulator } = await withSwitches({});
    await start();
    await start();
    const keys = [
      'callId',
      'resultId',
      'status',
      'contact',
      'phoneNumber',
      'keyInput',
      'loop',
      'startedAt',
      'finishedAt',
    ];
    const proposed = itemsOf(await calls()).map((item) => Object.keys(item).toSorted());
    expect(proposed).toEqual([keys.toSorted(), keys.toSorted()]);
    emulator.space.switches.callsShape = 'minimal';
    const minimal = itemsOf(await calls()).map((item) => Object.keys(item));
    expect(minimal).toEqual([
      ['status', 'resultId'],
      ['status', 'resultId'],
    ]);
  });

  test('1 emptyValues: null or absent', async () => {
    const { start, result, emulator } = await withSwitches({});
    const run = await start();
    expect(await result(run)).toHaveProperty('keyInput', null);
    emulator.space.switches.emptyValues = 'absent';
    expect(await result(run)).not.toHaveProperty('keyInput');
  });

  test('1 keyOfRun: the last key, or only the one that ended the run', async () => {
    const { start, result, clock, emulator } = await rig({ people: { '0300000001': answers(1_000, '2') } });
    const run = await start();
    clock.advance(20_000);
    expect(await result(run)).toMatchObject({ status: 'failed', keyInput: '2' });
    emulator.space.switches.keyOfRun = 'deciding';
    expect(await result(run)).toMatchObject({ status: 'failed', keyInput: null });
  });

  test('2 runStatusWords: any literal', async () => {
    const { emulator, start, result, clock } = await rig({
      people,
      switches: { runStatusWords: { started: '実行中' } },
    });
    const run = await start();
    const waiting = await start();
    expect([(await result(run))['status'], (await result(waiting))['status']]).toEqual(['実行中', 'waiting']);
    emulator.space.switches.runStatusWords.failed = 'error';
    clock.advance(31_000);
    expect((await result(run))['status']).toBe('error');
  });

  test('3 isActive: always or absent', async () => {
    const { start, result, emulator } = await withSwitches({});
    const run = await start();
    expect(await result(run)).toHaveProperty('isActive', true);
    emulator.space.switches.isActive = 'absent';
    expect(await result(run)).not.toHaveProperty('isActive');
  });

  test('4 waitingCallWord and 21 waitingRunsInCalls: whether and how a waiting run is in the list of calls', async () => {
    const { start, calls, emulator } = await withSwitches({ waitingCallWord: 'queued' });
    await start();
    await start();
    expect(itemsOf(await calls()).map(({ status }) => status)).toEqual(['queued', 'preparing']);
    emulator.space.switches.waitingRunsInCalls = 'absent';
    const listed = await calls();
    expect([listed['total'], itemsOf(listed).map(({ status }) => status)]).toEqual([1, ['preparing']]);
  });

  test.each([
    ['either', 200, 200],
    ['params', 400, 200],
    ['plain', 200, 400],
  ] as const)('5 abortBody %s', async (abortBody, plain, inside) => {
    const { start, request } = await withSwitches({ abortBody });
    const resultId = await start();
    expect((await request('POST', '/api/apps/pigeon/chain/abort', { resultId })).status).toBe(plain);
    expect((await request('POST', '/api/apps/pigeon/chain/abort', { params: { resultId } })).status).toBe(inside);
  });

  test.each([200, 201, 204] as const)('5 abortAnswer %i', async (abortAnswer) => {
    const { start, abort } = await withSwitches({ abortAnswer });
    const resultId = await start();
    const { status, json } = await abort(resultId);
    expect([status, json]).toEqual([abortAnswer, abortAnswer === 204 ? {} : { resultId }]);
  });

  test.each([
    ['accepted', 200],
    [400, 400],
    [404, 404],
    [409, 409],
    [422, 422],
  ] as const)('5 abortOfEnded %s', async (abortOfEnded, status) => {
    const { start, abort, result, clock } = await withSwitches({ abortOfEnded });
    const run = await start();
    clock.advance(60_000);
    expect((await abort(run)).status).toBe(status);
    expect(await result(run)).toMatchObject({ status: 'failed' });
  });

  test.each([
    ['accepted', 200],
    [400, 400],
    [404, 404],
    [422, 422],
  ] as const)('5 abortOfUnknown %s', async (abortOfUnknown, status) => {
    const { abort } = await withSwitches({ abortOfUnknown });
    expect((await abort('00000000-0000-4000-8000-000000000000')).status).toBe(status);
  });

  test('6 errorCodes: any status for any cause', async () => {
    const { request, emulator } = await withSwitches({});
    expect((await request('GET', '/api/apps/pigeon/results/none')).status).toBe(404);
    emulator.space.switches.errorCodes.unknownId = 410;
    expect((await request('GET', '/api/apps/pigeon/results/none')).status).toBe(410);
  });

  test.each([
    ['json', 'application/json; charset=utf-8', '{"message":"no such result"}'],
    ['html', 'text/html; charset=utf-8', '<html><head><title>404</title></head><body><h1>404</h1></body></html>'],
    ['empty', null, ''],
  ] as const)('6 errorBody %s', async (errorBody, contentType, text) => {
    const { request } = await withSwitches({ errorBody });
    const reply = await request('GET', '/api/apps/pigeon/results/none');
    expect([reply.status, reply.headers.get('content-type'), reply.text]).toEqual([404, contentType, text]);
  });

  test.each([
    ['seconds', '1'],
    ['date', 'Mon, 01 Apr 2024 00:00:01 GMT'],
    ['absent', null],
  ] as const)('7 rateLimitPerSecond, and retryAfter %s', async (retryAfter, header) => {
    const { invoke, clock } = await withSwitches({ rateLimitPerSecond: 2, retryAfter });
    const statuses = [(await invoke()).status, (await invoke()).status];
    const refused = await invoke();
    expect([...statuses, refused.status, refused.headers.get('retry-after')]).toEqual([201, 201, 429, header]);
    clock.advance(1_000);
    expect((await invoke()).status).toBe(201);
  });

  test('7 rateLimited: POSTs only, or all', async () => {
    const { request, emulator } = await withSwitches({ rateLimitPerSecond: 0 });
    const list = async () => (await request('GET', '/api/apps/pigeon/calls')).status;
    emulator.space.switches.rateLimitPerSecond = 1;
    expect([await list(), await list()]).toEqual([200, 200]);
    emulator.space.switches.rateLimited = 'all';
    expect([await list(), await list()]).toEqual([200, 429]);
  });

  test('8 rejectedMessageKey: any key', async () => {
    const { invoke } = await withSwitches({ rejectedMessageKey: 'reason', queueSize: 0 });
    const { json } = await invoke();
    expect(json).toMatchObject({ status: 'rejected', reason: expect.any(String) });
  });

  test('18 listOrder: newest or oldest first', async () => {
    const { start, calls, clock, emulator } = await rig({ people: { '0300000001': busy() } });
    const runs = [await start()];
    clock.advance(5_000);
    runs.push(await start());
    expect(itemsOf(await calls()).map(({ resultId }) => resultId)).toEqual(runs.toReversed());
    emulator.space.switches.listOrder = 'oldestFirst';
    expect(itemsOf(await calls()).map(({ resultId }) => resultId)).toEqual(runs);
  });

  test('22 adHocParameters: kept or dropped', async () => {
    const { start, result, emulator } = await withSwitches({});
    const kept = await start(order({ parameters: { a: '1' } }));
    emulator.space.switches.adHocParameters = 'dropped';
    const dropped = await start(order({ parameters: { a: '1' } }));
    expect([(await result(kept))['parameters'], (await result(dropped))['parameters']]).toEqual([{ a: '1' }, {}]);
  });
});
