import { createSign, randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import { hashText } from '../../src/gateway/keys/keys.js';
import { bodyOf } from '../alerts/samples.js';
import { newAuthority } from '../rig/certificates.js';
import { eventually, useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { KEY, KEYS, resultsOf, send, SPACE, startGateway, type GatewayOptions } from './gateway.js';
import { half, restOf, sendRaw } from './half-request.js';

const world = useSharedWorld(useRig(), { ...SPACE, workers: 'none' });
/** Nobody is called for it. */
const QUIET = { summary: 'x', labels: { quiet: 'yes' } };
const SIGNER = newAuthority().issue({ name: 'sns.amazonaws.com' });
const ignored = [{ result: 'ignored' }];

const event = (dedup_key: string, custom_details: object = {}) => ({
  routing_key: KEY,
  event_action: 'trigger',
  dedup_key,
  payload: { summary: 'x', custom_details },
});

/** A gateway at which messages of SNS are in progress until `goOn`. */
async function waiting(context: TestContext, atHand: NonNullable<GatewayOptions['atHand']>) {
  let goOn = (): void => undefined;
  const asked: string[] = [];
  const later = new Promise<string>((resolve) => (goOn = () => resolve(SIGNER.cert)));
  const sns = {
    certificate: (address: string) => (asked.push(address), later),
    confirm: () => Promise.reject(new Error('nothing to confirm')),
  };
  const { url } = await startGateway(world(), context, { atHand, sns });
  const body = JSON.stringify(signed());
  const path = `/v1/alerts/sns/${KEY}`;
  const message = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const isAsked = async (times = 1) =>
    await eventually(() => Promise.resolve(asked.length >= times), 'the message is in progress');
  const alert = async (given: object = QUIET) => await send(`${url}/v1/alerts/generic/${KEY}`, given);
  return { url, message, bytes: Buffer.byteLength(body), goOn: () => goOn(), isAsked, alert };
}

function signed(): object {
  const envelope: Readonly<Record<string, string>> = {
    ...(bodyOf('sns.text.json') as object),
    // Of another topic than that of the sample, for which nobody is called.
    Message: JSON.stringify({ AlarmName: 'cpu', NewStateValue: 'OK', AlarmArn: `arn:${randomUUID()}` }),
    SignatureVersion: '2',
  };
  const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
  const text = names.flatMap((name) => (name in envelope ? [`${name}\n${envelope[name]}\n`] : [])).join('');
  return { ...envelope, Signature: createSign('RSA-SHA256').update(text).sign(SIGNER.key, 'base64') };
}

describe('who has shown no key', () => {
  test.for([
    ['/v1/alerts/generic', ''],
    ['/v1/alerts/generic/wrong', ''],
    ['/v1/alerts/alertmanager', 'Authorization: Bearer wrong\r\n'],
    ['/v1/alerts/pagerduty/wrong', ''],
    ['/v1/incidents', 'Content-Type: application/json\r\n'],
    ['/v1/pigeon/wrong', ''],
  ] as const)('is refused at %s before the body is read', async ([path, headers], context) => {
    const { url } = await startGateway(world(), context, { environment: PIGEON });
    const { says, answer } = await sendRaw(url, half(path, headers), context);
    await says('\r\n\r\n');
    expect(answer()).toMatch(/^HTTP\/1.1 401 /);
  });

  test('and keeps the body waiting gives way to others, and locks nobody out', async (context) => {
    const { url } = await startGateway(world(), context, { atHand: { mostUnknown: 2, mostRequests: 1 } });
    const slow = await sendRaw(url, half('/v2/enqueue'), context);
    const others = [await sendRaw(url, half('/v2/enqueue'), context)];
    expect(resultsOf(await send(`${url}/v1/alerts/generic/${KEY}`, QUIET))).toEqual(ignored);
    others.push(await sendRaw(url, half('/v1/alerts/pagerduty'), context));
    await slow.says('HTTP/1.1 503');
    expect(slow.answer()).toMatch(/retry-after: \d/i);
    expect((await send(`${url}/v2/enqueue`, event(context.task.id, { quiet: 'yes' }))).status).not.toBe(503);
    expect(others.at(-1)?.answer()).toBe('');
  });

  test('may send half of what others may', async (context) => {
    const { url } = await startGateway(world(), context, { routes: 'rules: [{ name: nobody, ignore: true }]' });
    const large = event('large', { x: 'x'.repeat(600_000) });
    expect(await send(`${url}/v2/enqueue`, large)).toMatchObject({
      status: 413,
      body: { detail: 'A body has at most 524288 bytes.' },
    });
    expect((await send(`${url}/v2/enqueue`, event('small', { x: 'x'.repeat(500_000) }))).status).toBe(202);
    // Whose key is in the address has shown it.
    expect((await send(`${url}/v1/alerts/pagerduty/${KEY}`, large)).status).toBe(202);
  });

  test('and goes away is no error of the gateway', async (context) => {
    const { url, log } = await startGateway(world(), context);
    const { socket } = await sendRaw(url, half('/v2/enqueue'), context);
    socket.destroy();
    await new Promise((resolve) => socket.once('close', resolve));
    await send(`${url}/v1/alerts/generic/${KEY}`, QUIET);
    expect(log().filter(({ msg }) => msg === 'a request failed unexpectedly')).toEqual([]);
  });
});

/** So that there is an address for webhooks. */
const PIGEON = { PIGEON_BASE_URL: 'http://127.0.0.1:9', PIGEON_API_TOKEN: 'x' };

describe('a request is in progress', () => {
  test('until it is answered, not until its body is read', async (context) => {
    const { url, message, isAsked, alert, goOn } = await waiting(context, { mostRequests: 1 });
    const sent = await sendRaw(url, message, context);
    await isAsked();
    expect(await alert()).toMatchObject({ status: 503, body: { detail: 'Too many requests are at hand.' } });
    goOn();
    await sent.says('HTTP/1.1 ');
    expect(resultsOf(await alert())).toEqual(ignored);
  });

  test('until what it began has ended, also when its sender has gone', async (context) => {
    const { url, message, isAsked, alert, goOn } = await waiting(context, { mostRequests: 1 });
    const sent = await sendRaw(url, message, context);
    await isAsked();
    sent.socket.destroy();
    await new Promise((resolve) => sent.socket.once('close', resolve));
    expect((await alert()).status).toBe(503);
    goOn();
    await eventually(async () => (await alert()).status === 202, 'there is room again');
  });

  test('and no longer, though it stood behind another one when its sender went', async (context) => {
    const { url, message, isAsked, alert, goOn } = await waiting(context, { mostRequests: 3 });
    const sent = await sendRaw(url, message + message + half(`/v1/alerts/generic/${KEY}`), context);
    await isAsked(2);
    await eventually(async () => (await alert()).status === 503, 'all three are at hand');
    sent.socket.destroy();
    goOn();
    // All three places are free some time: three requests at once fill them, and each of them is taken.
    const taken = await eventually(async () => {
      const three = await Promise.all([1, 2, 3].map(() => sendRaw(url, half(`/v1/alerts/generic/${KEY}`), context)));
      const isFull = (await alert()).status === 503;
      for (const { socket } of three) socket.write(restOf(QUIET));
      await Promise.all(three.map(({ says }) => says('HTTP/1.1 ')));
      const all = three.map(({ answer }) => answer().slice(0, 'HTTP/1.1 202'.length));
      return isFull && new Set(all).size === 1 && all[0] !== 'HTTP/1.1 503' && all;
    }, 'there is room for three');
    expect(taken).toEqual(['HTTP/1.1 202', 'HTTP/1.1 202', 'HTTP/1.1 202']);
  });

  test('with the bytes of its body, of which there are so many for all', async (context) => {
    const padded = { ...QUIET, x: 'x'.repeat(2_000) };
    const { url, message, bytes, isAsked, alert, goOn } = await waiting(context, { mostBytes: 2_500 });
    expect(bytes).toBeGreaterThan(500);
    await sendRaw(url, message, context);
    await isAsked();
    expect(await alert(padded)).toMatchObject({
      status: 503,
      body: { detail: 'Too many large requests are at hand.' },
    });
    goOn();
    await eventually(async () => (await alert(padded)).status === 202, 'there is room again');
  });
});

test('a sender of many alerts at once waits, and others do not', async (context) => {
  const keys = KEYS.replace('] }', '], perMinute: 150 }').replace(
    'operators:',
    `  other: { keys: "${hashText('b')}" }\noperators:`,
  );
  const { url } = await startGateway(world(), context, { keys });
  const list = (key = KEY) =>
    send(
      `${url}/v1/alerts/generic/${key}`,
      Array.from({ length: 100 }, () => QUIET),
    );
  expect((await list()).status).toBe(202);
  const refused = await list();
  expect(refused).toMatchObject({
    status: 429,
    body: { detail: expect.stringContaining('150 times a minute') as string },
  });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
  expect((await list('b')).status).toBe(202);
  // What fits is taken.
  expect((await send(`${url}/v1/alerts/generic/${KEY}`, QUIET)).status).toBe(202);
});

test('more alerts at once than a minute has are possible, once', async (context) => {
  const { url } = await startGateway(world(), context, { keys: KEYS.replace('] }', '], perMinute: 2 }') });
  const list = () => send(`${url}/v1/alerts/generic/${KEY}`, [QUIET, QUIET, QUIET, QUIET]);
  expect(resultsOf(await list())).toHaveLength(4);
  const { status, headers } = await list();
  expect([status, Number(headers.get('retry-after')) > 60]).toEqual([429, true]);
});
