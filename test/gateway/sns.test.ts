import { createSign, randomUUID } from 'node:crypto';
import { describe, expect, test, type TestContext } from 'vitest';
import { hashText } from '../../src/gateway/keys/keys.js';
import { newAuthority } from '../rig/certificates.js';
import { useRig } from '../rig/rig.js';
import { useSharedWorld } from '../rig/shared-world.js';
import { bodyOf } from '../alerts/samples.js';
import { incidentOf, KEY, resultsOf, send, SPACE, startGateway } from './gateway.js';

const world = useSharedWorld(useRig(), SPACE);
const SIGNER = newAuthority().issue({ name: 'sns.amazonaws.com', rsa: true });
const TOPIC = 'arn:aws:sns:ap-northeast-1:123456789012:alarms';
const SUBSCRIBE = 'https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=x';

type Envelope = Readonly<Record<string, string>>;

function signed(file: string, fields: Envelope = {}): Envelope {
  const envelope: Envelope = { ...(bodyOf(file) as Envelope), TopicArn: TOPIC, ...fields, SignatureVersion: '2' };
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'].filter(
    (name) => envelope['Type'] !== 'Notification' || (name !== 'SubscribeURL' && name !== 'Token'),
  );
  const text = names.flatMap((name) => (name in envelope ? [`${name}\n${envelope[name]}\n`] : [])).join('');
  return { ...envelope, Signature: createSign('RSA-SHA256').update(text).sign(SIGNER.key, 'base64') };
}

/** A gateway for this topic, and all that it asked SNS for. */
async function forTopic(context: TestContext, sns = `, sns: { topics: ["${TOPIC}"] }`) {
  const asked: string[] = [];
  const keys = `integrations: { aws: { keys: "${hashText(KEY)}"${sns} } }`;
  const outside = { isAway: false };
  const get = (address: string) => {
    asked.push(address);
    return outside.isAway ? Promise.reject(new Error('away')) : Promise.resolve(SIGNER.cert);
  };
  const gateway = await startGateway(world(), context, {
    keys,
    sns: { certificate: get, confirm: async (address) => void (await get(address)) },
  });
  const deliver = (body: unknown, headers = {}) =>
    send(`${gateway.url}/v1/alerts/sns/${KEY}`, body, { 'content-type': 'text/plain; charset=UTF-8', ...headers });
  return { asked, deliver, outside };
}

describe('a message of Amazon SNS', () => {
  test('that is signed opens the incident of its alarm, and resolves it', async (context) => {
    const { deliver } = await forTopic(context);
    const AlarmArn = `arn:${randomUUID()}`;
    const alarm = (NewStateValue: string) =>
      signed('sns.cloudwatch-alarm.json', {
        Message: JSON.stringify({ AlarmName: 'cpu', AlarmArn, NewStateValue, NewStateReason: 'x' }),
      });
    const opened = await deliver(alarm('ALARM'));
    const ended = await deliver(alarm('OK'));
    expect(resultsOf(ended)).toEqual([{ incident: incidentOf(opened), result: 'resolved' }]);
  });

  test('that is not signed by SNS is refused', async (context) => {
    const { deliver } = await forTopic(context);
    const answered = await deliver({ ...signed('sns.cloudwatch-alarm.json'), Message: 'planted' });
    expect(answered).toMatchObject({ status: 403, body: { errors: [{ pointer: '#/Signature' }] } });
    expect(answered.text).not.toContain('planted');
  });

  test('whose certificate stands elsewhere is refused, and nothing is fetched', async (context) => {
    const { deliver, asked } = await forTopic(context);
    const SigningCertURL = 'https://169.254.169.254/latest/meta-data';
    expect(await deliver(signed('sns.text.json', { SigningCertURL }))).toMatchObject({
      status: 403,
      body: { errors: [{ pointer: '#/SigningCertURL' }] },
    });
    expect(asked).toEqual([]);
  });

  test('that cannot be proven now is not taken, so that SNS tries again', async (context) => {
    const { deliver, outside } = await forTopic(context);
    outside.isAway = true;
    const answered = await deliver(signed('sns.text.json'));
    expect(answered.status).toBe(503);
    expect(answered.headers.get('retry-after')).toBe('10');
  });

  test('of another topic calls nobody', async (context) => {
    const { deliver } = await forTopic(context);
    const answered = await deliver(signed('sns.text.json', { TopicArn: `${TOPIC}-of-others` }));
    expect(answered).toMatchObject({ status: 202, body: { results: [], ignored: [expect.stringContaining('topic')] } });
  });

  test('without an envelope is refused, unless the integration allows it', async (context) => {
    const raw = { 'x-amz-sns-rawdelivery': 'true', 'x-amz-sns-message-id': randomUUID() };
    const strict = await forTopic(context);
    expect((await strict.deliver('disk full', raw)).status).toBe(403);
    const lax = await forTopic(context, ', sns: { rawDelivery: true }');
    const answered = await lax.deliver('disk full', raw);
    expect(resultsOf(answered)).toMatchObject([{ result: 'opened' }]);
    await world().pigeonflow.incident(incidentOf(answered)).resolve();
  });
});

describe('a subscription', () => {
  const subscription = (fields: Envelope = {}) =>
    signed('sns.subscription.json', { SubscribeURL: SUBSCRIBE, ...fields });
  const confirmations = (asked: readonly string[]) => asked.filter((address) => address.includes('Confirm'));

  test('of an allowed topic is confirmed', async (context) => {
    const { deliver, asked } = await forTopic(context);
    expect((await deliver(subscription())).status).toBe(202);
    expect(confirmations(asked)).toEqual([SUBSCRIBE]);
  });

  test.for<[string, string, Envelope, number]>([
    ['of another topic', `, sns: { topics: ["${TOPIC}"] }`, { TopicArn: `${TOPIC}-of-others` }, 202],
    ['where no topic is named', '', {}, 202],
    ['at another address', `, sns: { topics: ["${TOPIC}"] }`, { SubscribeURL: 'https://evil.example/Confirm' }, 400],
  ])('%s is not', async ([, sns, fields, status], context) => {
    const { deliver, asked } = await forTopic(context, sns);
    expect((await deliver(subscription(fields))).status).toBe(status);
    expect(confirmations(asked)).toEqual([]);
  });
});
