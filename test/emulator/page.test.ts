import { describe, expect, test } from 'vitest';
import { manual } from '../../src/emulator/emulator.js';
import { actOnPage, requestPage } from './page-rig.js';
import { order, rig } from './rig.js';

const TANAKAS = '0300000001';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the page of the emulator', () => {
  test('needs no token, and brings everything that it is made of', async () => {
    const { emulator } = await rig();
    const { status, headers, text } = await requestPage(emulator, 'GET', '/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const parts = [...text.matchAll(/(?:href|src)="(page\/[^"]+)"/g)].map(([, path]) => `/${path}`);
    expect(parts).toEqual(expect.arrayContaining(['/page/page.js', '/page/base.css', '/page/icon.svg']));
    for (const path of parts) expect(await requestPage(emulator, 'GET', path)).toMatchObject({ status: 200 });
  });

  test('brings every script that its scripts import', async () => {
    const { emulator } = await rig();
    const seen = new Set(['page.js']);
    for (const name of seen) {
      const { status, headers, text } = await requestPage(emulator, 'GET', `/page/${name}`);
      expect([name, status, headers['content-type']]).toEqual([name, 200, 'text/javascript; charset=utf-8']);
      for (const [, imported = ''] of text.matchAll(/^import .* from '\.\/([^']+)'/gm)) seen.add(imported);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test('lets the browser load and run nothing but its own files', async () => {
    const { emulator } = await rig();
    const { headers, text } = await requestPage(emulator, 'GET', '/');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/);
  });

  test.each(['/page/', '/page/none.js', '/page/tsconfig.json', '/page/%2e%2e%2fpage.ts', '/page/a/b.js'])(
    'has nothing at %s',
    async (path) => {
      const { emulator } = await rig();
      expect(await requestPage(emulator, 'GET', path)).toMatchObject({ status: 404 });
    },
  );

  test('is no part of Pigeon: neither faults nor the journal know of it', async () => {
    const { emulator } = await rig();
    emulator.faults.inject('calls', { kind: 'status', status: 500 });
    await requestPage(emulator, 'GET', '/');
    await requestPage(emulator, 'POST', '/page/calls/none/press', { headers: JSON_TYPE });
    expect(emulator.journal.entries()).toEqual([]);
  });
});

describe('somebody at a telephone of the page', () => {
  test('picks up, presses a key and hangs up', async () => {
    const { emulator, start, result, clock, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    const run = await start();
    clock.advance(1_000);
    const call = ringing();
    expect(await actOnPage(emulator, call, 'press', { key: '1' })).toMatchObject({ text: '{"effect":"notCounted"}' });
    expect(await actOnPage(emulator, call, 'pick-up')).toMatchObject({ status: 200, text: '{"effect":"done"}' });
    expect(await actOnPage(emulator, call, 'press', { key: '9' })).toMatchObject({ text: '{"effect":"readAgain"}' });
    expect(await actOnPage(emulator, call, 'press', { key: '1' })).toMatchObject({ text: '{"effect":"counted"}' });
    expect(await actOnPage(emulator, call, 'hang-up')).toMatchObject({ text: '{"effect":"done"}' });
    expect(await actOnPage(emulator, call, 'hang-up')).toMatchObject({ text: '{"effect":"tooLate"}' });
    expect(await result(run)).toMatchObject({ status: 'succeeded', keyInput: '1' });
  });

  test('is too late when the clock has moved on without the space', async () => {
    let time = 0;
    const { emulator, start, ringing } = await rig({
      people: { [TANAKAS]: manual() },
      clock: { now: () => time, wakeAt: () => () => undefined },
    });
    await start();
    const call = ringing();
    time = 60_000;
    expect(await actOnPage(emulator, call, 'pick-up')).toMatchObject({ text: '{"effect":"tooLate"}' });
  });

  test('finds the call whatever its id looks like', async () => {
    let ids = 0;
    const newId = (): string => `a/b ${(ids += 1)}`;
    const { emulator, start, clock, ringing } = await rig({ people: { [TANAKAS]: manual() }, newId });
    await start();
    clock.advance(1_000);
    expect(await actOnPage(emulator, encodeURIComponent(ringing()), 'pick-up')).toMatchObject({ status: 200 });
  });

  test.each([
    ['another call', '/page/calls/none/pick-up', '{}', 404],
    ['a key that no telephone has', '/page/calls/CALL/press', '{"key":"12"}', 400],
    ['no key', '/page/calls/CALL/press', '{}', 400],
    ['no JSON', '/page/calls/CALL/press', '1', 400],
    ['half of JSON', '/page/calls/CALL/press', '{"key":', 400],
    ['another act', '/page/calls/CALL/answer', '{}', 404],
    ['a broken id', '/page/calls/%E0%A4%A/pick-up', '{}', 404],
  ])('cannot act with %s', async (_, path, body, status) => {
    const { emulator, start, clock, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    await start();
    clock.advance(1_000);
    const reply = await requestPage(emulator, 'POST', path.replace('CALL', ringing()), { headers: JSON_TYPE, body });
    expect(reply.status).toBe(status);
  });
});

describe('a page of another origin', () => {
  test.each([
    ['its origin', { origin: 'https://evil.example' }, 403],
    ['an origin that is hidden', { origin: 'null' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a browser that tells only the relation', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the content type of a form', { 'content-type': 'text/plain' }, 415],
    ['a name of its own that points here', { host: 'evil.example', origin: 'http://evil.example' }, 421],
  ])('cannot act: %s', async (_, headers, status) => {
    const { emulator, start, clock, ringing } = await rig({ people: { [TANAKAS]: manual() } });
    await start(order());
    clock.advance(1_000);
    const path = `/page/calls/${ringing()}/pick-up`;
    expect(await requestPage(emulator, 'POST', path, { headers: { ...JSON_TYPE, ...headers } })).toMatchObject({
      status,
    });
    expect(emulator.space.calls()[0]).toMatchObject({ phase: 'ringing' });
  });

  test('cannot read through a name of its own that points here', async () => {
    const { emulator } = await rig();
    const headers = { host: 'evil.example:80' };
    expect(await requestPage(emulator, 'GET', '/page/events', { headers })).toMatchObject({ status: 421 });
  });

  test.each(['localhost:8880', 'pigeon.localhost', '192.0.2.1:8880', '[::1]:8880', 'emulator:8880'])(
    'is told from a page that is opened as %s',
    async (host) => {
      const { emulator } = await rig();
      expect(await requestPage(emulator, 'GET', '/', { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  test('cannot even try with GET', async () => {
    const { emulator } = await rig();
    const reply = await requestPage(emulator, 'GET', '/page/calls/any/pick-up');
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
  });
});
